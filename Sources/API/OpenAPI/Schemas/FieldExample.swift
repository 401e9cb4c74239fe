import DataModel
import JSON

/// A value that a field could hold, for the documentation. The same for every run.
struct FieldExample {
  let field: Field

  /// As a write names it.
  var writing: JSONNode {
    switch field.type {
    case .text: .text(text)
    case .integer: 42
    case .number: 3.5
    case .date: "2013-01-31"
    case .datetime: "2013-01-31T09:05:00Z"
    case .boolean: true
    case .singleChoice, .singleChoiceInteger: field.options.first.map { FieldSchema.node($0.key) } ?? .null
    case .multipleChoice, .multipleChoiceInteger:
      .array(field.options.prefix(2).map { FieldSchema.node($0.key) })
    case .location: ["latitude": 40.6413, "longitude": -73.7781]
    case .track: ["points": [[40.6413, -73.7781], [40.7128, -74.006]]]
    case .attachment, .photo, .signature: .null
    }
  }

  /// As an answer has it after that write.
  var reading: JSONNode {
    switch field.type {
    case .boolean, .singleChoice, .singleChoiceInteger:
      (field.type == .boolean ? field.options.first { $0.key == .boolean(true) } : field.options.first)
        .map(Self.choice) ?? .null
    case .multipleChoice, .multipleChoiceInteger: .array(field.options.prefix(2).map(Self.choice))
    case .location:
      [
        "latitude": 40.6413, "longitude": -73.7781, "altitude": nil, "horizontal_accuracy": nil,
        "vertical_accuracy": nil, "timestamp": nil,
      ]
    default: writing
    }
  }

  /// What an expression compares with.
  var comparing: JSONNode? {
    switch field.type {
    case .location, .track, .attachment, .photo, .signature: nil
    case .singleChoice, .singleChoiceInteger, .multipleChoice, .multipleChoiceInteger:
      field.options.isEmpty ? nil : writing
    default: writing
    }
  }

  /// What a filter in a query string compares with.
  var filtering: String? {
    switch field.type {
    case .text: text
    case .integer: "42"
    case .number: "3.5"
    case .date: "2013-01-31"
    case .datetime: "2013-01-31T09:05:00Z"
    case .boolean: "true"
    case .singleChoice, .singleChoiceInteger, .multipleChoice, .multipleChoiceInteger:
      field.options.first?.key.description
    case .location, .track, .attachment, .photo, .signature: nil
    }
  }

  private static func choice(_ option: Option) -> JSONNode {
    ["key": FieldSchema.node(option.key), "display": .text(option.label)]
  }

  private var text: String {
    switch field.subtype {
    case .email: "someone@example.org"
    case .url: "https://example.org"
    case .number, .signedNumber: "42"
    case .decimalNumber: "3.5"
    case .phoneNumber: "+1 212 555 0100"
    case .phoneNumberZA: "+27 21 555 0100"
    case .southAfricanID: "8001015009087"
    case .password, .address, .name, .paragraph, nil: field.label
    }
  }
}
