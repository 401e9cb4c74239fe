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
    throw TestFault("for \(seconds) seconds it did not come to be: \(what)")
  }

  private func command(_ words: [String], for node: ServerUnderTest) throws {
    let run = try node.command(words + ["--deployment", node.id])
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  private func enable(at endpoint: Endpoint, for node: ServerUnderTest) throws {
    try command(
      ["webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(endpoint.stub.port)/"], for: node)
  }

  /// Within a second all nodes know; a busy machine is granted one more.
  private func letNodesLook() { usleep(2_000_000) }

  @Test("What a command enables, moves and disables is in force a second later at nodes that serve already")
  func commands() throws {
    let database = try PostgresCluster.shared().database()
    let first = try ServerUnderTest(schema: Self.schema, storage: database.address)
    let second = try first.node()
    let (before, after) = (try Endpoint(), try Endpoint())
    defer {
      before.stub.stop()
      after.stub.stop()
    }
    try enable(at: before, for: first)
    letNodesLook()
    try write(0, at: second)
    // Refused three times, as the address is not public; the next try would come half a minute later.
    usleep(8_000_000)
    try command(["deployment", "set", "webhook_allow=127.0.0.1"], for: first)
    letNodesLook()
    #expect(before.deliveries.isEmpty)
    try enable(at: before, for: first)
    try eventually("the first delivery", seconds: 10) { before.deliveries.count == 1 }

    try enable(at: after, for: first)
    letNodesLook()
    try write(1, at: first)
    try write(2, at: second)
    // What was sent right before a change may come again, under its id.
    func moved() -> Set<String> { Set(after.deliveries).subtracting(before.deliveries) }
    try eventually("the deliveries at the other endpoint", seconds: 20) { moved().count >= 2 }
    #expect(Set(before.deliveries).count == 1 && moved().count == 2)

    try command(["webhook", "disable", "--name", "saved"], for: first)
    letNodesLook()
    let sent = (before.deliveries.count, after.deliveries.count)
    try write(3, at: first)
    try write(4, at: second)
    letNodesLook()
    #expect((before.deliveries.count, after.deliveries.count) == sent)

    try enable(at: before, for: first)
    try eventually("what was saved meanwhile", seconds: 20) {
      Set(before.deliveries).subtracting(after.deliveries).count >= 2
    }
    #expect(after.deliveries.count == sent.1)
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
    try command(["deployment", "set", "webhook_allow=127.0.0.1"], for: first)
    try enable(at: endpoint, for: first)
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
    // Where a node ends in the middle, what it sent since it kept its place last goes out again too, under the same ids.
    func sentAgain() -> ArraySlice<String> { endpoint.deliveries.dropFirst(22) }
    try eventually("the delivery that was cut off, and the one after it") {
      sentAgain().contains(cut) && Set(endpoint.deliveries).count >= 23
    }
    #expect(Set(endpoint.deliveries).count == 23 && Set(sentAgain()).count == sentAgain().count)
  }
}
