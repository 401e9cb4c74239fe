import DataModel
import Objects
import Storage
import Wire

/// A field or relationship as a form asks for it: declared by the data model alone.
package struct ObjectField: Sendable {
  package enum Kind: Sendable {
    /// A text of one line, with the keys that a phone shows for it.
    case line(StaticString)
    case paragraph
    case password
    case whole
    case number
    case day
    case time
    /// One of a few: also of a boolean.
    case choice([Choice])
    case choices([Choice])
    case location
    case track
    /// By the name of its model.
    case relationship(String)
    case attachment(Field)
  }

  package struct Choice: Sendable, Equatable {
    package var key: String
    package var label: String
  }

  package let position: Int
  package let column: StoredColumn
  package let kind: Kind

  /// Up to so many options stand side by side; more are a list to choose from.
  static let mostRadios = 7

  package var name: String { column.name }
  package var label: String { column.label }

  package init(_ column: StoredColumn, at position: Int) {
    self.position = position
    self.column = column
    kind =
      switch column.source {
      case .belongsTo(let relationship): .relationship(relationship.model)
      case .field(let field): column.isMasked && field.type == .text ? .password : Self.kind(of: field)
      }
  }

  /// All of a model, in its order.
  package static func all(of model: StoredModel) -> [ObjectField] {
    model.columns.enumerated().map { ObjectField($1, at: $0) }
  }

  private static func kind(of field: Field) -> Kind {
    switch field.type {
    case .text: kind(of: field.subtype)
    case .integer: .whole
    case .number: .number
    case .date: .day
    case .datetime: .time
    case .boolean, .singleChoice, .singleChoiceInteger: .choice(choices(of: field))
    case .multipleChoice, .multipleChoiceInteger: .choices(choices(of: field))
    case .location: .location
    case .track: .track
    case .attachment, .photo, .signature: .attachment(field)
    }
  }

  private static func kind(of subtype: TextSubtype?) -> Kind {
    switch subtype {
    case .paragraph, .address: .paragraph
    case .password: .password
    case .email: .line("email")
    case .url: .line("url")
    case .phoneNumber, .phoneNumberZA: .line("tel")
    case .number, .southAfricanID: .line("numeric")
    case .decimalNumber: .line("decimal")
    // A numeric keypad has no sign on some phones.
    case .signedNumber, .name, nil: .line("text")
    }
  }

  private static func choices(of field: Field) -> [Choice] {
    field.options.map { Choice(key: $0.key.description, label: $0.label) }
  }

  /// The options, with those that a draft has and that are no more.
  func choices(with draft: FieldDraft) -> (declared: [Choice], removed: [String]) {
    let declared: [Choice]
    let chosen: [String]
    switch kind {
    case .choice(let all): (declared, chosen) = (all, draft.isNone ? [] : [draft.text])
    case .choices(let all): (declared, chosen) = (all, draft.keys)
    default: return ([], [])
    }
    return (declared, chosen.filter { key in !declared.contains { Self.isSame($0.key, key) } })
  }

  /// As a browser would send them back.
  static func isSame(_ left: String, _ right: String) -> Bool {
    InputText.normalized(left).utf8.elementsEqual(InputText.normalized(right).utf8)
  }
}
