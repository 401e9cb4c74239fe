import DataModel
import Foundation
import Storage
import Testing
import Wire

@testable import StorageSQLite

/// SQLite's own fault of "invalid WAL frames after rollback": pages that are written before the commit,
/// then a savepoint that is rolled back.
@Suite("A group that is larger than the cache")
struct SpillTests {
  @Test("is found again after a crash, also after parts of it were taken back")
  func rolledBack() async throws {
    let bed = try SQLiteBed()
    let xml = """
      <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>
      <display>A</display><index on="a"/></model></data-model>
      """
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model)
    var options = SQLiteObjectStore.Options()
    options.writerCacheKiB = 32
    let store = try bed.create(model, clock: ManualClock(milliseconds: 1_359_623_100_000), options: options)
    let flight = try #require(store.dataModel["flight"])
    var random = SystemRandomNumberGenerator()
    func create() -> WriteStep {
      let text = String(repeating: "x", count: Int.random(in: 0..<1000, using: &random))
      return .create(
        flight, .random(using: &random), [.text("\(UInt64.random(in: 0 ... .max, using: &random))\(text)")])
    }
    var expected = 0
    for round in 0..<40 {
      let whole = WritePlan(steps: (0..<60).map { _ in create() }, origin: "a")
      let undone = WritePlan(steps: (0..<200).map { _ in create() } + [.refused], policy: .atomic, origin: "a")
      let one = WritePlan(steps: [create()], origin: "a")
      // They may come into one group or into several.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for plan in [whole, undone, one] { group.addTask { _ = try await store.write(plan) } }
        try await group.waitForAll()
      }
      expected += 61
      let copy = bed.directory.path + "/copy-\(round).db"
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: bed.path + suffix, toPath: copy + suffix)
      }
      let connection = try Connection(path: copy, role: .writer, cacheKiB: 256)
      let count = try Statement("SELECT count(*) FROM \(flight.table)", on: connection)
      #expect(try count.step() && count.integer(0) == Int64(expected))
    }
    await store.close()
  }
}
