import Metrics
import PostgresUnderTest
import StorageConformance
import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// What nodes tell each other, and what they find when a database has lost commits.
@Suite(.serialized) struct FeedLossTests {
  private static let schema = "d_\(PostgresBed.deployment)"

  /// Two nodes on a store with three objects.
  private func withNodes(_ body: (PostgresBed, Scene, Scene) async throws -> Void) async throws {
    let bed = try PostgresBed()
    do {
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        for number in 1...3 { try await here.write(.create(model, .numbered(number), model.row())) }
        try await body(bed, here, there)
      }
    } catch {
      await bed.close()
      throw error
    }
    await bed.close()
  }

  private func within(_ limit: Duration, _ what: String, _ isSo: () -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while !isSo() {
      guard ContinuousClock.now < end else { throw ConformanceFailure(what) }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// As a failover to a standby that had not got the last commit.
  private func lose(_ sequence: Int64, of model: StoredModel, _ bed: PostgresBed) throws {
    try bed.database.run(
      """
      DELETE FROM \(Self.schema).oplog WHERE sequence = \(sequence);
      DELETE FROM \(Self.schema).m\(model.number) WHERE sequence = \(sequence);
      DELETE FROM \(Self.schema).counters WHERE number = (SELECT max(number) FROM \(Self.schema).commits);
      DELETE FROM \(Self.schema).commits WHERE number = (SELECT max(number) FROM \(Self.schema).commits);
      """)
  }

  @Test func anotherNodeHearsLongBeforeItWouldLook() async throws {
    try await withNodes { _, here, there in
      let model = try here.model()
      var shortest = Duration.seconds(10)
      for number in 10..<15 {
        let next = try await there.store.read { try $0.nextSequence() }
        async let end = there.store.waitForEntry(from: next, until: .now + .seconds(10))
        try await Task.sleep(for: .milliseconds(20))
        try await here.write(.create(model, .numbered(number), model.row()))
        let written = ContinuousClock.now
        #expect(try await end == .entry)
        shortest = min(shortest, ContinuousClock.now - written)
      }
      #expect(shortest < .milliseconds(200))
    }
  }

  @Test func whoWaitsHearsAlsoWhereNotificationsAreLost() async throws {
    try await withNodes { bed, here, there in
      let model = try here.model()
      let next = try await there.store.read { try $0.nextSequence() }
      async let end = there.store.waitForEntry(from: next, until: .now + .seconds(10))
      // No node tells anything, and none listens.
      try bed.database.run(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name IN ('sojourn listener', 'sojourn notifier')
        """)
      try await here.write(.create(model, .numbered(10), model.row()))
      #expect(try await end == .entry)
    }
  }

  @Test func aDatabaseThatLostCommitsGetsANewFeedWhichAllNodesServe() async throws {
    try await withNodes { bed, here, there in
      let feed = here.store.feedID
      let known = try #require(try await here.oplog().last).sequence
      try await within(.seconds(3), "the other node heard of nothing") { there.store.figures.lastSequence == known }
      try lose(known, of: try here.model(), bed)
      try await within(.seconds(4), "the feed kept its id") {
        here.store.feedID != feed && there.store.feedID == here.store.feedID
      }
      let renewed = here.store.feedID
      // Nobody is told of an entry that is not there.
      let wait = try await there.store.waitForEntry(from: known, until: .now + .milliseconds(50))
      #expect(wait == .over)
      let model = try here.model()
      try await there.write(.create(model, .numbered(9), model.row()))
      let entries = try await here.oplog()
      #expect(try #require(entries.last).sequence > known)
      // It is renewed once.
      try await Task.sleep(for: .milliseconds(1500))
      let renewals = here.store.figures.ofEngine(.feedRenewals) ?? 0
      #expect(renewals + (there.store.figures.ofEngine(.feedRenewals) ?? 0) >= 1)
      #expect(here.store.feedID == renewed && there.store.feedID == renewed)
      let feeds = try bed.database.run("SELECT count(DISTINCT feed) FROM \(Self.schema).commits")
      #expect(feeds == "2\n")
    }
  }

  @Test func aWriterThatFindsLostCommitsRenewsTheFeedAtOnce() async throws {
    try await withNodes { bed, here, _ in
      let feed = here.store.feedID
      let known = try #require(try await here.oplog().last).sequence
      try lose(known, of: try here.model(), bed)
      let model = try here.model()
      try await here.write(.create(model, .numbered(9), model.row()))
      #expect(try #require(try await here.oplog().last).sequence > known)
      try await within(.seconds(1), "the feed kept its id") { here.store.feedID != feed }
      #expect(here.store.figures.ofEngine(.feedRenewals) == 1)
    }
  }

  @Test func tendingForgetsRowsOfCommitsThatAnHourAgoCountedLast() async throws {
    try await withNodes { bed, here, there in
      func rows() throws -> String {
        try bed.database.run(
          "SELECT (SELECT count(*) FROM \(Self.schema).commits), (SELECT count(*) FROM \(Self.schema).counters)")
      }
      try await here.store.tend()
      #expect(try rows() == "4|3\n")
      here.clock.advance(byMilliseconds: 3_601_000)
      try await here.store.tend()
      #expect(try rows() == "1|1\n")
      let model = try here.model()
      #expect(try await there.count(model) == 3)
      try await there.write(.delete(model, .numbered(1)))
      #expect(try await here.count(model) == 2)
      #expect(here.store.figures.ofEngine(.databaseBytes) ?? 0 > 100_000)
    }
  }

  @Test func aRestoredDatabaseBeginsOtherFeeds() async throws {
    let bed = try PostgresBed()
    let scene = try await Scene.open(on: bed)
    let model = try scene.model()
    try await scene.write(.create(model, .numbered(1), model.row()))
    let (feed, last) = (scene.store.feedID, try #require(try await scene.oplog().last).sequence)
    await scene.store.close()
    let now = Scene.start + 5000
    let connection = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
    let renewed = try RestoredDatabase(connection).renew(milliseconds: now)
    connection.close()
    #expect(renewed.map(\.deployment) == [PostgresBed.deployment])
    #expect(renewed.first?.last == last && renewed.first?.floor == now << 10)
    let store = try await bed.reopen(clock: scene.clock)
    #expect(store.feedID != feed && store.feedID == renewed.first?.feedID)
    let again = Scene(store: store, clock: scene.clock)
    try await again.write(.create(model, .numbered(2), model.row()))
    #expect(try await again.oplog().map(\.sequence) == [last, now << 10 + 1])
    await store.close()
    await bed.close()
  }
}
