import Glibc
import JSON
import ServerUnderTest
import Synchronization
import Testing

/// Webhooks while the data model that declares them changes under a running server.
@Suite("Webhooks over deploys")
struct WebhookDeployTests {
  private static func xml(_ webhook: String, more: String = "", tail: String = "text") -> String {
    """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <field name="tail" label="Tail" type="\(tail)"/>\(more)<display>{number}</display>\(webhook)</model></data-model>
    """
  }

  private static let complete = #"<webhook type="ready" name="complete"><field name="tail"/></webhook>"#
  private static let stricter =
    #"<webhook type="ready" name="complete"><field name="tail"/><field name="number"/></webhook>"#
  private static let note = #"<field name="note" label="Note" type="text"/>"#

  private static func id(_ letter: Character) -> String { "\(letter)0000000-0000-4000-8000-000000000000" }

  /// Counts the events that arrived for each object, by the first letter of its id. A repeat after a crash has
  /// the name of its event and counts as the same.
  private final class Arrivals: Sendable {
    private let events = Mutex<[Character: Set<String>]>([:])

    var all: [Character: Int] { events.withLock { $0.mapValues(\.count) } }

    func note(_ request: StubServer.Request) {
      let id = try? JSONDocument.read(request.body).root["object"]?["id"]?.string
      let event = request.headers["x-sojourn-delivery"] ?? "without a name"
      #expect(request.headers["content-type"] == "application/json; charset=utf-8")
      events.withLock { _ = $0[id?.first ?? "?", default: []].insert(event) }
    }

    /// Deliveries of several objects are sent side by side: those that are expected may come in any order.
    func wait(for expected: [Character: Int]) {
      for _ in 0..<1000 where all != expected { usleep(10_000) }
    }
  }

  @Test("a ready webhook fires once per object, whatever is deployed between its saves and across a restart")
  func readyOnce() throws {
    let arrivals = Arrivals()
    let receiver = try StubServer { request in
      arrivals.note(request)
      return .answer(200)
    }
    defer { receiver.stop() }
    let server = try ServerUnderTest(schema: Self.xml(Self.complete))
    func run(_ words: String...) throws {
      let done = try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
      try #require(done.exitCode == 0, "\(words): \(done.errors)")
    }
    func deploy(_ xml: String) throws {
      try run("data-model", "deploy", try server.directory.write(xml, to: "next.xml"))
    }
    func save(_ letter: Character, _ members: String) throws {
      let answer = try server.json(
        "PUT", "/objects/item/\(Self.id(letter)).json", "{\"item\":{\(members)}}")
      #expect(answer.status == 200, "\(answer.text)")
    }
    /// Entries are read in order: what has come behind all others says that those were looked at. Each of
    /// `letters`, of which it is the last, has fired once by then.
    func settle(_ letters: String) throws {
      guard let last = letters.last else { return }
      try save(last, #""number":99,"tail":"9""#)
      let expected = Dictionary(uniqueKeysWithValues: letters.map { ($0, 1) })
      arrivals.wait(for: expected)
      #expect(arrivals.all == expected)
    }
    try run("deployment", "set", "webhook_allow=127.0.0.1")
    try run("webhook", "enable", "--name", "complete", "--url", "http://127.0.0.1:\(receiver.port)/")

    // a is complete from the start, b only after a field was added elsewhere.
    try save("a", #""number":1,"tail":"1""#)
    try save("b", #""number":1,"tail":null"#)
    try deploy(Self.xml(Self.complete, more: Self.note))
    try save("a", #""number":2,"tail":"2""#)
    try save("b", #""number":2,"tail":"2""#)
    // The webhook goes and comes back; c was completed meanwhile.
    try deploy(Self.xml("", more: Self.note))
    try save("a", #""number":3,"tail":"3""#)
    try save("c", #""number":3,"tail":"3""#)
    try deploy(Self.xml(Self.complete, more: Self.note))
    for letter in "abc" { try save(letter, #""number":4,"tail":"4""#) }
    try settle("abcd")
    // Another condition: who fired under the old one has fired. e holds the old one only, f both.
    try deploy(Self.xml(Self.stricter))
    try save("e", #""number":null,"tail":"5""#)
    for letter in "abcf" { try save(letter, #""number":5,"tail":"5""#) }
    try settle("abcdf1")
    // And the old one again, on a field of another type: e's next save is its first time.
    try deploy(Self.xml(Self.complete, tail: "integer"))
    for letter in "abcdef1" { try save(letter, #""number":null,"tail":6"#) }
    try settle("abcdef12")
    // Another process knows it all.
    server.kill()
    try server.start()
    try deploy(Self.xml(""))
    try deploy(Self.xml(Self.complete, more: Self.note))
    for letter in "abcdef12" { try save(letter, #""number":7,"tail":"7""#) }
    try settle("abcdef123")
  }
}
