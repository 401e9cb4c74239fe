import DataModel
import Glibc
import Storage
import StorageConformance
import Synchronization
import Testing
import Wire

@testable import StorageSQLite

@Suite("A deployment that is closed", .serialized)
struct ReleaseTests {
  private let bed: SQLiteBed
  private let store: SQLiteObjectStore
  private let flight: StoredModel

  init() throws {
    bed = try SQLiteBed()
    let xml = """
      <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>
      <display>A</display></model></data-model>
      """
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model)
    store = try bed.create(model, clock: ManualClock(milliseconds: 1_359_623_100_000), options: SQLiteBed.options)
    flight = try #require(store.dataModel["flight"])
  }

  private func write(_ number: Int) async throws {
    _ = try await store.write(
      WritePlan(steps: [.create(flight, ObjectID(high: 0, low: UInt64(number)), [.text("x")])], origin: "password"))
  }

  private func count() async throws -> Int { try await store.read { [flight] in try $0.count(flight, .always) } }

  /// Descriptors of the process that lead to files of the deployment.
  private var descriptors: [String] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var found: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var target = [CChar](repeating: 0, count: 4096)
      let length = readlink("/proc/self/fd/\(name)", &target, target.count - 1)
      guard length > 0 else { continue }
      let path = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if path.hasPrefix(bed.directory.path) { found.append(path) }
    }
    return found
  }

  @Test("has no file open and no log, and is opened again by the next call, with all that was written")
  func release() async throws {
    for number in 1...20 { try await write(number) }
    #expect(store.use.isOpen && !descriptors.isEmpty)
    let last = try await store.read { try $0.nextSequence() } - 1
    let webhooks = try await store.webhooks()
    await store.release()
    #expect(descriptors == [])
    #expect(!store.use.isOpen)
    #expect(access(bed.path + "-wal", F_OK) != 0, "the log was moved")
    // What is asked without reading opens nothing.
    #expect(store.figures.lastSequence == last)
    #expect(store.dataModel["flight"] != nil)
    let same = try await store.webhooks()
    #expect(same == webhooks)
    let atOnce = try store.readAtOnce { _ in 1 }
    #expect(atOnce == nil)
    #expect(descriptors == [])
    let before = try await count()
    #expect(before == 20)
    await store.release()
    try await write(21)
    let after = try await count()
    #expect(after == 21)
    await store.release()
    #expect(store.figures.lastSequence > last)
    await store.release()
    #expect(descriptors == [])
    await store.close()
    let again = try bed.reopen(clock: ManualClock(milliseconds: 1_359_623_100_000), options: SQLiteBed.options)
    #expect(again.feedID == store.feedID)
    let kept = try await again.read { [flight] in try $0.count(flight, .always) }
    #expect(kept == 21)
    await again.close()
  }

  @Test("keeps those who wait for its oplog to go on")
  func waits() async throws {
    try await write(1)
    let next = try await store.read { try $0.nextSequence() }
    async let end = store.waitForEntry(from: next, until: .now + .seconds(30))
    while store.figures.waitingReaders == 0 { await Task.yield() }
    await store.release()
    #expect(descriptors == [])
    try await write(2)
    let how = try await end
    #expect(how == .entry)
    await store.close()
  }

  @Test("loses nothing of what is written and read while it is closed again and again")
  func underLoad() async throws {
    let store = store
    let flight = flight
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<100 {
            let id = ObjectID(high: UInt64(writer) + 1, low: UInt64(number))
            _ = try await store.write(WritePlan(steps: [.create(flight, id, [.text("x")])], origin: "password"))
            let found = try await store.read { try $0.object(flight, id)?.count }
            #expect(found == 1)
          }
        }
      }
      group.addTask { for _ in 0..<100 { await store.release() } }
      try await group.waitForAll()
    }
    let all = try await count()
    #expect(all == 400)
    await store.release()
    #expect(descriptors == [])
    await store.close()
  }

  /// Where a writer or a reader stands until the test lets it go on.
  private final class Gate: Sendable {
    private let isClosed = Atomic(false)
    private let arrivals = Atomic(0)

    func close() { isClosed.store(true, ordering: .releasing) }
    func open() { isClosed.store(false, ordering: .releasing) }

    func pass() {
      arrivals.add(1, ordering: .relaxed)
      while isClosed.load(ordering: .acquiring) { usleep(500) }
    }

    /// Until somebody has come since `count` had.
    func arrival(after count: Int) async {
      while arrivals.load(ordering: .relaxed) <= count { await Task.yield() }
    }

    var count: Int { arrivals.load(ordering: .relaxed) }
  }

  // the writer                  who closes             who calls
  // begins a group: 1
  //                             release, waits
  //                                                    write 2, waits
  // commits, answers 1
  // closes its connection
  //                             release returns
  // opens it: group with 2
  @Test("is closed after the group that is being written, and a write that came meanwhile opens it again")
  func writeWhileClosing() async throws {
    await store.close()
    let gate = Gate()
    var options = SQLiteBed.options
    options.beforeCommit = { gate.pass() }
    let store = try bed.reopen(clock: ManualClock(milliseconds: 1_359_623_200_000), options: options)
    let flight = flight
    let write = { @Sendable (number: UInt64) in
      _ = try await store.write(
        WritePlan(steps: [.create(flight, ObjectID(high: 0, low: number), [.text("x")])], origin: "password"))
    }
    gate.close()
    let before = gate.count
    async let first: Void = write(1)
    await gate.arrival(after: before)
    async let closed: Void = store.release()
    while store.figures.waitingWrites < 1 { await Task.yield() }
    async let second: Void = write(2)
    while store.figures.waitingWrites < 2 { await Task.yield() }
    gate.open()
    try await first
    await closed
    try await second
    #expect(store.use.isOpen)
    let all = try await store.read { try $0.count(flight, .always) }
    #expect(all == 2)
    await store.release()
    #expect(descriptors == [])
    await store.close()
  }

  @Test("leaves a read that goes on its connection, which the next closing closes")
  func readWhileClosing() async throws {
    try await write(1)
    let gate = Gate()
    gate.close()
    async let found = store.read { [flight] snapshot in
      let before = try snapshot.count(flight, .always)
      gate.pass()
      return [before, try snapshot.count(flight, .always)]
    }
    await gate.arrival(after: 0)
    await store.release()
    #expect(store.use.isBusy && store.use.isOpen)
    // What is committed meanwhile is not in the snapshot.
    try await write(2)
    gate.open()
    let seen = try await found
    #expect(seen == [1, 1])
    await store.release()
    #expect(descriptors == [])
    await store.close()
  }

  @Test("is opened by several calls at once")
  func callsWhileOpening() async throws {
    let store = store
    let flight = flight
    for round in 0..<20 {
      await store.release()
      #expect(!store.use.isOpen)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            let id = ObjectID(high: UInt64(round), low: UInt64(number))
            _ = try await store.write(WritePlan(steps: [.create(flight, id, [.text("x")])], origin: "password"))
          }
          group.addTask {
            let found = try await store.read { try $0.count(flight, .always) }
            #expect(found >= round * 4 && found <= round * 4 + 4)
          }
        }
        try await group.waitForAll()
      }
      #expect(store.use.isOpen)
    }
    await store.close()
  }

  @Test("takes a deploy, and says what was deployed")
  func deploy() async throws {
    try await write(1)
    await store.release()
    let xml = """
      <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>
      <field name="b" label="B" type="integer"/><display>A</display><index on="b"/></model></data-model>
      """
    let stored = try await store.deploy(try #require(DataModelReader.read(Array(xml.utf8)).model), by: nil)
    #expect(stored.version == 2)
    while try await !store.pendingIndexes().isEmpty { await Task.yield() }
    while store.use.isBusy { await Task.yield() }
    await store.release()
    #expect(descriptors == [])
    #expect(store.dataModel.version == 2)
    let history = try await store.deploys().map(\.version)
    #expect(history == [2, 1])
    let widened = try #require(store.dataModel["flight"])
    let found = try await store.read { try $0.count(widened, .always) }
    #expect(found == 1)
    await store.close()
  }

  @Test("is backed up")
  func backup() async throws {
    try await write(1)
    let last = try await store.read { try $0.nextSequence() } - 1
    await store.release()
    let copied = try DatabaseCopy.deployment(of: bed.path, at: bed.directory.path + "/copy.db")
    #expect(copied == last)
    #expect(descriptors == [] && !store.use.isOpen)
    try await write(2)
    let all = try await count()
    #expect(all == 2)
    await store.close()
  }

  @Test("says what its webhooks are without being opened, from its opening on and after each change that was read")
  func webhooks() async throws {
    let record = WebhookRecord(name: "saved", url: "https://example.org", secret: [1, 2], position: 7)
    try await store.change([WebhookChange(record: record)])
    _ = try await store.keep(sealedSigningKey: [3, 4])
    let object = ObjectID(high: 0, low: 1)
    await store.close()

    let again = try bed.reopen(clock: ManualClock(milliseconds: 1_359_623_200_000), options: SQLiteBed.options)
    await again.release()
    let calls = again.use.calls
    let webhooks = try await again.webhooks()
    #expect(webhooks.map(\.name) == ["saved"] && webhooks.first?.position == 7)
    let key = try await again.sealedSigningKey()
    #expect(key == [3, 4])
    let none = try await again.deliveries(of: "saved")
    #expect(none == [])
    #expect(descriptors == [] && again.use.calls == calls)

    let changed = try #require(webhooks.first)
    let waiting = WebhookDelivery(sequence: 8, object: object, nextAt: 9)
    try await again.change([WebhookChange(record: changed, deliveries: [waiting])])
    let deliveries = try await again.deliveries(of: "saved")
    #expect(deliveries == [waiting])
    await again.close()
  }
}
