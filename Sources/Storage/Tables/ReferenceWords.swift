// What both engines' SQL says of references in predicates.

extension StoredModel {
  /// Of the values that the reference gives.
  package func type(of reference: ColumnReference) -> ColumnType {
    switch reference {
    case .id: .id
    case .updatedAt, .natural, .presence: .integer
    case .column(let position): columns[position].type
    }
  }
}

extension Predicate.Order {
  /// The operator.
  package var sql: String {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}
