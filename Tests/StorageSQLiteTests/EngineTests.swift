import DataModel
import Foundation
import Metrics
import Storage
import Testing
import Threads
import Wire

@testable import StorageSQLite

@Suite("The SQLite engine")
struct EngineTests {
  private let folder: TemporaryDirectory
  private let directory: DataDirectory
  private let clock = ManualClock(milliseconds: 1_359_623_100_000)
  private let id = "0123456789abcdef01234567"

  init() throws {
    folder = try TemporaryDirectory()
    directory = try DataDirectory(folder.path)
  }

  private func model(_ field: String = "a") throws -> DataModel {
    let xml = """
      <data-model><model name="flight" label="A"><field name="\(field)" label="A" type="text"/>
      <display>A</display></model></data-model>
      """
    return try #require(DataModelReader.read(Array(xml.utf8)).model)
  }

  private func refusal(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
    } catch StorageError.unusable(let sentence) {
      return sentence
    } catch {
      Issue.record("\(error)")
      return nil
    }
    Issue.record("nothing was refused")
    return nil
  }

  @Test("keeps a deployment in a file, and removes it with its log")
  func files() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    let store = try await engine.create(deployment: id, model: model(), by: nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.deployments).contains(id + ".db"))
    await store.close()
    try engine.remove(deployment: id)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.deployments) == [])
    try engine.remove(deployment: id)
    engine.close()
  }

  @Test("tells the sizes of a deployment's files, and what its readers, log and searches do")
  func figures() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    let store = try await engine.create(deployment: id, model: model(), by: nil)
    let figures = store.figures
    #expect(figures.ofEngine(.databaseBytes) ?? 0 > 0)
    let all: [(Metric, String?)] = [
      (.databaseBytes, nil), (.logBytes, nil), (.checkpoints, nil), (.checkpointSeconds, nil), (.readersInUse, nil),
      (.readersIdle, nil), (.searches, "indexed"), (.searches, "scanned"),
    ]
    for (metric, word) in all { #expect(figures.ofEngine(metric, word) != nil, "\(metric.name)") }
    #expect(figures.ofEngine.count == all.count)
    await store.close()
    engine.close()
  }

  @Test("makes a deployment over what a creation that was cut off left behind")
  func leftovers() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    for suffix in ["", "-wal", "-shm"] {
      try Data("rubbish".utf8).write(to: URL(filePath: "\(directory.deployments)/\(id).db\(suffix)"))
    }
    let store = try await engine.create(deployment: id, model: model("b"), by: nil)
    #expect(store.dataModel.models.first?.columns.map(\.name) == ["b"])
    await store.close()
    engine.close()
  }

  @Test("says where a file is missing")
  func missing() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    let sentence = await refusal { _ = try await engine.open(deployment: id) }
    #expect(sentence?.contains("\(id).db is not there") == true)
    engine.close()
  }

  @Test("refuses a file of a later version in plain words")
  func laterVersion() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    await (try await engine.create(deployment: id, model: model(), by: nil)).close()
    let connection = try Connection(path: "\(directory.deployments)/\(id).db", role: .writer, cacheKiB: 256)
    let later = Catalog.fileVersion + 1
    try connection.run("PRAGMA user_version = \(later)")
    let sentence = await refusal { _ = try await engine.open(deployment: id) }
    #expect(
      sentence?.contains("later version of Sojourn (layout \(later), this one knows up to \(Catalog.fileVersion))")
        == true)
    engine.close()
  }

  @Test("refuses a file that is no database, and a control file that is none")
  func noDatabase() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    let path = "\(directory.deployments)/\(id).db"
    try Data(String(repeating: "no database ", count: 1000).utf8).write(to: URL(filePath: path))
    let sentence = await refusal { _ = try await engine.open(deployment: id) }
    #expect(sentence?.contains("\(path) is no database of Sojourn") == true)
    engine.close()

    let other = try TemporaryDirectory()
    let control = other.path + "/control.db"
    try Data(String(repeating: "no database ", count: 1000).utf8).write(to: URL(filePath: control))
    let second = await refusal { _ = try SQLiteControlStore(path: control) }
    #expect(second?.contains(control) == true)
  }

  @Test("refuses a database that holds no data model")
  func empty() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    try Data().write(to: URL(filePath: "\(directory.deployments)/\(id).db"))
    let sentence = await refusal { _ = try await engine.open(deployment: id) }
    #expect(sentence?.contains("no deployed data model") == true)
    engine.close()
  }

  @Test("finds everything after its files were left open, as a killed process leaves them")
  func crash() async throws {
    let engine = try SQLiteEngine(directory, clock: clock)
    let store = try await engine.create(deployment: id, model: model(), by: nil)
    let flight = try #require(store.dataModel["flight"])
    for number in 1...50 {
      let plan = WritePlan(
        steps: [.create(flight, ObjectID(high: 0, low: UInt64(number)), [.text("x\(number)")])],
        origin: "password")
      _ = try await store.write(plan)
    }
    // Copied while it is open, the file and its log are what a crash would leave.
    let copy = try TemporaryDirectory()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: "\(directory.deployments)/\(id).db\(suffix)", toPath: "\(copy.path)/a.db\(suffix)")
    }
    await store.close()
    let threads = try StoreThreads(reading: 1)
    let found = try SQLiteObjectStore(path: copy.path + "/a.db", StoreContext(threads: threads, clock: clock))
    let (count, entries) = try await found.read { snapshot in
      (try snapshot.count(flight, .always), try snapshot.oplog(from: 0, limit: 100).count)
    }
    #expect(count == 50)
    #expect(entries == 50)
    await found.close()
    threads.close()
    engine.close()
  }

  @Test("ends a read that runs past its time limit, and reads on")
  func timeLimit() async throws {
    let threads = try StoreThreads(reading: 1)
    var options = SQLiteObjectStore.Options()
    options.secondsPerRead = 0
    let store = try SQLiteObjectStore(
      creating: folder.path + "/slow.db", model: model(), by: nil,
      StoreContext(threads: threads, clock: clock, options: options))
    let flight = try #require(store.dataModel["flight"])
    _ = try await store.write(
      WritePlan(
        steps: (1...2000).map { .create(flight, ObjectID(high: 0, low: UInt64($0)), [.text("x")]) },
        origin: "password"))
    let slow = Predicate.any((0..<50).map { .containsText(.column(0), "y\($0)") })
    await #expect(throws: StorageError.timeLimit(seconds: 0)) {
      try await store.read { try $0.count(flight, slow) }
    }
    // What a deep skip leaves out is walked past all the same.
    let deep = ReadPlan(model: flight, predicate: .isNotNull(.column(0)), skip: 1990, limit: 10)
    await #expect(throws: StorageError.timeLimit(seconds: 0)) {
      try await store.read { try $0.list(deep) { _ in } }
    }
    // Short statements end before anybody looks at the clock.
    #expect(try await store.read { try $0.count(flight, .always) } == 2000)
    #expect(try await store.read { try $0.object(flight, ObjectID(high: 0, low: 1))?.count } == 1)
    await store.close()
    threads.close()
  }

  @Test("keeps short statements ready and long ones not")
  func statements() throws {
    let connection = try Connection(path: folder.path + "/c.db", role: .writer, cacheKiB: 256, create: true)
    let short = try connection.statement("SELECT 1")
    #expect(try connection.statement("SELECT 1") === short)
    #expect(try short.step())
    #expect(try connection.statement("SELECT 1") !== short, "it was running")
    short.reset()
    #expect(try connection.statement("SELECT 1") === short)
    let long = "SELECT 1" + String(repeating: " + 1", count: 500) + String(repeating: " ", count: 8000)
    #expect(try connection.statement(long) !== connection.statement(long))
    for number in 0..<200 { _ = try connection.statement("SELECT \(number)") }
    #expect(try connection.statement("SELECT 1") !== short)
  }
}
