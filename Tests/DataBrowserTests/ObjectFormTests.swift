import DataBrowser
import DataModel
import Objects
import PageReading
import QueryLanguage
import Storage
import Testing
import Web
import Wire

/// The form of an object as a value: drawn, sent by a browser and drawn again it is the same, and what was left alone is
/// not written.
@Suite("The form of an object")
struct ObjectFormTests {
  static let id = ObjectID("0195a3b2-0000-7000-8000-000000000001")!
  static let code = FieldCode(key: [1, 2, 3], deployment: "d", model: "thing", id)

  /// A model with a field of each type, bound to columns.
  static let model: StoredModel = {
    var fields = [
      Field(name: "long", label: "Long", type: .singleChoice, options: options(9)),
      Field(name: "none", label: "None", type: .singleChoice),
      Field(name: "truth", label: "Truth", type: .boolean),
      Field(name: "few", label: "Few", type: .singleChoice, options: options(3)),
      Field(name: "many", label: "Many", type: .multipleChoice, options: options(4)),
      Field(
        name: "counted", label: "Counted", type: .multipleChoiceInteger,
        options: (0..<3).map { Option(key: .integer($0), label: "n\($0)") }),
      Field(
        name: "one", label: "One", type: .singleChoiceInteger,
        options: (0..<3).map { Option(key: .integer($0), label: "n\($0)") }),
    ]
    for type in [FieldType.integer, .number, .date, .datetime, .location, .track, .photo, .text] {
      fields.append(Field(name: "a-\(type.rawValue)", label: "A & <\(type.rawValue)>", type: type))
    }
    for subtype in TextSubtype.allCases {
      fields.append(Field(name: "t-\(subtype.rawValue)", label: subtype.rawValue, type: .text, subtype: subtype))
    }
    let related = BelongsTo(name: "other", model: "thing")
    let columns = fields.enumerated().map { StoredColumn(number: $0 + 1, source: .field($1)) }
    return StoredModel(
      number: 1,
      model: Model(
        name: "thing", label: "Thing", members: ModelMembers(fields: fields, belongsTo: [related]),
        display: DisplayFormat(text: "", parts: [])),
      columns: columns + [StoredColumn(number: 99, source: .belongsTo(related))], version: 1)
  }()

  private static func options(_ count: Int) -> [Option] {
    (0..<count).map {
      Option(key: .text(["a b", "<&\">", "é", "\u{202E}x", "]]>"][safe: $0] ?? "k\($0)"), label: "L\($0)")
    }
  }

  // MARK: Values

  private static let texts = [
    "", " ", "a", "\n", "\n\nx", "a\nb", "a\r\nb", "a\rb", "\r", "\r\n\r\n", "a\t b ", "<b>&amp;\"'", "]]>", "&#13;",
    "\u{202E}abc", "e\u{301}", "\u{FEFF}x", "\u{85}\u{2028}", "\u{7F}\u{9F}", "\u{0}x".replacing("\u{0}", with: ""),
    "\u{1}", "a\u{C}b", "\u{FFFE}", "\u{FFFF}x", "\u{FFFD}", "😀", "=a", "*", "no value", "\u{1B}[0m",
  ]

