import DataModel
import JSON
import Storage
import Wire

// `in`, `not in`, and what is asked of multiple-choice fields.

extension ComparisonRule {
  /// Null in the list means "no value". `not in` is the exact opposite of `in`.
  func membership(_ isIn: Bool, _ argument: ClientValue) throws(ClientFault) -> Predicate {
    guard case .json(let json) = argument, json.isArray else {
      throw .request("\(name) \(isIn ? "in" : "not in") takes an array of values, not \(argument.shown).")
    }
    var hasNull = false
    var items: [ClientValue] = []
    items.reserveCapacity(json.count)
    for element in json.elements {
      if element.isNull { hasNull = true } else { items.append(.json(element)) }
    }
    let among = try among(items, isIn: isIn)
    guard hasNull else { return among }
    return isIn ? .any([among, nullTest(true)]) : .all([among, nullTest(false)])
  }

  private func among(_ items: [ClientValue], isIn: Bool) throws(ClientFault) -> Predicate {
    let column = field.column ?? .id
    var values: [StoredValue] = []
    values.reserveCapacity(items.count)
    var days: [CalendarDay] = []
    switch field {
    case .type:
      let isEqual = items.contains { $0.textual == model.name }
      return isEqual == isIn ? .always : .never
    case .id, .relationship:
      for item in items { if let id = try id(item) { values.append(.id(id)) } }
    case .updatedAt:
      for item in items { if let day = day(item) { days.append(day) } else { values.append(try instant(item)) } }
    case .natural: throw .request("\(name) cannot be filtered.")
    case .field(let field, _):
      let reader = reader(of: field)
      if field.type.isMultipleChoice {
        for item in items { values.append(try reader.singleKey(item)) }
        return isIn ? .hasAnyKey(column, values) : .hasNoKey(column, values)
      }
      let hasDays = field.type == .datetime
      for item in items {
        if hasDays, let day = day(item) { days.append(day) } else { values.append(try reader.read(item)) }
      }
    }
    guard !days.isEmpty else { return among(values, column, isIn: isIn) }
    let onDays = isIn ? Predicate.onAnyDay(column, days) : .onNoDay(column, days)
    if values.isEmpty { return onDays }
    let among = among(values, column, isIn: isIn)
    return isIn ? .any([among, onDays]) : .all([among, onDays])
  }

  private func among(_ values: [StoredValue], _ column: ColumnReference, isIn: Bool) -> Predicate {
    guard let first = values.first else { return isIn ? .never : .always }
    if values.count == 1 { return isIn ? .equal(column, first) : .notEqual(column, first) }
    return isIn ? .among(column, values) : .notAmong(column, values)
  }

  /// `=`, `!=` and `contains` on a multiple-choice field.
  func keys(
    _ comparison: FilterOperator, _ argument: ClientValue, _ column: ColumnReference, _ reader: FieldValue
  ) throws(ClientFault) -> Predicate {
    if case .json(let json) = argument, json.isArray {
      let keys = try reader.keyList(argument)
      switch comparison {
      case .contains: return .hasAllKeys(column, keys)
      case .notEqual: return .otherKeys(column, keys)
      default: return .sameKeys(column, keys)
      }
    }
    let key = try reader.singleKey(argument)
    // A list is never equal to one key.
    if language.equalsComparesLists, comparison != .contains { return constant(comparison, false) }
    return comparison == .notEqual ? .lacksKey(column, key) : .hasKey(column, key)
  }
}
