import DataModel
import ServerUnderTest
import Storage
import StorageUnderTest
import Synchronization
import Testing
import Wire

@testable import Webhooks

@Suite("A webhook of which another node takes over the deliveries")
struct WebhookTakeoverTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
    <display>{number}</display><webhook type="update" name="saved"/></model></data-model>
    """
  private static let deployment = "0123456789abcdef01234567"
  private static let lease = LeaseName.deliveries(of: "saved")

  /// Takes everything, and remembers what came where: `one saved:5`.
  private final class Receiver: DeliverySender {
    private let seen = Mutex<[String]>([])

    func send(_ request: DeliveryRequest) -> DeliveryResult {
      let name = request.headers.first { $0.name == DeliveryHeaders.delivery }?.value ?? ""
      seen.withLock { $0.append("\(request.endpoint.text.suffix(3)) \(name)") }
      return DeliveryResult(status: 200, problem: nil)
    }

    func verdict(on endpoint: Endpoint, permitted: AddressGuard) -> EndpointVerdict { .permitted([]) }

    var all: [String] { seen.withLock { $0 } }
  }

  private struct Scene {
    let store: any ObjectStore
    let clock: ManualClock
    let receiver = Receiver()
    let reports = Reports()

    final class Reports: Sendable {
      private let sentences = Mutex<[String]>([])
      func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
      var all: [String] { sentences.withLock { $0 } }
    }

    var engine: WebhookEngine {
      get throws {
        let deployment = WebhookDeployment(
          id: WebhookTakeoverTests.deployment, appID: "b", store: store, permitted: { AddressGuard() },
          render: { wanted in
            let entries = wanted.sequences.map {
              RenderedEntry(sequence: $0, operation: .create, object: ByteBlock(Array("{}".utf8)))
            }
            return EntriesFound(entries: entries, gone: [])
          })
        let settings = WebhookSettings(
          server: "http://a", version: "1", sealing: [UInt8](repeating: 7, count: 32), clock: clock,
          report: { [reports] in reports.add($0) })
        return try WebhookEngine(settings: settings, sender: receiver) { _ in deployment }
      }
    }

    /// Saves an item; the name of its delivery.
    func save(_ number: UInt64) async throws -> String {
      let model = try #require(store.dataModel["item"])
      let step = WriteStep.create(model, ObjectID(high: 1, low: number), [.integer(Int64(number))])
      _ = try await store.write(WritePlan(steps: [step], origin: "password"))
      return "saved:\(try await store.read { try $0.nextSequence() } - 1)"
    }

    /// Waits while the clock goes on.
    func wait(_ isSo: () async throws -> Bool) async throws {
      for _ in 0..<1000 {
        if try await isSo() { return }
        clock.advance(byMilliseconds: 100)
        try await Task.sleep(for: .milliseconds(20))
      }
      Issue.record("it never came: \(receiver.all), \(reports.all)")
    }
  }

  @Test("is left alone by the one that lost it, which goes on from what the other kept when its turn comes again")
  func takeover() async throws {
    let folder = try TemporaryDirectory()
    let clock = ManualClock(milliseconds: 1_767_225_600_000)
    let place = try StoragePlace(in: folder.path)
    let storage = try place.engine(clock: clock)
    let model = try #require(DataModelReader.read(Array(Self.schema.utf8)).model)
    let scene = Scene(store: try await storage.create(deployment: Self.deployment, model: model, by: nil), clock: clock)
    let (store, receiver) = (scene.store, scene.receiver)
    let webhooks = try scene.engine
    await webhooks.start([Self.deployment])
    try await webhooks.enable("saved", of: Self.deployment, url: "http://a.example.org/one")
    let first = try await scene.save(1)
    try await scene.wait { try await store.webhooks().first?.delivered == 1 }
    #expect(receiver.all == ["one \(first)"])

    // Another node takes over; this one has not heard of it, and may send once more before it is refused.
    try await store.giveUp(LeaseHold(name: Self.lease, number: 1))
    let other = try #require(try await store.take(lease: Self.lease, for: .max, as: ObjectID(high: 9, low: 9)))
    let second = try await scene.save(2)
    try await scene.wait { !scene.reports.all.isEmpty }
    #expect(scene.reports.all.allSatisfy { $0.contains("Another process holds the lease") })
    var record = try #require(try await store.webhooks().first)
    #expect(record.delivered == 1, "what it wrote was refused")

    // The other one delivers elsewhere, and this one does not.
    record.url = "http://a.example.org/two"
    try await store.change([WebhookChange(record: record)], under: other)
    let third = try await scene.save(3)
    let before = clock.milliseconds()
    try await scene.wait { clock.milliseconds() > before + 25_000 }
    #expect(!receiver.all.contains { $0.hasSuffix(third) })
    let status = try #require(try await webhooks.webhooks(of: Self.deployment).first)
    #expect(status.url == record.url, "told from what the other kept")

    try await store.giveUp(other)
    try await scene.wait { try await store.webhooks().first?.delivered == 3 }
    #expect(Set(receiver.all.suffix(2)) == ["two \(second)", "two \(third)"])
    await webhooks.stop()
    await store.close()
    await storage.close()
    withExtendedLifetime((folder, place)) {}
  }

  @Test("is run, changed and stopped at a node that looks, by what another one has kept")
  func look() async throws {
    let folder = try TemporaryDirectory()
    let clock = ManualClock(milliseconds: 1_767_225_600_000)
    let place = try StoragePlace(in: folder.path)
    let storage = try place.engine(clock: clock)
    let model = try #require(DataModelReader.read(Array(Self.schema.utf8)).model)
    let scene = Scene(store: try await storage.create(deployment: Self.deployment, model: model, by: nil), clock: clock)
    let (store, receiver) = (scene.store, scene.receiver)
    let (serving, command) = (try scene.engine, try scene.engine)
    await serving.start([Self.deployment])

    try await command.enable("saved", of: Self.deployment, url: "http://a.example.org/one")
    #expect(await serving.look(at: [Self.deployment]).isEmpty)
    let first = try await scene.save(1)
    try await scene.wait { try await store.webhooks().first?.delivered == 1 }

    try await command.enable("saved", of: Self.deployment, url: "http://a.example.org/two")
    #expect(await serving.look(at: [Self.deployment]).isEmpty)
    let second = try await scene.save(2)
    try await scene.wait { try await store.webhooks().first?.delivered == 2 }
    #expect(receiver.all == ["one \(first)", "two \(second)"])

    try await command.change("saved", of: Self.deployment) { $0.disable() }
    #expect(await serving.look(at: [Self.deployment]).isEmpty)
    let third = try await scene.save(3)
    let before = clock.milliseconds()
    try await scene.wait { clock.milliseconds() > before + 5000 }
    #expect(receiver.all.count == 2)

    try await command.enable("saved", of: Self.deployment, url: "http://a.example.org/two")
    #expect(await serving.look(at: [Self.deployment]).isEmpty)
    try await scene.wait { try await store.webhooks().first?.delivered == 3 }
    #expect(receiver.all.last == "two \(third)" && receiver.all.count == 3)
    await serving.stop()
    await store.close()
    await storage.close()
    withExtendedLifetime((folder, place)) {}
  }
}
