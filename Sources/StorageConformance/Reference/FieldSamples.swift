import DataModel
import Storage

/// Values of each type of field, and what each reads as under other types: the rules of data-model.md
/// «Deploying a changed model», written down as a table.
struct FieldSample: Sendable {
  let value: StoredValue
  /// Under other types; null under those that are not named.
  let elsewhere: [FieldType: StoredValue]

  init(_ value: StoredValue, _ elsewhere: [FieldType: StoredValue] = [:]) {
    self.value = value
    self.elsewhere = elsewhere
  }

  static func all(of type: FieldType) -> [FieldSample] {
    switch type {
    case .text: texts
    case .integer:
      [
        FieldSample(.integer(12), [.number: .real(12), .text: .text("12")]),
        FieldSample(.integer(-2_147_483_648), [.number: .real(-2_147_483_648), .text: .text("-2147483648")]),
      ]
    case .number:
      [
        FieldSample(.real(3.5), [.text: .text("3.5")]), FieldSample(.real(3), [.text: .text("3")]),
        FieldSample(.real(1e21), [.text: .text("1e+21")]),
      ]
    case .date: [FieldSample(.integer(15_736), [.text: .text("2013-01-31")])]
    case .datetime: [FieldSample(.integer(1_359_623_100), [.text: .text("2013-01-31T09:05:00Z")])]
    case .boolean:
      [FieldSample(.integer(1), [.text: .text("true")]), FieldSample(.integer(0), [.text: .text("false")])]
    case .singleChoice:
      [
        FieldSample(.text("late"), [.text: .text("late"), .multipleChoice: .text(#"["late"]"#)]),
        FieldSample(.text(#"a"b"#), [.text: .text(#"a"b"#), .multipleChoice: .text(#"["a\"b"]"#)]),
        // Numbers and truths as keys are keys all the same.
        FieldSample(.text("1"), [.text: .text("1"), .multipleChoice: .text(#"["1"]"#)]),
      ]
    case .singleChoiceInteger:
      [FieldSample(.integer(3), [.text: .text("3"), .multipleChoiceInteger: .text("[3]")])]
    case .multipleChoice: [FieldSample(.text(#"["late","late2"]"#)), FieldSample(.text("[]"))]
    case .multipleChoiceInteger: [FieldSample(.text("[1,2]"))]
    case .location: [FieldSample(.text("[1,2.5,null,null,null,null]"))]
    case .track: [FieldSample(.text(#"{"a":1}"#)), FieldSample(.text("12"))]
    case .attachment, .photo, .signature: [FieldSample(.id(.numbered(7)))]
    }
  }

  private static let texts = [
    FieldSample(.text("")),
    FieldSample(.text("late"), [.singleChoice: .text("late")]),
    FieldSample(.text("e\u{301}"), [.singleChoice: .text("e\u{301}")]),
    FieldSample(
      .text("12"),
      [.integer: .integer(12), .number: .real(12), .singleChoice: .text("12"), .singleChoiceInteger: .integer(12)]),
    FieldSample(
      .text("3.0"),
      [.integer: .integer(3), .number: .real(3), .singleChoice: .text("3.0"), .singleChoiceInteger: .integer(3)]),
    FieldSample(.text("3.5"), [.number: .real(3.5), .singleChoice: .text("3.5")]),
    FieldSample(.text("2147483648"), [.number: .real(2_147_483_648), .singleChoice: .text("2147483648")]),
    FieldSample(.text("1e999"), [.singleChoice: .text("1e999")]),
    FieldSample(
      .text("-0"),
      [.integer: .integer(0), .number: .real(0), .singleChoice: .text("-0"), .singleChoiceInteger: .integer(0)]),
    FieldSample(
      .text(" 12"),
      [.integer: .integer(12), .number: .real(12), .singleChoice: .text(" 12"), .singleChoiceInteger: .integer(12)]),
    FieldSample(
      .text("+07."),
      [.integer: .integer(7), .number: .real(7), .singleChoice: .text("+07."), .singleChoiceInteger: .integer(7)]),
    FieldSample(.text(".5"), [.number: .real(0.5), .singleChoice: .text(".5")]),
    FieldSample(.text("1,5"), [.singleChoice: .text("1,5")]),
    FieldSample(.text("true"), [.boolean: .integer(1), .singleChoice: .text("true")]),
    FieldSample(
      .text("0"),
      [
        .boolean: .integer(0), .integer: .integer(0), .number: .real(0), .singleChoice: .text("0"),
        .singleChoiceInteger: .integer(0),
      ]),
    FieldSample(.text("TRUE"), [.boolean: .integer(1), .singleChoice: .text("TRUE")]),
    FieldSample(.text("False"), [.boolean: .integer(0), .singleChoice: .text("False")]),
    FieldSample(
      .text("2013-01-31"),
      [.date: .integer(15_736), .datetime: .integer(1_359_590_400), .singleChoice: .text("2013-01-31")]),
    FieldSample(
      .text("2013-01-31T09:05:00.5+02:00"),
      [
        .date: .integer(15_736), .datetime: .integer(1_359_615_900),
        .singleChoice: .text("2013-01-31T09:05:00.5+02:00"),
      ]),
    FieldSample(
      .text("2013-01-31 +02:00"),
      [.date: .integer(15_736), .datetime: .integer(1_359_583_200), .singleChoice: .text("2013-01-31 +02:00")]),
    FieldSample(
      .text("2013-01-31 09:05:00,1230000 UTC"),
      [
        .date: .integer(15_736), .datetime: .integer(1_359_623_100),
        .singleChoice: .text("2013-01-31 09:05:00,1230000 UTC"),
      ]),
    FieldSample(.text("2013-02-30"), [.singleChoice: .text("2013-02-30")]),
    // A text is no list of keys, no location and no track, whatever stands in it.
    FieldSample(.text(#"["late"]"#), [.singleChoice: .text(#"["late"]"#)]),
    FieldSample(.text("[1,2]"), [.singleChoice: .text("[1,2]")]),
  ]

  /// What a value that was written under one type reads as under another.
  static func reading(_ value: StoredValue, from: FieldType, as to: FieldType) -> StoredValue {
    if from == to { return value }
    return all(of: from).first { $0.value.isSame(as: value) }?.elsewhere[to] ?? .null
  }
}

extension SampleModel {
  /// A field of this type, with what the type must have.
  static func field(_ name: String, _ type: FieldType) -> String {
    let options =
      !type.isChoice
      ? "" : type.hasIntegerKeys ? "<option key=\"1\">One</option>" : "<option key=\"late\">Late</option>"
    let media = type == .attachment ? " media=\"any\"" : ""
    return "<field name=\"\(name)\" label=\"A\" type=\"\(type.rawValue)\"\(media)>\(options)</field>"
  }
}
