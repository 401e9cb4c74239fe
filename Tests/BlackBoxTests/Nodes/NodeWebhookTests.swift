import Glibc
import JSON
import PostgresUnderTest
import ServerUnderTest
import Synchronization
import Testing

/// Deliveries of a webhook beside several nodes: one of them sends, under a lease.
@Suite("Webhooks of many nodes", .serialized)
struct NodeWebhookTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <display>{number}</display><webhook type="update" name="saved"/></model></data-model>
    """

  /// An endpoint that answers nothing while a test wants that.
  private final class Endpoint: Sendable {
    let stub: StubServer
    private let silence: Silence

    private final class Silence: Sendable { let isOn = Atomic<Bool>(false) }

    init() throws {
      let silence = Silence()
      self.silence = silence
      stub = try StubServer { _ in silence.isOn.load(ordering: .acquiring) ? .silence(seconds: 30) : .answer(200) }
    }

    func fallSilent(_ isOn: Bool) { silence.isOn.store(isOn, ordering: .releasing) }

    /// The ids of deliveries that it was sent, in their order.
    var deliveries: [String] { stub.seen.compactMap { $0.headers["x-sojourn-delivery"] } }
  }

  private func eventually(_ what: String, seconds: Int = 40, _ holds: () throws -> Bool) throws {
    for _ in 0..<(seconds * 100) {
      if try holds() { return }
      usleep(10_000)
    }
    Issue.record("for \(seconds) seconds it did not come to be: \(what)")
  }

  private func write(_ number: Int, at node: ServerUnderTest) throws {
    let made = try node.json("POST", "/objects/item.json", #"{"item": {"number": \#(number)}}"#)
    try #require(made.status == 200, "\(made.text)")
  }

  @Test("A delivery is sent once while the lease stays, and again under its id when the node is killed that sends it")
  func deliveries() throws {
    let database = try PostgresCluster.shared().database()
    let first = try ServerUnderTest(schema: Self.schema, storage: database.address)
    let endpoint = try Endpoint()
    defer { endpoint.stub.stop() }
    for words in [
      ["deployment", "set", "webhook_allow=127.0.0.1"],
      ["webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(endpoint.stub.port)/"],
    ] {
      let run = try first.command(words + ["--deployment", first.id])
      try #require(run.exitCode == 0, "\(run.errors)")
    }
    // It is alone, so it has the lease when the other one comes.
    try write(0, at: first)
    try eventually("the first delivery") { endpoint.deliveries.count == 1 }
    let second = try first.node()
    for number in 1...20 { try write(number, at: number % 2 == 0 ? first : second) }
    try eventually("the deliveries") { endpoint.deliveries.count >= 21 }
    #expect(endpoint.deliveries.count == 21 && Set(endpoint.deliveries).count == 21)

    endpoint.fallSilent(true)
    try write(21, at: second)
    try eventually("the delivery that is not answered") { endpoint.deliveries.count >= 22 }
    first.kill()
    endpoint.fallSilent(false)
    let cut = try #require(endpoint.deliveries.last)
    try write(22, at: second)
    // Half a minute goes by.
    try database.run("UPDATE d_\(first.id).leases SET ends_at = 0")
    try eventually("the delivery that was cut off, and the one after it") { endpoint.deliveries.count >= 24 }
    let after = Array(endpoint.deliveries.dropFirst(22))
    #expect(after.count == 2 && after.contains(cut) && Set(endpoint.deliveries).count == 23)
  }
}
