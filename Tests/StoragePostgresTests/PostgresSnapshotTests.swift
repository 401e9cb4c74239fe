import DataModel
import Glibc
import PostgresUnderTest
import Storage
import StorageConformance
import Synchronization
import Testing
import Wire

@testable import StoragePostgres

/// What snapshots cost, and how they stay one state over several round trips.
@Suite(.serialized) struct PostgresSnapshotTests {
  private static let model = """
    <data-model><model name="note" label="Note"><field name="text" label="Text" type="text"/>
    <display>{text}</display></model></data-model>
    """

  /// A store of notes and a connection beside it.
  private func with(_ body: (PostgresObjectStore, StoredModel, PostgresBed) async throws -> Void) async throws {
    let bed = try PostgresBed()
    let read = DataModelReader.read(Array(Self.model.utf8)).0
    let clock = ManualClock(milliseconds: 1_359_623_100_000)
    let opened = try await bed.create(try #require(read), clock: clock, waitingWrites: nil)
    let store = try #require(opened as? PostgresObjectStore)
    do {
      try await write(1...3, to: store)
      try await body(store, try #require(store.dataModel["note"]), bed)
    } catch {
      await store.close()
      await bed.close()
      throw error
    }
    await store.close()
    await bed.close()
  }

  private func id(_ number: Int) -> ObjectID { ObjectID(high: 1, low: UInt64(number)) }

  private func write(_ numbers: ClosedRange<Int>, to store: PostgresObjectStore) async throws {
    let model = try #require(store.dataModel["note"])
    let steps = numbers.map { WriteStep.create(model, id($0), [.text("note \($0)")]) }
    _ = try await store.write(WritePlan(steps: steps, origin: "password"))
  }

  private func connect(_ bed: PostgresBed) throws -> PostgresConnection {
    try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .reader)
  }

  @Test func aCallIsOneRoundTripWithoutATransaction() async throws {
    try await with { store, model, bed in
      let connection = try connect(bed)
      let calls: [(String, (PostgresSnapshot) throws -> Void)] = [
        (
          "an object",
          { snapshot in
            let found = try snapshot.object(model, id(1), versionsOf: [model])
            #expect(found?.page.count == 1)
            #expect(found?.stateVersions.count == 1)
          }
        ),
        (
          "a list with its total",
          { snapshot in
            let want = ListWant(
              ReadPlan(model: model, predicate: .containsFolded(.column(0), "NOTE"), limit: 2), after: nil,
              hasTotal: true, versioned: [model])
            var count = 0
            let list = try snapshot.list(want) { page, versions in
              count += page.count
              #expect(versions == [snapshot.stateVersion(of: model)])
            }
            #expect(count == 2 && list.total == 3)
          }
        ),
        (
          "look-ups of several models",
          { snapshot in
            let wants = (0..<3).map { Want(number: $0, model: model, ids: [id(1), id(2), id(9)], columns: [0]) }
            let fetched = try snapshot.fetch(wants, attachments: [id(7)])
            #expect(fetched.pages.map(\.count) == [2, 2, 2] && fetched.rest.isEmpty && fetched.attachments.isEmpty)
          }
        ),
        (
          "a count",
          { snapshot in
            let count = try snapshot.count(model, .isNotNull(.column(0)))
            #expect(count == 3)
          }
        ),
        (
          "a history",
          { snapshot in
            let page = try snapshot.history(HistoryPlan(model, id(2), limit: 5))
            #expect(page.entries.count == 1)
          }
        ),
        (
          "changes",
          { snapshot in
            let page = try snapshot.changes(ChangePlan(models: [model.number], limit: 2))
            #expect(page.changes.count == 2)
          }
        ),
      ]
      for (name, call) in calls {
        let before = connection.roundTrips
        let snapshot = PostgresSnapshot(store.deployment, on: connection, holdsFirst: false)
        try call(snapshot)
        // What says of which state it was comes with it.
        #expect(try snapshot.revision().version == 1, "\(name)")
        #expect(try snapshot.nextSequence() > 0, "\(name)")
        #expect(connection.roundTrips - before == 1, "\(name)")
        #expect(!connection.isInTransaction, "\(name)")
      }
    }
  }

  @Test func aBodyThatASecondCallFindsInAnotherStateIsRunOnceMore() async throws {
    try await with { store, model, _ in
      let runs = Mutex(0)
      let found = try await store.read { snapshot in
        let run = runs.withLock { count in
          count += 1
          return count
        }
        let before = try snapshot.object(model, id(4)) != nil
        if run == 1 { try waiting { try await write(4...4, to: store) } }
        // What the body makes of it does not count.
        let after = (try? snapshot.object(model, id(4))) ?? nil
        if run == 2 { try waiting { try await write(5...5, to: store) } }
        return [before, after != nil, try snapshot.object(model, id(5)) != nil]
      }
      #expect(found == [true, true, false])
      #expect(runs.withLock { $0 } == 2)
    }
  }

  @Test func aReadThatIsGivenUpLeavesTheSnapshotAsItWas() async throws {
    try await with { store, model, bed in
      let connection = try connect(bed)
      let other = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
      let snapshot = PostgresSnapshot(store.deployment, on: connection, holdsFirst: true)
      let state = try snapshot.revision()
      try await write(4...4, to: store)
      // Everybody waits for who holds a table alone.
      try other.run("BEGIN")
      try other.run("LOCK TABLE \(store.deployment.schema.table(of: model)) IN ACCESS EXCLUSIVE MODE")
      let clock = ContinuousClock()
      let time = try clock.measure {
        let count = try snapshot.limited(to: .milliseconds(200)) { try snapshot.count(model, .isNotNull(.id)) }
        #expect(count == nil)
        let bounded = try snapshot.count(model, .isNotNull(.id), upTo: 100, within: .milliseconds(200))
        #expect(bounded == .stopped(0))
      }
      #expect(time > .milliseconds(390) && time < .seconds(4))
      try other.rollback()
      let count = try snapshot.count(model, .isNotNull(.id))
      #expect(count == 3)
      let after = try snapshot.revision()
      #expect(after == state)
      #expect(connection.isInTransaction)
      try connection.rollback()
    }
  }

  @Test func whatEndsATransactionIsSaidToAllThatAskOfItLater() async throws {
    try await with { store, model, bed in
      let connection = try connect(bed)
      let snapshot = PostgresSnapshot(store.deployment, on: connection, holdsFirst: true)
      _ = try snapshot.revision()
      try connection.run("SET LOCAL statement_timeout = 100")
      let other = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
      try other.run("BEGIN")
      try other.run("LOCK TABLE \(store.deployment.schema.table(of: model)) IN ACCESS EXCLUSIVE MODE")
      for _ in 0..<2 {
        #expect(throws: StorageError.timeLimit(seconds: 20)) { try snapshot.count(model, .isNotNull(.id)) }
        #expect(!connection.isInTransaction)
      }
      // It is no reason to run the body once more.
      #expect(!snapshot.isOutdated)
      try other.rollback()
    }
  }

  /// Runs `body` and blocks until it has ended.
  private func waiting(_ body: @escaping @Sendable () async throws -> Void) throws {
    let outcome = Mutex<Result<Void, any Error>?>(nil)
    Task {
      let result = await Task { try await body() }.result
      outcome.withLock { $0 = result }
    }
    while true {
      if let result = outcome.withLock({ $0 }) { return try result.get() }
      usleep(1000)
    }
  }
}
