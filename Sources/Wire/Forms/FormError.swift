/// Why a query string or a form cannot be read (api.md section 4): always a 400. Keys are named as
/// they read decoded, cut to what a person can read.
package enum FormError: Error, Equatable, Sendable {
  case badEncoding(PercentText.Fault)
  /// Brackets that do not pair up, or text behind them: `a[`, `a]b[`, `a[b]c`, `[x]`.
  case malformedKey(String)
  /// `[]` that is not the last of a key: `a[][b]`.
  case appendNotLast(String)
  /// A key used as a value and as a container, or as one of these and as a list.
  case clash(String)
  case tooManyPairs(limit: Int)
  case tooDeep(String, limit: Int)
}

extension FormError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badEncoding(let fault): fault.description
    case .malformedKey(let key): "the brackets of the key \"\(key)\" do not pair up; expected a[b][c]"
    case .appendNotLast(let key): "[] in the key \"\(key)\" must stand last and cannot be nested"
    case .clash(let key): "the key \"\(key)\" is used for two of a value, a list and a container"
    case .tooManyPairs(let limit): "more than \(limit) pairs of key and value"
    case .tooDeep(let key, let limit): "the key \"\(key)\" is nested deeper than \(limit) levels"
    }
  }
}
