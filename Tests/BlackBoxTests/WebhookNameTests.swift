import Glibc
import JSON
import ServerUnderTest
import Testing

/// Webhooks without names of their own, on a running server.
@Suite("Webhooks without names")
struct WebhookNameTests {
  private static let number = #"<webhook type="update"><field name="number"/><field name="id"/></webhook>"#
  private static let tail = #"<webhook type="update"><field name="tail" required=""/></webhook>"#
  private static let mail = #"<webhook type="update" receiver="cloudcode" action="send-email"/>"#

  private static func xml(_ webhooks: String) -> String {
    """
    <data-model><model name="item" label=""><field name="number" label="" type="integer"/>
    <field name="tail" label="Tail" type="text" media="any"/><display format="{number}"/>
    \(webhooks)</model></data-model>
    """
  }

  @Test("each fires for what it declares, and none takes another's endpoint over a deploy", arguments: [true, false])
  func life(isServed: Bool) throws {
    let receiver = try StubServer { _ in .answer(200) }
    defer { receiver.stop() }
    let server = try ServerUnderTest(schema: Self.xml(Self.number + Self.tail + Self.mail))
    func run(_ words: String...) throws -> SojournBinary.Run {
      try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
    }
    func events(_ number: Int) -> [String] {
      func seen() -> [String] {
        receiver.seen.compactMap { request in
          (try? JSONDocument.read(request.body).root).flatMap { root in
            root["event"]?.string.map { "\($0) at \(request.target) by \(root["object"]?["display"]?.string ?? "?")" }
          }
        }
      }
      for _ in 0..<1000 where seen().count < number { usleep(10_000) }
      return seen().sorted()
    }
    #expect(try run("deployment", "set", "webhook_allow=127.0.0.1").exitCode == 0)
    for (path, name) in [("a", "item_update"), ("b", "item_update_2"), ("c", "cloudcode_item_update_send_email")] {
      let done = try run("webhook", "enable", "--name", name, "--url", "http://127.0.0.1:\(receiver.port)/\(path)")
      #expect(done.exitCode == 0, "\(done.errors)")
    }
    #expect(try server.json("POST", "/objects/item.json", #"{"item":{"number":1}}"#).status == 200)
    #expect(try server.json("POST", "/objects/item.json", #"{"item":{"number":null,"tail":"x"}}"#).status == 200)
    #expect(
      events(4) == [
        "cloudcode_item_update_send_email at /c by ", "cloudcode_item_update_send_email at /c by 1",
        "item_update at /a by 1", "item_update_2 at /b by ",
      ])

    if !isServed { #expect(try server.stop() == 0) }
    let turned = try server.directory.write(Self.xml(Self.tail + Self.number + Self.mail), to: "turned.xml")
    for words in [["deploy", turned], ["deploy", turned, "--dry-run"], ["check", turned]] {
      let refused = try SojournBinary.run(
        ["data-model"] + words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
      #expect(refused.exitCode == 1, "\(words)")
      for name in ["item_update", "item_update_2"] {
        #expect(refused.errors.contains("Write name=\"\(name)\""), "\(refused.errors)")
      }
    }
    // One is gone, and what is left would become the first; in one deploy, and in two.
    let tail = try server.directory.write(Self.xml(Self.tail), to: "tail.xml")
    let none = try server.directory.write(Self.xml(""), to: "none.xml")
    #expect(try run("data-model", "deploy", tail).exitCode == 1)
    #expect(try run("data-model", "deploy", none).exitCode == 0)
    let late = try run("data-model", "deploy", tail)
    #expect(late.exitCode == 1 && late.errors.contains("Write name=\"item_update\""), "\(late.errors)")
    // Going back, and names, are fine.
    #expect(try run("data-model", "rollback", "--to", "1").exitCode == 0)
    let named = Self.xml(
      Self.tail.replacing("<webhook", with: #"<webhook name="item_update_2""#)
        + Self.number.replacing("<webhook", with: #"<webhook name="item_update""#))
    let good = try run("data-model", "deploy", try server.directory.write(named, to: "named.xml"))
    #expect(good.exitCode == 0, "\(good.errors)")
    if !isServed { try server.start() }
    #expect(try server.json("POST", "/objects/item.json", #"{"item":{"number":2}}"#).status == 200)
    #expect(events(5).contains("item_update at /a by 2"))
  }
}
