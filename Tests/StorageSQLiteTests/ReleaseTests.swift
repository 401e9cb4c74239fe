import DataModel
import Glibc
import Storage
import StorageConformance
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
}
