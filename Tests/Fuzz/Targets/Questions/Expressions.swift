import JSON
import Storage
import Wire

@testable import QueryLanguage

/// An expression on the first line, and the JSON of its arguments behind it.
enum Expressions {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (first, rest) = input.halves(at: UInt8(ascii: "\n"))
    let text = first.text
    var found: (expression: Expression, terms: Int)?
    do throws(ClientFault) {
      if let (expression, terms) = try Expression.read(text) { found = (expression, terms) }
    } catch {
      let position = try promised(Expression.position(of: error), "a fault has a position: \(error)")
      try Words.check(error.detail, about: input)
      try promise((0...text.utf8.count).contains(position), "a fault lies in the expression: \(error)")
    }
    if let found { try printing(found.expression, found.terms) }
    let arguments = (try? JSONDocument.read(rest.bytes))?.root
    let predicate: Predicate
    do throws(ClientFault) {
      predicate = try Expression.predicate(text, arguments: arguments, on: SampleModel.stored)
    } catch {
      return try Words.check(error.detail, about: input)
    }
    try Queries.plan(predicate, [])
  }

  private static func printing(_ expression: Expression, _ terms: Int) throws(BrokenPromise) {
    let printed = printed(expression)
    guard let again = try? Expression.read(printed) else { throw BrokenPromise("\(printed) cannot be read") }
    try promise(again.terms, is: terms, "an expression has as many places as it is printed with")
    try promise(
      plain(again.expression) == plain(expression), "\(expression) prints as \(printed): \(again.expression)")
  }

  /// With parentheses around each part that has parts.
  private static func printed(_ expression: Expression) -> String {
    switch expression {
    case .comparison(let comparison): "\(comparison.name) \(comparison.operator.word ?? "") ?"
    case .all(let parts): parts.map(inParentheses).joined(separator: " and ")
    case .any(let parts):
      parts.map { part in if case .all = part { printed(part) } else { inParentheses(part) } }
        .joined(separator: " or ")
    }
  }

  private static func inParentheses(_ part: Expression) -> String {
    if case .comparison = part { printed(part) } else { "(\(printed(part)))" }
  }

  /// Without the positions of names.
  static func plain(_ expression: Expression) -> Expression {
    switch expression {
    case .all(let parts): return .all(parts.map(plain))
    case .any(let parts): return .any(parts.map(plain))
    case .comparison(var comparison):
      comparison.position = 0
      return .comparison(comparison)
    }
  }
}
