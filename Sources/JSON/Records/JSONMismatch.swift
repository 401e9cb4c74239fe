/// Why a JSON value cannot be read as what is expected, and where in it.
package struct JSONMismatch: Error, Equatable, Sendable {
  /// Keys and indexes from the outside to the value.
  package private(set) var path: [String] = []
  /// A clause, such as "a text is expected".
  package let problem: String

  package init(_ problem: String) { self.problem = problem }

  /// The same, seen from the object or array that holds the value.
  package func within(_ key: String) -> JSONMismatch {
    var outer = self
    outer.path.insert(key, at: 0)
    return outer
  }
}

extension JSONMismatch: CustomStringConvertible {
  /// `tokens.3.name: a text is expected`
  package var description: String { path.isEmpty ? problem : "\(path.joined(separator: ".")): \(problem)" }
}
