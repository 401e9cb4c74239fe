import DataModel
import Storage
import Wire

/// What an operator on a field means as a predicate, with its argument coerced to the field's type.
struct ComparisonRule {
  let name: String
  let field: QueryField
  let model: StoredModel

  func predicate(_ comparison: FilterOperator, _ argument: ClientValue) throws(ClientFault) -> Predicate {
    if comparison == .null { return try nullTest(argument) }
    switch field {
    case .type: return constant(comparison, argument.textual == model.name)
    case .id, .relationship: return try identity(comparison, argument)
    case .updatedAt: return try ordered(comparison, .updatedAt, instant(argument))
    case .natural: throw .request("\(name) cannot be filtered.")
    case .field(let field, let position):
      let column = ColumnReference.column(position)
      if field.type.isAttachment { return try identity(comparison, argument) }
      let reader = FieldValue(name: name, field: field, purpose: .filtering)
      if field.type != .text, argument.isNull {
        throw reader.refuse(argument, "an empty value is no \(field.type.rawValue); use .null to find unset ones")
      }
      if field.type.isMultipleChoice {
        let key = try reader.singleKey(argument)
        return comparison == .notEqual ? .lacksKey(column, key) : .hasKey(column, key)
      }
      let value = try reader.read(argument)
      if comparison == .contains, case .text(let part) = value { return .containsText(column, part) }
      return ordered(comparison, column, value)
    }
  }

  private func nullTest(_ argument: ClientValue) throws(ClientFault) -> Predicate {
    let isNull: Bool
    switch argument.textual {
    case "true", "1": isNull = true
    case "false", "0": isNull = false
    default: throw .request("\(name).null takes true or false, not \(argument.shown).")
    }
    switch field {
    case .id, .updatedAt, .natural, .type: return isNull ? .never : .always
    case .field(_, let position), .relationship(let position):
      return isNull ? .isNull(.column(position)) : .isNotNull(.column(position))
    }
  }

  /// Any text is legal for an id; one that is no lower-case UUID equals nothing (api.md section 9).
  private func identity(
    _ comparison: FilterOperator, _ argument: ClientValue
  ) throws(ClientFault) -> Predicate {
    guard let text = argument.textual else {
      throw .value("\(name): \(argument.shown) is refused: an id is a string.")
    }
    if text.isEmpty {
      throw .value("\(name): an empty value is no id; use \(name).null=true to find unset ones.")
    }
    guard let id = ObjectID(text) else { return constant(comparison, false) }
    return ordered(comparison, field.column ?? .id, .id(id))
  }

  private func instant(_ argument: ClientValue) throws(ClientFault) -> StoredValue {
    guard let text = argument.textual, let instant = Instant(text) else {
      throw .value(
        "\(name): \(argument.shown) is refused: it takes a time such as \"2013-01-31T09:05:00Z\".")
    }
    return .integer(instant.secondsSince1970)
  }

  private func constant(_ comparison: FilterOperator, _ isEqual: Bool) -> Predicate {
    isEqual == (comparison == .equal) ? .always : .never
  }

  private func ordered(
    _ comparison: FilterOperator, _ column: ColumnReference, _ value: StoredValue
  ) -> Predicate {
    switch comparison {
    case .equal, .contains, .null: .equal(column, value)
    case .notEqual: .notEqual(column, value)
    case .less: .ordered(column, .less, value)
    case .lessOrEqual: .ordered(column, .lessOrEqual, value)
    case .greater: .ordered(column, .greater, value)
    case .greaterOrEqual: .ordered(column, .greaterOrEqual, value)
    }
  }
}