  private static func value(of field: ObjectField, using random: inout SplitMix) -> StoredValue {
    if Int.random(in: 0..<6, using: &random) == 0 { return .null }
    func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }
    let text = Int.random(in: 0..<200, using: &random) == 0 ? String(repeating: "ä\r\n", count: 40_000) : pick(texts)
    switch field.kind {
    case .line, .paragraph, .password: return .text(text)
    case .whole: return .integer(Int64(pick([0, -1, 7, Int32.max, Int32.min])))
    case .number: return .real(pick([0, 0.1, -2.5, 1e300, 2.5e-300, 1e21, 123456789.125]))
    case .day: return .integer(pick([-719_162, -1, 0, 15_000, 2_932_896]))
    case .time: return .integer(pick([-62_135_596_800, 0, 60, 61, 1_359_623_100, 253_402_300_799]))
    case .choice(let options):
      guard case .field(let declared) = field.column.source else { return .null }
      if declared.type == .boolean { return .integer(pick([0, 1])) }
      if declared.type.hasIntegerKeys { return .integer(pick([0, 1, 2, 77])) }
      return .text(pick(options.map(\.key) + [text]))
    case .choices(let options):
      guard case .field(let declared) = field.column.source else { return .null }
      if declared.type.hasIntegerKeys { return .text(pick(["[]", "[2,0]", "[1]", "[77]"])) }
      var writer = ByteWriter(capacity: 64)
      writer.append("[")
      for (index, key) in Set((options.map(\.key) + [text]).shuffled(using: &random).prefix(2)).enumerated() {
        if index > 0 { writer.append(",") }
        writer.append(quoted: key)
      }
      writer.append("]")
      return .text(writer.string)
    case .location: return .text(pick(["[40.5,-73.75,null,null,null,null]", "[0,0,1.5,2,3,\"2013-01-31T09:05:00Z\"]"]))
    case .track: return .text(pick(["{}", "[1, 2]", "{\"a\":\r\n \"\\u0001\"}", "{\"a\":\"\u{FFFE}\"}"]))
    case .relationship, .attachment: return .id(id)
    }
  }

  // MARK: The way through a browser

  static func page(_ form: ObjectForm) -> EditPage {
    let deployment = "0123456789abcdef01234567"
    return EditPage(
      DeploymentCard(id: deployment, label: "D", environment: "testing"), .init("thing", "Thing"),
      .object(ObjectLink(model: "thing", id: id, display: "x")), form, from: .overview(deployment))
  }

  static func sent(_ form: ObjectForm) throws -> FormContainer {
    let edit = page(form)
    let block = Frame().bytes(around: edit)
    let read = try ReadPage(Array(block.bytes))
    #expect(read.faults == [])
    let fields = try #require(FormBrowser(page: read).fields(of: edit.action.address.text))
    #expect(fields.first?.0 == "ticket")
    let text = fields.map { "\(PercentText.encode($0.0))=\(PercentText.encode($0.1))" }.joined(separator: "&")
    return try FormContainer(try QueryPairs(text))
  }

  @Test("Drawn, sent and drawn again it is the same, and nothing of it is written", arguments: 0..<40)
  func roundTrip(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let fields = ObjectField.all(of: Self.model)
    let values = fields.map { Self.value(of: $0, using: &random) }
    let form = ObjectForm(of: Self.model, values, Self.code)
    let sent = try Self.sent(form)
    var again = ObjectForm(of: Self.model, sent)
    again.show(values)
    for field in fields {
      let position = field.position
      #expect(!again.isChanged(field, Self.code), "\(field.name): \(values[position])")
      #expect(
        again.codes[position] == Self.code.text(of: values[position], field), "\(field.name): \(values[position])")
    }
    #expect(ObjectForm.lost(sent, of: Self.model) == [])
    let third = ObjectForm(of: Self.model, try Self.sent(again))
    for field in fields {
      #expect(third.drafts[field.position] == again.drafts[field.position], "\(field.name)")
      #expect(third.codes[field.position] == again.codes[field.position])
    }
  }

  @Test("What is typed is read by the rules of the API, and what is wrong is said at the field")
  func typed() throws {
    let fields = ObjectField.all(of: Self.model)
    func field(_ name: String) -> ObjectField { fields.first { $0.name == name }! }
    func read(_ name: String, _ draft: FieldDraft) -> String {
      do throws(ClientFault) { return "\(try field(name).value(of: draft))" } catch { return "! \(error.detail)" }
    }
    let table: [(String, FieldDraft, String)] = [
      ("a-text", FieldDraft(text: "", isNone: true), "null"), ("a-text", FieldDraft(text: ""), "text(\"\")"),
      ("a-text", FieldDraft(text: "x", isNone: true), "text(\"x\")"),
      ("a-text", FieldDraft(text: "a\r\nb"), "text(\"a\\nb\")"),
      ("a-integer", FieldDraft(text: " 7 "), "integer(7)"), ("a-integer", FieldDraft(text: ""), "null"),
      ("a-number", FieldDraft(text: "1.50"), "real(1.5)"),
      ("a-datetime", FieldDraft(text: "1970-01-01T00:01"), "integer(60)"),
      ("a-datetime", FieldDraft(text: "1970-01-01T00:01:01"), "integer(61)"),
      ("a-date", FieldDraft(text: "1970-01-02"), "integer(1)"),
      ("truth", FieldDraft(text: "true"), "integer(1)"), ("truth", FieldDraft(isNone: true), "null"),
      ("many", FieldDraft(), "text(\"[]\")"), ("many", FieldDraft(isNone: true), "null"),
      ("many", FieldDraft(keys: ["é", "a b"], isNone: true), "text(\"[\\\"a b\\\",\\\"é\\\"]\")"),
      ("a-location", FieldDraft(text: "40.64° N, 73.78° W"), "text(\"[40.64,-73.78,null,null,null,null]\")"),
      ("a-location", FieldDraft(text: "geo:1,2;u=3"), "text(\"[1,2,null,null,null,null]\")"),
      ("other", FieldDraft(text: " 0195A3B2-0000-7000-8000-000000000001 "), "id(\(Self.id))"),
      ("other", FieldDraft(text: ""), "null"), ("a-track", FieldDraft(text: " [1] "), "text(\"[1]\")"),
    ]
    for (name, draft, expected) in table { #expect(read(name, draft) == expected, "\(name) \(draft)") }
    for (name, text) in [
      ("a-integer", "7.5"), ("a-integer", "x"), ("a-number", "1,5"), ("a-date", "31.1.2013"), ("a-location", "here"),
      ("a-location", "91 0"), ("a-track", "{"), ("other", "x"), ("few", "nothing"), ("a-datetime", "soon"),
    ] {
      let found = read(name, FieldDraft(text: text))
      #expect(found.hasPrefix("! \(name): ") && found.contains("refused"), "\(name) \(text): \(found)")
    }
  }

  @Test("A password and a text that cannot be typed are written only when something takes their place")
  func replaced() throws {
    var values = [StoredValue](repeating: .null, count: Self.model.columns.count)
    let fields = ObjectField.all(of: Self.model)
    let text = fields.first { $0.name == "a-text" }!
    let secret = fields.first { $0.name == "t-password" }!
    values[text.position] = .text("a\u{1}b")
    values[secret.position] = .text("swordfish")
    let form = ObjectForm(of: Self.model, values, Self.code)
    let block = Frame().bytes(around: Self.page(form))
    let page = String(decoding: Array(block.bytes), as: UTF8.self)
    #expect(!page.contains("swordfish") && page.contains("a\u{FFFD}b"))
    var again = ObjectForm(of: Self.model, try Self.sent(form))
    #expect(!again.isChanged(text, Self.code) && !again.isChanged(secret, Self.code))
    again.set(FieldDraft(text: "new", isLocked: true), at: text.position)
    again.set(FieldDraft(isNone: true), at: secret.position)
    #expect(again.isChanged(text, Self.code) && again.isChanged(secret, Self.code))
    #expect(again.values(of: [text, secret]).map(\.value) == [.text("new"), .null])
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
