import DataBrowser
import DataModel
import Deployments
import HTTPServer
import JSON
import PageReading
import Storage
import Testing
import Wire

/// Keys of options that hold what pages, forms and files use themselves.
@Suite("Keys of choices")
struct ChoiceKeyScenarios {
  private static let keys = [
    "say \"hi\"", "\"", "a|b", "|", "a & b", "&amp;", " blanks  around ", "<b>", "]]>", "'", "\\", "\\\"",
    "\u{202E}abc",
    "\u{200F}x", "e\u{301}", "é", "[\"x\"]", "[\"\u{301}x\"]", "[", "a,b", "=1+1", "=", "*", "null", "😀",
  ]

  private static let schema = """
    <data-model><model name="thing" label="Thing">
      <field name="name" label="Name" type="text"/>
      <field name="long" label="Long" type="single-choice">\(options(keys))</field>
      <field name="few" label="Few" type="single-choice">\(options(Array(keys.prefix(5))))</field>
      <field name="many" label="Many" type="multiple-choice">\(options(keys))</field>
      <display>{name}</display></model></data-model>
    """

  private static func options(_ keys: [String]) -> String {
    keys.enumerated().map { "<option key=\"\(escaped($1))\">Label \($0)</option>" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")].reduce(text) {
      $0.replacing(scalars: $1.0, with: $1.1)
    }
  }

  private static func id(_ number: Int) -> String { "0195a3b2-0000-7000-8000-0000000001\(number + 10)" }

  private static func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: schema) { browser in
      let operations = keys.enumerated().map { number, key in
        let (key, other) = (HostileScenarios.quoted(key), HostileScenarios.quoted(keys[(number + 1) % keys.count]))
        let few = number < 5 ? ",\"few\":\(key)" : ""
        return
          "{\"method\":\"POST\",\"object\":{\"type\":\"thing\",\"id\":\"\(id(number))\",\"name\":\"n\(number)\",\"long\":\(key),\"many\":[\(key),\(other)]\(few)}}"
      }
      try await browser.batch("{\"operations\":[\(operations.joined(separator: ","))]}")
      try await body(browser)
    }
  }

  @Test("have their labels on every page, and none is told as an option that was removed")
  func labels() async throws {
    try await Self.run { browser in
      for (number, key) in Self.keys.enumerated() {
        let object = "/models/thing/\(Self.id(number))"
        for path in ["", "/edit", "/history", "/peek"] {
          let answer = await browser.send(.get, object + path)
          #expect(answer.status == 200, "\(key)\(path)")
          #expect(!answer.text.contains("that was removed"), "\(key)\(path)")
          #expect(try answer.page.text.contains("Label \(number)"), "\(key)\(path)")
        }
      }
      let table = try await browser.send(.get, "/models/thing?size=100").page
      #expect(table.faults == [] && !table.text.contains("that was removed"))
    }
  }

  @Test("come back from a form as they were, whoever draws and reads it how often")
  func forms() async throws {
    try await Self.run { browser in
      let store = try browser.deployments.deployment(browser.deploymentID).store
      let model = try #require(store.dataModel["thing"])
      let code = FieldCode(key: [1], deployment: "d", model: "thing", ObjectFormTests.id)
      for key in Self.keys {
        var writer = ByteWriter(capacity: 64)
        writer.append("[")
        writer.append(quoted: key)
        writer.append(",\"a|b\"]")
        let few = Self.keys.prefix(5).contains(key) ? StoredValue.text(key) : .null
        let values: [StoredValue] = [.text("n"), .text(key), few, .text(writer.string)]
        let form = ObjectForm(of: model, values, code)
        var again = ObjectForm(of: model, try ObjectFormTests.sent(form))
        let third = ObjectForm(of: model, try ObjectFormTests.sent(again))
        for field in form.fields {
          #expect(!again.isChanged(field, code), "\(key): \(field.name)")
          #expect(third.drafts[field.position] == again.drafts[field.position], "\(key): \(field.name)")
        }
        // Typed anew, it is the same key.
        let read = again.values(of: again.fields)
        #expect(again.isGood, "\(key)")
        #expect(read[1].value == .text(key), "\(key)")
        let keys = try #require(
          read.last.flatMap { item in if case .text(let text) = item.value { text } else { nil } })
        let expected = key == "a|b" ? [key] : [key, "a|b"]
        let found = try JSONDocument.read(keys).root.elements.compactMap(\.string)
        #expect(Set(found.map { Array($0.utf8) }) == Set(expected.map { Array($0.utf8) }), "\(key)")
      }
    }
  }
}
