import DataModel
import Storage
import Testing
import Wire

@testable import StorageSQLite

/// Faults in the middle of a step, made by triggers in the file: the object is written already when its
/// oplog entry fails. (A full disk is tried on the real server, in a process of its own.)
@Suite("A fault in the middle of a step")
struct FaultTests {
  private let bed: SQLiteBed
  private let clock = ManualClock(milliseconds: 1_359_623_100_000)

  init() throws { bed = try SQLiteBed() }

  private func store(failingBy action: String) throws -> SQLiteObjectStore {
    let xml = """
      <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>
      <display>A</display></model></data-model>
      """
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model)
    let store = try bed.create(model, clock: clock, options: .init())
    try Connection(path: bed.path, role: .writer, cacheKiB: 256).run(
      """
      CREATE TRIGGER fault BEFORE INSERT ON oplog WHEN NEW.origin = 'bad'
      BEGIN SELECT RAISE(\(action), 'a fault'); END
      """)
    return store
  }

  private func create(_ number: Int, in store: SQLiteObjectStore) throws -> WriteStep {
    let flight = try #require(store.dataModel["flight"])
    return .create(flight, ObjectID(high: 0, low: UInt64(number)), [.text("x")])
  }

  @Test("leaves no trace of its plan, whatever the policy", arguments: ["ABORT", "FAIL", "ROLLBACK"])
  func alone(action: String) async throws {
    let store = try store(failingBy: action)
    let flight = try #require(store.dataModel["flight"])
    _ = try await store.write(WritePlan(steps: [create(1, in: store)], origin: "good"))
    for policy in [WritePlan.Policy.independent, .stopAtFailure, .atomic] {
      for steps in [
        [try create(2, in: store)], [try create(2, in: store), .delete(flight, ObjectID(high: 0, low: 1))],
      ] {
        await #expect(throws: StorageError.self) {
          try await store.write(WritePlan(steps: steps, policy: policy, origin: "bad"))
        }
        let (count, rows, entries) = try await store.read { snapshot in
          var rows = 0
          try snapshot.list(ReadPlan(model: flight, limit: 100)) { rows += $0.count }
          return (try snapshot.count(flight, .always), rows, try snapshot.oplog(from: 0, limit: 100).count)
        }
        #expect((count, rows, entries) == (1, 1, 1))
      }
    }
    _ = try await store.write(WritePlan(steps: [create(3, in: store)], origin: "good"))
    let row = try await store.read {
      try $0.object(flight, ObjectID(high: 0, low: 3))?.integer(0, RowPage.Lead.row)
    }
    #expect(row == 2)
    await store.close()
  }

  @Test(
    "takes no other plan with it, unless SQLite ends the transaction, and never lies",
    arguments: ["ABORT", "ROLLBACK"])
  func crowd(action: String) async throws {
    let store = try store(failingBy: action)
    let flight = try #require(store.dataModel["flight"])
    let outcomes = try await withThrowingTaskGroup(of: (ObjectID, isDone: Bool).self) { group in
      for number in 0..<300 {
        let step = try create(number, in: store)
        let id = ObjectID(high: 0, low: UInt64(number))
        group.addTask {
          do {
            _ = try await store.write(WritePlan(steps: [step], origin: number % 10 == 0 ? "bad" : "good"))
            return (id, true)
          } catch is StorageError {
            return (id, false)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let done = Set(outcomes.filter(\.isDone).map(\.0))
    let (ids, rows, count, entries) = try await store.read { snapshot in
      var ids: Set<ObjectID> = []
      var rows: [Int64] = []
      try snapshot.list(ReadPlan(model: flight, limit: 1000)) { page in
        for row in 0..<page.count {
          ids.insert(page.id(row, RowPage.Lead.id))
          rows.append(page.integer(row, RowPage.Lead.row))
        }
      }
      return (
        ids, rows, try snapshot.count(flight, .always),
        Set(try snapshot.oplog(from: 0, limit: 1000).map(\.id))
      )
    }
    #expect(ids == done)
    #expect(entries == ids)
    #expect(count == ids.count)
    #expect(rows == (0..<ids.count).map { Int64($0 + 1) })
    if action == "ABORT" { #expect(done.count == 270) }
    await store.close()
  }
}
