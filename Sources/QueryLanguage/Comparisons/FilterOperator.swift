import DataModel

/// What may be asked of a field, and which field may be asked it: the table of api.md section 13, the one
/// that filters and expressions share.
package enum FilterOperator: Sendable, CaseIterable {
  case equal, notEqual
  case less, lessOrEqual, greater, greaterOrEqual
  case contains, startsWith
  case among, notAmong
  case null

  /// How `q[field.…]` has it, with its dot; empty for what has no word there. Nil where GET filters lack it.
  package var suffix: String? { definition.suffix }
  /// How expressions have it; nil where they lack it.
  package var word: String? { definition.word }

  private var definition: (suffix: String?, word: String?) {
    switch self {
    case .equal: ("", "=")
    case .notEqual: (".ne", "!=")
    case .less: (".lt", "<")
    case .lessOrEqual: (".lte", "<=")
    case .greater: (".gt", ">")
    case .greaterOrEqual: (".gte", ">=")
    case .contains: (".contains", "contains")
    case .startsWith: (nil, "starts with")
    case .among: (nil, "in")
    case .notAmong: (nil, "not in")
    // Expressions compare with null instead.
    case .null: (".null", nil)
    }
  }

  /// The operators of a kind of field.
  package static func all(of field: QueryField) -> [FilterOperator] {
    switch field {
    case .type: equality + [.null]
    case .id, .relationship: equality + order + texts + [.null]
    case .updatedAt, .natural: equality + order + [.null]
    case .field(let field, _):
      switch field.type {
      case .text, .singleChoice: equality + order + texts + [.null]
      case .integer, .number, .date, .datetime, .boolean, .singleChoiceInteger: equality + order + [.null]
      case .multipleChoice, .multipleChoiceInteger: equality + [.contains, .null]
      case .attachment, .photo, .signature: [.equal, .notEqual, .null]
      // A language without a null test compares with null.
      case .location, .track: [.null]
      }
    }
  }

  private static let equality: [FilterOperator] = [.equal, .notEqual, .among, .notAmong]
  private static let order: [FilterOperator] = [.less, .lessOrEqual, .greater, .greaterOrEqual]
  private static let texts: [FilterOperator] = [.contains, .startsWith]
}
