import Storage

/// The one place that turns a predicate into SQL. Values are bound, never written into the text.
struct PredicateSQL {
  private(set) var text = ""
  private(set) var values: [StoredValue] = []
  private let model: StoredModel

  init(_ predicate: Predicate, on model: StoredModel) {
    self.model = model
    append(predicate)
  }

  private mutating func append(_ predicate: Predicate) {
    switch predicate {
    case .always: text += "1"
    case .never: text += "0"
    case .all(let terms): append(terms[...], joinedBy: " AND ", empty: "1")
    case .any(let terms): append(terms[...], joinedBy: " OR ", empty: "0")
    case .equal(let column, let value): append(column, " = ?", value)
    case .notEqual(let column, let value): append(column, " IS NOT ?", value)
    case .isNull(let column): text += "\(model.columnName(column)) IS NULL"
    case .isNotNull(let column): text += "\(model.columnName(column)) IS NOT NULL"
    case .ordered(let column, let order, let value): append(column, " \(order.sql) ?", value)
    case .containsText(let column, let part):
      // instr gives null for null, and the text may be empty.
      text += "ifnull(instr(\(model.columnName(column)), ?), 0) > 0"
      values.append(.text(part))
    case .hasKey(let column, let key):
      text += "EXISTS (SELECT 1 FROM json_each(\(model.columnName(column))) WHERE value = ?)"
      values.append(key)
    case .lacksKey(let column, let key):
      text += "NOT EXISTS (SELECT 1 FROM json_each(\(model.columnName(column))) WHERE value = ?)"
      values.append(key)
    }
  }

  private mutating func append(_ column: ColumnReference, _ comparison: String, _ value: StoredValue) {
    text += model.columnName(column) + comparison
    values.append(value)
  }

  /// Halves the chain, so that a thousand terms nest ten deep and not a thousand.
  private mutating func append(_ terms: ArraySlice<Predicate>, joinedBy word: String, empty: String) {
    guard let first = terms.first else { return text += empty }
    guard terms.count > 1 else { return append(first) }
    let middle = terms.startIndex + terms.count / 2
    text += "("
    append(terms[..<middle], joinedBy: word, empty: empty)
    text += word
    append(terms[middle...], joinedBy: word, empty: empty)
    text += ")"
  }
}

extension Predicate.Order {
  fileprivate var sql: String {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}
