import JSON
import Storage

extension Expression {
  /// An array among the arguments has at most so many values.
  package static let mostValuesInList = 10_000
  /// All arguments together have at most so many values.
  package static let mostValues = 100_000

  /// Fills the placeholders of an expression with the arguments, in their order.
  /// - Throws: `ClientFault`: `request` where they do not fit in number, where a field is unknown or does
  ///   not have the operator; `value` where an argument is none of the field's type.
  package static func predicate(
    _ text: String, arguments: JSONValue?, on model: StoredModel
  ) throws(ClientFault) -> Predicate {
    let read = try Expression.read(text)
    let values = try Self.values(arguments)
    let placeholders = read?.terms ?? 0
    guard values.count == placeholders else {
      throw .request(
        "The expression has \(count(placeholders, "?")), and arguments has \(count(values.count, "value")).")
    }
    return try read?.expression.predicate(values, on: model) ?? .always
  }

  private static func count(_ number: Int, _ word: String) -> String {
    number == 1 ? "one \(word)" : "\(number) \(word)\(word == "?" ? "" : "s")"
  }

  private static func values(_ arguments: JSONValue?) throws(ClientFault) -> [JSONValue] {
    guard let arguments, !arguments.isNull else { return [] }
    guard arguments.isArray else {
      throw .request("arguments takes an array of values, not \(ClientValue.json(arguments).shown).")
    }
    // More than there are placeholders is an error soon; a million of them need no array first.
    guard arguments.count <= mostTerms else {
      throw .request("arguments has \(arguments.count) values; an expression has at most \(mostTerms) places.")
    }
    var count = 0
    for (index, value) in arguments.elements.enumerated() {
      guard value.count <= mostValuesInList else {
        throw .request(
          "arguments: value \(index + 1) has \(value.count) values; a list has at most \(mostValuesInList).")
      }
      count += value.isArray ? value.count : 1
      guard count <= mostValues else {
        throw .request("arguments has more than \(mostValues) values in all.")
      }
    }
    return Array(arguments.elements)
  }

  private func predicate(_ values: [JSONValue], on model: StoredModel) throws(ClientFault) -> Predicate {
    switch self {
    case .all(let parts): return .all(try Self.predicates(parts, values, on: model))
    case .any(let parts): return .any(try Self.predicates(parts, values, on: model))
    case .comparison(let comparison):
      do throws(ClientFault) {
        let field = try QueryField(comparison.name, of: model, in: .expressions)
        return try ComparisonRule(name: comparison.name, field: field, model: model, language: .expressions)
          .predicate(comparison.operator, .json(values[comparison.argument]))
      } catch {
        guard case .request(let detail) = error else { throw error }
        throw .request("\(Expression.wrongAt)\(comparison.position): \(detail)")
      }
    }
  }

  private static func predicates(
    _ parts: [Expression], _ values: [JSONValue], on model: StoredModel
  ) throws(ClientFault) -> [Predicate] {
    var predicates: [Predicate] = []
    predicates.reserveCapacity(parts.count)
    for part in parts { predicates.append(try part.predicate(values, on: model)) }
    return predicates
  }
}
