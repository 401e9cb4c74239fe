import Testing

@testable import DataModel

@Suite("datamodel_hash and changes")
struct MeaningHashTests {
  private static let base = flightWith(
    """
    <field name="a" label="A" type="text"/>
    <field name="b" label="B" type="single-choice"><option key="x">X</option><option key="y">Y</option></field>
    <field name="c" label="C" type="boolean"/>
    <field name="d" label="D" type="attachment" media="any"/>
    <belongs-to model="flight" name="next"/>
    <belongs-to model="flight" name="back"/>
    <has-many model="flight" name="nexts" inverse-of="next"/>
    """
  ).replacing(
    "</model>",
    with: """
      <index on="a"/><index on="next,-a"/><notify-user message="M" recipient-field="next"/>
      <webhook type="ready"><field name="a"/></webhook><webhook type="update"/></model>
      <model name="plane" label="Plane"><display>P</display></model>
      """)

  /// Replacements without meaning.
  static let sameMeaning: [(String, String)] = [
    ("\n", "\n\n  "),
    ("<field name=\"a\"", "<!-- a comment --><field   name='a'"),
    ("name=\"a\" label=\"A\" type=\"text\"", "type=\"text\" label=\"A\" name=\"a\""),
    ("<option key=\"x\">X</option>", "<option key=\"x\"> <![CDATA[X]]>\n</option>"),
    (
      "type=\"boolean\"/>",
      "type=\"boolean\"><option key=\"false\">No</option><option key=\"true\">Yes</option></field>"
    ),
    ("<index on=\"a\"/>", "<index database=\"app,cloud\" on=\" a \" name=\"a\"/>"),
    ("<index on=\"a\"/><index on=\"next,-a\"/>", "<index on=\"next,-a\"/><index on=\"a\"/>"),
    ("<webhook type=\"update\"/>", "<webhook type=\"update\" name=\"flight_update\" unknown=\"1\"/>"),
    ("<field name=\"a\"/></webhook>", "<field name=\"a\" required=\"true\" state=\"present\"/></webhook>"),
    ("<display>Flight</display>", "<display>\n  Flight\n</display><display>Second</display>"),
    ("<display>Flight</display>", "<display format=\" Flight \"/>"),
    ("type=\"text\"/>", "type=\"text\" media=\"any\"><option key=\"a\">A</option></field>"),
    ("<index on=\"a\"/>", "<index on=\"a\"/><index on=\"a,d\"/>"),
    ("<field name=\"a\"/></webhook>", "<field name=\"id\"/><field name=\"a\" required=\"\"/></webhook>"),
  ]

