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

  /// How many have the number 1, as a list says.
  private func total(at scene: Scene) async throws -> Int? {
    let model = try scene.model()
    let plan = ReadPlan(model: model, predicate: .equal(try model.column("number"), .integer(1)), limit: 1)
    return try await scene.store.read {
      try $0.list(ListWant(plan, after: nil, hasTotal: true, versioned: [])) { _, _ in }.total
    }
  }

  /// So many that their total is remembered, and three lists of them at a node, after which it is.
  private func fill(_ here: Scene, seenAt there: Scene) async throws {
    let model = try here.model()
    try await here.write(
      (0..<RememberedTotals.least).map {
        .create(model, .numbered(1000 + $0), try model.row(["number": .integer(1)]))
      })
    for _ in 0..<3 { #expect(try await total(at: there) == RememberedTotals.least) }
  }

  @Test func aTotalIsCountedAgainOnceItsModelIsWrittenTo() async throws {
    try await withNodes { bed, here, there in
      try await fill(here, seenAt: there)
      let model = try here.model()
      // What no commit tells of is not seen: so nothing was counted.
      try bed.database.run("DELETE FROM \(Self.schema).m\(model.number) WHERE n % 2 = 0")
      #expect(try await total(at: there) == RememberedTotals.least)
      try await here.write(.create(try here.model("airline"), .numbered(50), try here.model("airline").row()))
      #expect(try await total(at: there) == RememberedTotals.least)
      try await here.write(.create(model, .numbered(51), try model.row()))
      let left = try await there.count(model, .equal(try model.column("number"), .integer(1)))
      #expect(left < RememberedTotals.least)
      #expect(try await total(at: there) == left)
    }
  }

  /// The numbers of commits that were lost come again, one with each write; nobody asks before it is that one.
  @Test(arguments: 1...4)
  func aTotalOfCommitsThatWereLostIsNotTakenForOneOfThoseThatCameAfter(writes: Int) async throws {
    try await withNodes { bed, here, there in
      try await fill(here, seenAt: there)
      let model = try here.model()
      let feed = here.store.feedID
      for number in 60..<63 {
        try await here.write(.create(model, .numbered(number), try model.row(["number": .integer(1)])))
      }
      let known = try #require(try await here.oplog().last).sequence
      for _ in 0..<3 { #expect(try await total(at: there) == RememberedTotals.least + 3) }
      try await within(.seconds(3), "the other node heard of nothing") { there.store.figures.lastSequence == known }
      for sequence in (known - 2...known).reversed() { try lose(sequence, of: model, bed) }
      try await within(.seconds(4), "the feed kept its id") {
        here.store.feedID != feed && there.store.feedID == here.store.feedID
      }
      for number in 0..<writes { try await here.write(.create(model, .numbered(70 + number), try model.row())) }
      #expect(try await total(at: there) == RememberedTotals.least)
    }
  }

  /// Nor are displays that were remembered of them.
  @Test func aStateVersionThatWasSeenOfLostCommitsDoesNotComeAgain() async throws {
    try await withNodes { bed, here, there in
      let model = try here.model()
      func stateVersion(at scene: Scene) async throws -> Int {
        let looked = try await scene.store.read(beginningWith: ObjectLookup(model, .numbered(1), versionsOf: [model])) {
          (try $0.object(model, .numbered(1), versionsOf: [model])?.stateVersions[0], $0.stateVersion(of: model))
        }
        let read = try await scene.store.read { $0.stateVersion(of: model) }
        #expect(looked.0 == read && looked.1 == read)
        return try #require(read)
      }
      func write(_ number: Int) async throws {
        let plan = WritePlan(steps: [.create(model, .numbered(number), try model.row())], origin: "password")
        let versions = try #require(try await here.store.write(plan).stateVersions)
        #expect(try await stateVersion(at: here) == versions[model])
      }
      var seen: Set<Int> = []
      for number in 60..<63 {
        try await write(number)
        #expect(seen.insert(try await stateVersion(at: there)).inserted)
      }
      let highest = try #require(seen.max())
      let feed = here.store.feedID
      let known = try #require(try await here.oplog().last).sequence
      try await within(.seconds(3), "the other node heard of nothing") { there.store.figures.lastSequence == known }
      for sequence in (known - 2...known).reversed() { try lose(sequence, of: model, bed) }
      try await within(.seconds(4), "the feed kept its id") {
        here.store.feedID != feed && there.store.feedID == here.store.feedID
      }
      for number in 70..<75 {
        try await write(number)
        for node in [here, there] { #expect(try await stateVersion(at: node) > highest, "after \(number)") }
        #expect(seen.insert(try await stateVersion(at: there)).inserted)
      }
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
