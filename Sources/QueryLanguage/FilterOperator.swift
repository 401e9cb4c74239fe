import DataModel

/// What a filter may ask of a field, and which field may be asked it: the table of api.md section 13.
package enum FilterOperator: String, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "ne"
  case less = "lt"
  case lessOrEqual = "lte"
  case greater = "gt"
  case greaterOrEqual = "gte"
  case contains
  case null

  /// The operators of a kind of field.
  package static func all(of field: QueryField) -> [FilterOperator] {
    switch field {
    case .id, .type, .relationship: [.equal, .notEqual, .null]
    case .updatedAt, .natural: comparing
    case .field(let field, _):
      switch field.type {
      case .text: comparing + [.contains]
      case .integer, .number, .date, .datetime, .boolean, .singleChoice, .singleChoiceInteger: comparing
      case .multipleChoice, .multipleChoiceInteger: [.equal, .notEqual, .contains, .null]
      case .attachment, .photo, .signature: [.equal, .notEqual, .null]
      case .location, .track: [.null]
      }
    }
  }

  private static let comparing: [FilterOperator] = [
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .null,
  ]
}
