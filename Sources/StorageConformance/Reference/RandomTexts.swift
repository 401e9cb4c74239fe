import Crypto
import DataModel
import Storage
import Wire

/// Objects full of things to find, and texts to look for in them.
struct RandomTexts {
  private var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(seed: seed) }

  /// `extra` stands among the fields of `note`.
  static func xml(extra: String = "") -> String {
    SampleModel.document(
      """
      <model name="note" label="Note"><field name="title" label="Title" type="text"/>
      <field name="body" label="Body" type="text:paragraph"/><field name="secret" label="Secret" type="text:password"/>
      <field name="number" label="Number" type="integer"/><field name="size" label="Size" type="number"/>
      <field name="day" label="Day" type="date"/><field name="at" label="At" type="datetime"/>
      <field name="done" label="Done" type="boolean"/>
      <field name="status" label="Status" type="single-choice"><option key="x1">Landed Ärger</option>
      <option key="x2">late</option><option key="late">On time</option></field>
      <field name="level" label="Level" type="single-choice-integer"><option key="1">One</option>
      <option key="77">Two</option></field>
      <field name="tags" label="Tags" type="multiple-choice"><option key="late">Some Tag</option>
      <option key="b">BB (b*)</option></field>
      <field name="codes" label="Codes" type="multiple-choice-integer"><option key="1">First</option>
      <option key="2">Second</option></field>
      <field name="place" label="Place" type="location"/><field name="trail" label="Trail" type="track"/>\(extra)
      <belongs-to model="note" name="parent"/><display>{title}</display></model>
      """)
  }

  /// Data models to be deployed one after the other: fields come, go and come back, hold no passwords any more, and
  /// options have other labels.
  static func models() -> [String] {
    let plain = xml()
    return [
      plain.replacing("text:password", with: "text"), plain,
      plain.replacing("<field name=\"body\" label=\"Body\" type=\"text:paragraph\"/>", with: ""), plain,
      xml(extra: SampleModel.field("extra", "text")), plain.replacing("late</option>", with: "N142</option>"),
    ]
  }

  private static let fragments = [
    "Stra\u{DF}e", "STRASSE", "\u{C4}RGER", "\u{E9}", "e\u{301}", "\"", "\"\"", "AND", " OR NOT ", "*", "(", ")", ":",
    "^", "-", "{", "N14228", "n1", "N142", "\u{130}", "\u{17F}", "\u{212A}", "K", "\u{1F600}",
    "\u{65E5}\u{672C}\u{8A9E}",
    "\u{1}", " ", "ab", "aab", "aaa", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "\u{10FFFF}", "\n", "%", "_", "'", "1400",
    "\u{23A}",
    "NEAR(a b)", "x1", "Landed",
  ]

  mutating func id() -> ObjectID {
    generator.once(in: 2) ? .random(using: &generator) : .numbered(Int.random(in: 0...400, using: &generator))
  }

  mutating func row(_ model: StoredModel) -> [StoredValue] {
    model.columns.map { column in
      if generator.once(in: 4) { return .null }
      guard case .field(let field) = column.source else { return .id(id()) }
      switch field.type {
      case .text: return .text(text())
      case .integer: return .integer(generator.pick([0, -1, 14228, 1400, Int64(Int32.min), 77]) ?? 0)
      case .number: return .real(generator.pick([-1e300, 0.1, 0, 3.5, 1e21, 1e20, 0.000001, 0.0000001, 1400.25]) ?? 0)
      case .date: return .integer(generator.pick([0, -719_162, 2_932_896, 15_736, 11_016]) ?? 0)
      case .datetime:
        return .integer(generator.pick([0, -1, -62_135_596_800, 253_402_300_799, 1_359_623_100]) ?? 0)
      case .boolean: return .integer(generator.once(in: 2) ? 1 : 0)
      // Keys with an option, and keys whose option is gone.
      case .singleChoice: return .text(generator.pick(["x1", "x2", "late", "gone"]) ?? "")
      case .singleChoiceInteger: return .integer(generator.pick([1, 77, 14228]) ?? 0)
      case .multipleChoice: return generator.pick(KeyList.texts).map { .text($0.stored) } ?? .null
      case .multipleChoiceInteger: return generator.pick(KeyList.integers).map { .text($0.stored) } ?? .null
      case .location: return .text("[14228,1,null,null,null,null]")
      case .track: return .text("\"tracked\"")
      case .attachment, .photo, .signature: return .null
      }
    }
  }

  private mutating func text() -> String {
    (0..<Int.random(in: 0...5, using: &generator)).map { _ in generator.pick(Self.fragments) ?? "" }.joined()
  }

  /// A text of 1 to 12 characters, mostly out of something that an object says, in any case of its letters.
  mutating func query(like objects: [ObjectState], of model: StoredModel) -> String {
    let said = generator.pick(objects).map { PlainSearch(model: model).said(by: $0) } ?? []
    let words = said.isEmpty || generator.once(in: 8) ? Self.fragments : said
    let source = Array((generator.pick(words) ?? "").unicodeScalars)
    let length = min(source.count, Int.random(in: 1...(generator.once(in: 3) ? 12 : 5), using: &generator))
    guard length > 0 else { return "late" }
    let start = Int.random(in: 0...(source.count - length), using: &generator)
    var part = String(String.UnicodeScalarView(source[start..<start + length]))
    if generator.once(in: 10) { part += generator.pick(Self.fragments) ?? "" }
    return generator.once(in: 3) ? part.uppercased() : part
  }

  mutating func steps(_ model: StoredModel, on objects: [ObjectState], count: Int) -> [WriteStep] {
    (0..<count).map { _ in
      let old = generator.once(in: 3) ? generator.pick(objects) : nil
      guard let old else { return .put(model, id(), row(model)) }
      if generator.once(in: 3) { return .delete(model, old.id) }
      let index = Int.random(in: model.columns.indices, using: &generator)
      return .patch(model, old.id, [(position: index, value: row(model)[index])])
    }
  }

  mutating func sort(_ model: StoredModel) -> [SortKey] {
    let columns = ["title", "number", "at", "parent"].compactMap { model.position(of: $0).map(ColumnReference.column) }
    return (0..<Int.random(in: 0...2, using: &generator)).map { _ in
      SortKey(column: generator.pick(columns + [.id, .updatedAt]) ?? .id, descending: generator.once(in: 2))
    }
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
}