  /// Replacements with meaning, the change that they make, and whether stored values are touched.
  static let otherMeaning: [(String, String, String, Bool)] = [
    ("label=\"Flight\"", "label=\"Flights\"", "model-described", false),
    ("label=\"Flight\"", "label=\"Flight\" classification=\"sensitive\"", "model-described", false),
    (
      "</data-model>", "<model name=\"x\" label=\"X\"><display>X</display></model></data-model>",
      "model-added", false
    ),
    ("<model name=\"plane\" label=\"Plane\"><display>P</display></model>", "", "model-removed", true),
    ("type=\"text\"/>", "type=\"text\"/><field name=\"n\" label=\"N\" type=\"date\"/>", "field-added", false),
    ("<field name=\"d\" label=\"D\" type=\"attachment\" media=\"any\"/>", "", "field-removed", true),
    ("type=\"text\"", "type=\"integer\"", "field-retyped", true),
    ("label=\"A\"", "label=\"Aa\"", "field-described", false),
    ("type=\"text\"", "type=\"text:email\"", "field-described", false),
    ("media=\"any\"", "media=\"text/csv\"", "field-described", false),
    ("media=\"any\"", "media=\"any\" auto-download=\"true\"", "field-described", false),
    (
      "<field name=\"c\" label=\"C\" type=\"boolean\"/>\n<field name=\"d\" label=\"D\" type=\"attachment\" media=\"any\"/>",
      "<field name=\"d\" label=\"D\" type=\"attachment\" media=\"any\"/>\n<field name=\"c\" label=\"C\" type=\"boolean\"/>",
      "fields-reordered", false
    ),
    ("<option key=\"y\">Y</option>", "", "options-changed", false),
    ("<option key=\"y\">Y</option>", "<option key=\"y\">Yy</option>", "options-changed", false),
    (
      "<option key=\"y\">Y</option>", "<option key=\"y\">Y</option><option key=\"z\">Z</option>",
      "options-changed", false
    ),
    (
      "<option key=\"x\">X</option><option key=\"y\">Y</option>",
      "<option key=\"y\">Y</option><option key=\"x\">X</option>", "options-changed", false
    ),
    ("<belongs-to model=\"flight\" name=\"back\"/>", "", "belongs-to-removed", true),
    ("model=\"flight\" name=\"back\"", "model=\"plane\" name=\"back\"", "belongs-to-retargeted", true),
    ("<has-many", "<belongs-to model=\"plane\"/><has-many", "belongs-to-added", false),
    (
      "<belongs-to model=\"flight\" name=\"next\"/>\n<belongs-to model=\"flight\" name=\"back\"/>",
      "<belongs-to model=\"flight\" name=\"back\"/>\n<belongs-to model=\"flight\" name=\"next\"/>",
      "belongs-to-reordered", false
    ),
    ("inverse-of=\"next\"", "inverse-of=\"back\"", "has-many-changed", false),
    ("<display>Flight</display>", "<display>{a}</display>", "display-changed", false),
    ("<index on=\"a\"/>", "<index on=\"a\"/><index on=\"b\"/>", "index-added", false),
    ("<index on=\"a\"/>", "", "index-removed", false),
    ("<index on=\"a\"/>", "<index on=\"a\" name=\"other\"/>", "index-renamed", false),
    ("message=\"M\"", "message=\"N\"", "notifications-changed", false),
    (
      "<webhook type=\"update\"/>", "<webhook type=\"update\" name=\"u\"/>", "webhook-added webhook-removed",
      false
    ),
    (
      "<field name=\"a\"/></webhook>", "<field name=\"a\" required=\"false\"/></webhook>", "webhook-changed",
      false
    ),
    (
      "<model name=\"plane\" label=\"Plane\"><display>P</display></model>",
      "<model name=\"x\" label=\"X\"><display>X</display></model>", "model-added model-removed", true
    ),
  ]

  private func model(_ xml: String) throws -> DataModel {
    let (model, findings) = read(xml)
    return try #require(model, "\(findings)")
  }

  @Test("Layout, comments and defaults written out change nothing", arguments: sameMeaning)
  func same(old: String, new: String) throws {
    #expect(Self.base.contains(old))
    let before = try model(Self.base)
    let after = try model(Self.base.replacing(old, with: new))
    #expect(before.hash == after.hash)
    #expect(before == after)
    #expect(after.changes(since: before) == [])
  }

  @Test("What has a meaning changes the hash, and is listed", arguments: otherMeaning)
  func other(old: String, new: String, kinds: String, touches: Bool) throws {
    let range = try #require(Self.base.firstRange(of: old))
    let before = try model(Self.base)
    let after = try model(Self.base.replacingCharacters(in: range, with: new))
    #expect(before.hash != after.hash)
    let changes = after.changes(since: before)
    #expect(changes.map(\.kind.rawValue).joined(separator: " ") == kinds)
    #expect(changes.contains { $0.touchesStoredValues } == touches)
    for change in changes { #expect(change.sentence.hasSuffix(".")) }
    #expect(!before.changes(since: after).isEmpty)
  }

  @Test("A first deploy adds its models")
  func first() throws {
    let changes = try model(flights).changes(since: nil)
    #expect(changes.map(\.model) == ["airline", "airport", "plane", "flight"])
    #expect(changes.first?.sentence == "The model airline is added, with 2 fields.")
    #expect(!changes.contains { $0.touchesStoredValues })
  }

  @Test("Models in another order are noted")
  func order() throws {
    let a = "<model name=\"a\" label=\"A\"><display>A</display></model>"
    let b = "<model name=\"b\" label=\"B\"><display>B</display></model>"
    let changes = try model(document(b + a)).changes(since: try model(document(a + b)))
    #expect(changes.map(\.kind) == [.modelsReordered])
  }

  // sha256 of: V20:sojourn data model 1M1:al1:AD1:A
  @Test("The hash is 64 hex digits, and the same on every machine and day")
  func fixed() throws {
    #expect(
      try model(document("<model name=\"a\" label=\"A\"><display>A</display></model>")).hash
        == "6a05f329dd284c647270fffb673eff312de711691f65de1da4acedae29ef5ba0")
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
