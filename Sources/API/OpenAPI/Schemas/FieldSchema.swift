import Attachments
import DataModel
import JSON
import QueryLanguage

/// JSON Schemas of a field's values (api.md section 9): as answers have them, and as a write names them.
///
/// The schema of writing is the form in which clients should write. The server takes more, which the
/// descriptions say: numbers and keys as strings, texts as numbers, and choices as they were read.
struct FieldSchema {
  let field: Field
  /// The name of its model.
  let model: String

  // MARK: Reading

  var reading: JSONNode {
    switch field.type {
    case .text: Self.nullable("string", title: field.label)
    case .integer: Self.integer.adding("title", .text(field.label))
    case .number: Self.nullable("number", title: field.label)
    case .date: Self.nullable("string", title: field.label).adding("format", "date")
    case .datetime: Self.nullable("string", title: field.label).adding("format", "date-time")
    case .boolean, .singleChoice, .singleChoiceInteger:
      [
        "anyOf": [choice, ["type": "null"]], "title": .text(field.label), "description": .text(options),
      ]
    case .multipleChoice, .multipleChoiceInteger:
      Self.nullable("array", title: field.label).adding([("items", choice), ("description", .text(options))])
    case .location: ["anyOf": [Self.reference("Location"), ["type": "null"]], "title": .text(field.label)]
    case .attachment, .photo, .signature:
      ["anyOf": [Self.reference("Attachment"), ["type": "null"]], "title": .text(field.label)]
    case .track: ["title": .text(field.label), "description": "The JSON as it was written."]
    }
  }

  private var choice: JSONNode {
    Self.reference(
      field.type == .boolean ? "BooleanChoice" : field.type.hasIntegerKeys ? "IntegerChoice" : "TextChoice")
  }

  // MARK: Writing

  var writing: JSONNode {
    switch field.type {
    case .text: Self.nullable("string", title: field.label).adding("pattern", .text(Self.textPattern))
    case .integer, .number, .date, .datetime, .track: reading
    case .boolean: Self.nullable("boolean", title: field.label).adding("description", .text(options))
    case .singleChoice where field.options.isEmpty, .singleChoiceInteger where field.options.isEmpty:
      ["type": "null", "title": .text(field.label), "description": "The field has no options yet."]
    case .singleChoice, .singleChoiceInteger:
      [
        "anyOf": [Self.reference(keysName), ["type": "null"]], "title": .text(field.label),
        "description": .text(options),
      ]
    case .multipleChoice, .multipleChoiceInteger:
      keys(Self.nullable("array", title: field.label).adding("description", .text("Duplicates collapse. \(options)")))
    case .location: ["anyOf": [Self.reference("LocationInput"), ["type": "null"]], "title": .text(field.label)]
    case .attachment, .photo, .signature:
      [
        "anyOf": [Self.reference("AttachmentInput"), ["type": "null"]], "title": .text(field.label),
        "description": .text("It takes \(MediaCheck.words(for: field))."),
      ]
    }
  }

  /// The list with what it may hold. JSON Schema has no empty `enum`: without options the list is empty.
  private func keys(_ list: JSONNode) -> JSONNode {
    field.options.isEmpty
      ? list.adding("maxItems", 0).adding("items", ["type": field.type.hasIntegerKeys ? "integer" : "string"])
      : list.adding("items", Self.reference(keysName))
  }

  /// The keys that a choice can be set to, as a schema of its own: what generators call their type by. Nil
  /// where there is none to choose.
  var keys: (key: String, value: JSONNode)? {
    if field.options.isEmpty { return nil }
    switch field.type {
    case .singleChoice, .multipleChoice:
      let keys = field.options.map(\.key.description)
      let schema: JSONNode = ["type": "string", "enum": .array(keys.map { .text($0) })]
      let names = EnumNames.ifNeeded(keys).map { JSONNode.array($0.map { .text($0) }) }
      return (keysName, schema.adding("x-enum-varnames", names))
    case .singleChoiceInteger, .multipleChoiceInteger:
      return (keysName, ["type": "integer", "enum": .array(field.options.map { Self.node($0.key) })])
    default: return nil
    }
  }

  private var keysName: String { "\(model).fields.\(field.name)" }

  /// U+0000 is refused.
  private static let textPattern = #"^[^\u0000]*$"#

  private var options: String {
    let shown = field.options.prefix(100).map { "\($0.key): \($0.label)" }.joined(separator: "; ")
    return field.options.count > 100 ? "\(shown); and \(field.options.count - 100) more" : shown
  }

  // MARK: Filtering

  /// The schema of a value that a filter compares with, in a query string.
  func comparing(_ comparison: FilterOperator) -> JSONNode {
    if comparison == .null { return ["type": "boolean"] }
    return switch field.type {
    case .integer, .number: ["type": "number"]
    case .date: ["type": "string", "format": "date"]
    case .datetime: ["type": "string", "format": "date-time"]
    case .boolean: ["type": "boolean"]
    case .singleChoiceInteger, .multipleChoiceInteger: Self.int32
    case .singleChoice, .multipleChoice, .attachment, .photo, .signature: ["type": "string", "minLength": 1]
    default: ["type": "string"]
    }
  }

  // MARK: Pieces

  static func reference(_ name: String) -> JSONNode { ["$ref": "#/components/schemas/\(name)"] }

  static func node(_ key: OptionKey) -> JSONNode {
    switch key {
    case .text(let text): .text(text)
    case .integer(let integer): .integer(Int64(integer))
    case .boolean(let flag): .bool(flag)
    }
  }

  private static func nullable(_ type: String, title: String) -> JSONNode {
    ["type": [.text(type), "null"], "title": .text(title)]
  }

  private static let int32: JSONNode = ["type": "integer", "minimum": -2_147_483_648, "maximum": 2_147_483_647]
  private static let integer: JSONNode = [
    "type": ["integer", "null"], "minimum": -2_147_483_648, "maximum": 2_147_483_647,
  ]
}
