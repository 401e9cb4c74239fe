import DataModel
import JSON
import Objects
import Storage
import Wire

/// A field as one filters by it: its operators and what they take.
package struct FilterField: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case text
    case number
    case date
    case time
    case truth
    case choice
    /// Keys of options that are numbers.
    case numberedChoice
    case choices
    case relationship(String)
    case id
    /// Of which one can ask only whether there is a value.
    case presence
  }

  /// As in filters.
  package let name: String
  package let label: String
  package let kind: Kind
  package let options: [Option]

  package struct Option: Sendable, Hashable {
    package let key: String
    package let label: String
  }

  /// All that a filter may ask of a model. Masked fields are none.
  static func all(of model: ModelView) -> [FilterField] {
    let fields = model.stored.columns.compactMap(FilterField.init)
    return fields + [
      FilterField("updated_at", "Updated at", .time, []), FilterField("id", "Id", .id, []),
    ]
  }

  private init(_ name: String, _ label: String, _ kind: Kind, _ options: [Option]) {
    self.name = name
    self.label = label
    self.kind = kind
    self.options = options
  }

  private init?(_ column: StoredColumn) {
    if column.isMasked { return nil }
    switch column.source {
    case .belongsTo(let relationship):
      self.init(relationship.idName, relationship.name, .relationship(relationship.model), [])
    case .field(let field):
      let options = field.options.map { Option(key: $0.key.description, label: $0.label) }
      self.init(field.name, field.label, Kind(field.type), options)
    }
  }
}

extension FilterField.Kind {
  fileprivate init(_ type: FieldType) {
    self =
      switch type {
      case .text: .text
      case .integer, .number: .number
      case .date: .date
      case .datetime: .time
      case .boolean: .truth
      case .singleChoice: .choice
      case .singleChoiceInteger: .numberedChoice
      case .multipleChoice, .multipleChoiceInteger: .choices
      case .location, .track, .attachment, .photo, .signature: .presence
      }
  }

  /// The operators, the most usual first, as a person reads them.
  package var words: [(word: ConditionWord, text: String)] {
    let null: [(ConditionWord, String)] = [(.null, "has no value"), (.notNull, "has a value")]
    let range: [(ConditionWord, String)] =
      self == .number
      ? [(.greaterOrEqual, "≥"), (.lessOrEqual, "≤"), (.greater, ">"), (.less, "<")]
      : [(.greaterOrEqual, "from"), (.lessOrEqual, "up to"), (.greater, "after"), (.less, "before")]
    switch self {
    case .text:
      return [
        (.contains, "contains"), (.equal, "is"), (.notEqual, "is not"), (.startsWith, "begins with"),
        (.among, "is any of"), (.notAmong, "is none of"), (.empty, "is empty text"), (.notEmpty, "is not empty text"),
      ] + null
    case .number:
      return [(.equal, "="), (.notEqual, "≠")] + range + [(.among, "is any of"), (.notAmong, "is none of")] + null
    case .date, .time: return [(.equal, "is"), (.notEqual, "is not")] + range + null
    case .truth, .choice, .numberedChoice: return [(.among, "is any of"), (.notAmong, "is none of")] + null
    case .choices:
      return [
        (.contains, "has any of"), (.notEqual, "has none of"), (.exactly, "is exactly"),
        (.notExactly, "is not exactly"),
        (.emptyList, "is an empty list"), (.notEmptyList, "is not an empty list"),
      ] + null
    case .relationship, .id: return [(.among, "is any of"), (.notAmong, "is none of")] + null
    case .presence: return null
    }
  }

  /// A typed text as the JSON of an expression's argument. What does not fit goes on as text, so that the coercion of
  /// the field says what is wrong with it.
  func json(_ text: String) -> String {
    let isLiteral: Bool =
      switch self {
      case .number, .numberedChoice: NumberText.double(text) != nil
      case .truth: text == "true" || text == "false"
      case .text, .date, .time, .choice, .choices, .relationship, .id, .presence: false
      }
    if isLiteral { return text }
    var writer = ByteWriter(capacity: text.utf8.count + 16)
    writer.append(quoted: text)
    return writer.string
  }
}

/// The fields of a model by the names that filters may have.
struct FilterFields: Sendable {
  let all: [FilterField]
  private let byName: [String: FilterField]

  init(of model: ModelView) {
    all = FilterField.all(of: model)
    var byName: [String: FilterField] = [:]
    for field in all {
      byName[field.name] = field
      // Relationships go by their own names too, and hidden names with an underscore.
      if case .relationship = field.kind { byName[field.label] = field }
    }
    byName["_id"] = byName["id"]
    byName["_updated_at"] = byName["updated_at"]
    self.byName = byName
  }

  subscript(name: String) -> FilterField? { byName[name] }

  func kind(_ name: String) -> FilterField.Kind { byName[name]?.kind ?? .text }
}
