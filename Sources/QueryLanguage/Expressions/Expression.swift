/// An expression of `query.json` as it was written: names and operators with their positions, no values
/// yet (api.md section 13).
///
/// ```
/// try Expression("number = ? and (status in ? or status = ?)")
/// ```
package indirect enum Expression: Sendable, Equatable {
  case all([Expression])
  case any([Expression])
  case comparison(Comparison)

  /// `field operator ?`.
  package struct Comparison: Sendable, Equatable {
    package var name: String
    /// Where the name begins: characters of the expression, counted from 0.
    package var position: Int
    package var `operator`: FilterOperator
    /// The index of its value in `arguments`.
    package var argument: Int
  }

  /// Parentheses in parentheses.
  package static let mostDepth = 64
  package static let mostTerms = 2000

  /// How every fault of an expression begins; its position follows.
  static let wrongAt = "The expression is wrong at position "

  /// Where an expression is wrong: characters from 0. Nil for a fault of something else.
  package static func position(of fault: ClientFault) -> Int? {
    guard case .request(let detail) = fault, detail.hasPrefix(wrongAt) else { return nil }
    return Int(detail.dropFirst(wrongAt.count).prefix { $0.isNumber })
  }

  /// Reads an expression; nil for one that says nothing, which all objects fulfil.
  /// - Throws: `ClientFault.request` with the position and what was expected there.
  package static func read(_ text: String) throws(ClientFault) -> (expression: Expression, terms: Int)? {
    var parser = ExpressionParser(text)
    return try parser.read()
  }
}
