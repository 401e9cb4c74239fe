import DataModel
import Storage
import Synchronization
import Testing
import Wire

@testable import StorageSQLite

@Suite("An index that cannot be built")
struct IndexBuilderTests {
  private static func model(_ indexes: String) throws -> DataModel {
    let xml = """
      <data-model><model name="flight" label="A"><field name="number" label="A" type="integer"/>
      <display>A</display>\(indexes)</model></data-model>
      """
    return try #require(DataModelReader.read(Array(xml.utf8)).model)
  }

  private final class Reports: Sendable {
    let sentences = Mutex<[String]>([])
  }

  private func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<2000 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("\(what) never happened")
  }

  private func status(_ store: any ObjectStore) async throws -> StoredIndex.Status? {
    try await store.indexes().first?.indexes.first { $0.name == "number" }?.status
  }

  @Test("is said once in the log, stays pending while all else goes on, and is built after a restart")
  func failing() async throws {
    let bed = try SQLiteBed()
    let reports = Reports()
    var options = SQLiteObjectStore.Options()
    options.report = { sentence in reports.sentences.withLock { $0.append(sentence) } }
    let store = try bed.create(Self.model(""), clock: ManualClock(), options: options)
    let flight = try #require(store.dataModel["flight"])
    let steps = (0..<6000).map { WriteStep.create(flight, ObjectID(high: 1, low: UInt64($0)), [.integer(Int64($0))]) }
    _ = try await store.write(WritePlan(steps: steps, origin: "password"))

    // Something has the name that the index is to have.
    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 64)
    let name = "\(flight.table)_i_c\(flight.columns[0].number)"
    try connection.run("CREATE TABLE \(name) (a)")
    let deployed = try await store.deploy(Self.model("<index on=\"number\"/>"), by: nil)
    try await wait("a report") { !reports.sentences.withLock { $0.isEmpty } }
    #expect(try await status(store) == .pending)
    #expect(try await store.pendingIndexes().map(\.objects) == [6000])
    let model = try #require(deployed["flight"])
    let id = ObjectID(high: 2, low: 1)
    let made = try await store.write(WritePlan(steps: [.create(model, id, [.integer(7000)])], origin: "password"))
    #expect(made.steps.count { $0.isFailure } == 0)
    let found = try await store.read { try $0.count(model, .ordered(.column(0), .greaterOrEqual, .integer(5999))) }
    #expect(found == 2)
    #expect(reports.sentences.withLock { $0 }.count == 1)
    #expect(reports.sentences.withLock { $0 }.first?.contains("tried again every 30 seconds") == true)
    await store.close()

    try connection.run("DROP TABLE \(name)")
    let again = try await bed.reopen(clock: ManualClock())
    try await wait("the index") { try await status(again) == .ready }
    #expect(try await again.pendingIndexes() == [])
    await again.close()
  }
}
