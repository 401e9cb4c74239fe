import Glibc
import Metrics
import PostgresUnderTest
import ServerUnderTest
import StorageUnderTest
import Synchronization
import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// Groups whose commit was sent and not confirmed.
@Suite(.serialized) struct DoubtfulGroupTests {
  private static let sleeping = "wait_event = 'PgSleep'"
  private static let atStandby = "wait_event = 'SyncRep'"

  /// A write whose commit has reached the server and takes a while; `body` runs meanwhile.
  private func write(
    _ bench: WriterBench, seconds: Double = 1, _ body: () async throws -> Void
  ) async throws -> Result<[StepOutcome], any Error> {
    try await bench.write(bench.create(1))
    try bench.inCommits("PERFORM pg_sleep(\(seconds))")
    let task = Task { try await bench.write(bench.create(2), bench.patch(1, "b")) }
    try await bench.waitForSessions(Self.sleeping)
    try await body()
    return await task.result
  }

  /// Commits in doubt that were found done, void, and not at all, as monitors read them.
  private static func doubts(_ bench: WriterBench) -> [Double] {
    ["done", "void", "unknown"].map { bench.figures.ofEngine(.postgresDoubts, $0) ?? -1 }
  }

  @Test func aCommitWhoseAnswerWasLostIsFound() async throws {
    try await WriterBench.with { bench in
      let result = try await write(bench) { bench.relay.cut() }
      #expect(try result.get().count == 2)
      #expect(try bench.count("m1") == 2 && bench.tail(1) == "b" && bench.count("commits") == 3)
      #expect(bench.deployment.metrics.isFit && bench.deployment.waiters.last > 0)
      #expect(Self.doubts(bench) == [1, 0, 0])
      try bench.stopCalling()
      try await bench.write(bench.patch(2, "c"))
      #expect(try bench.count("commits") == 4)
    }
  }

  @Test func aGroupThatIsNotThereIsMadeVoid() async throws {
    try await WriterBench.with { bench in
      let result = try await write(bench, seconds: 60) {
        // The look is to find nothing in its way.
        try bench.stopLater()
        try bench.database.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(Self.sleeping) "
            + "AND datname = '\(bench.database.name)'")
      }
      guard case .failure(StorageError.unavailable) = result else { return #expect(Bool(false), "\(result)") }
      #expect(Self.doubts(bench) == [0, 1, 0])
      #expect(try bench.count("m1") == 1 && bench.tail(1) == "a" && bench.count("oplog") == 1)
      // The row that says nothing.
      #expect(try bench.count("commits") == 3 && bench.count("commits", "number = 3 AND last_sequence > 0") == 1)
      try await bench.write(bench.create(2))
      #expect(try bench.count("commits") == 4 && bench.count("m1") == 2)
    }
  }

  @Test func aCommitThatNobodyCanLookForIsNotKnown() async throws {
    try await WriterBench.with(doubtPatience: .milliseconds(300)) { bench in
      let result = try await write(bench) {
        bench.relay.refuse(true)
        bench.relay.cut()
      }
      guard case .failure(StorageError.outcomeUnknown) = result else { return #expect(Bool(false), "\(result)") }
      #expect(!bench.deployment.metrics.isFit && Self.doubts(bench) == [0, 0, 1])
      bench.relay.refuse(false)
      try bench.stopCalling()
      // It was done, and what follows goes on from it.
      var isDone = false
      for _ in 0..<100 where !isDone {
        isDone = (try? await bench.write(bench.patch(2, "c"))) != nil
        if !isDone { try await Task.sleep(for: .milliseconds(50)) }
      }
      #expect(try isDone && bench.tail(2) == "c" && bench.tail(1) == "b" && bench.count("commits") == 4)
    }
  }

  /// As where somebody calls off the wait for a standby: 01000, and `COMMIT` all the same.
  @Test func aWarningWithACommitIsLookedInto() async throws {
    try await WriterBench.with { bench in
      try bench.inCommits("RAISE WARNING 'no longer waiting' USING ERRCODE = '01000'", isDeferred: true)
      let outcomes = try await bench.write(bench.create(1))
      #expect(outcomes.count == 1)
      #expect(try bench.count("m1") == 1 && bench.count("commits") == 2)
      #expect(bench.deployment.context.pool.figures[.writer].losses == 1)
    }
  }

  /// The look waits for the lock, which the group has until it has ended.
  @Test func aCommitThatTakesLongerThanItsClientWaitsIsFound() async throws {
    try await WriterBench.with { bench in
      let start = ContinuousClock.now
      let result = try await write(bench, seconds: 12) {}
      #expect(try result.get().count == 2)
      #expect(ContinuousClock.now - start > PostgresConnection.commitPatience)
      #expect(try bench.count("m1") == 2 && bench.count("commits") == 3)
    }
  }

  /// Somebody calls off the wait for a standby, and the commit says `COMMIT` with a warning. The write is answered
  /// when a standby has it, or nobody waits for one any more.
  @Test func aWaitForAStandbyThatIsCalledOffIsNoConfirmation() async throws {
    let cluster = try PostgresCluster()
    defer { try? cluster.stop(SIGQUIT) }
    try await WriterBench.with(try PreparedDatabase.prepared(in: cluster)) { bench in
      try await bench.write(bench.create(1))
      try bench.waitForStandbys(named: "nobody")
      let answered = Answered()
      let task = Task {
        let outcomes = try await bench.write(bench.create(2))
        answered.note()
        return outcomes
      }
      try await bench.waitForSessions(Self.atStandby)
      let first = try bench.cancelWaits()
      // The one that looks waits as well.
      try await bench.waitForSessions("\(Self.atStandby) AND pid <> \(first)")
      #expect(try bench.count("m1") == 2)
      #expect(!answered.isNoted)
      try bench.waitForStandbys(named: "")
      #expect(try await task.value.count == 1)
      #expect(try bench.count("commits") == 3)
    }
  }

  @Test func aConnectionThatRestedWhileTheServerWentIsReplaced() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(1))
      bench.relay.cut()
      try await bench.write(bench.create(2))
      #expect(try bench.count("m1") == 2)
    }
  }
}

/// Whether a write was answered.
private final class Answered: Sendable {
  private let value = Mutex(false)

  func note() { value.withLock { $0 = true } }
  var isNoted: Bool { value.withLock { $0 } }
}

extension WriterBench {
  /// From now on commits wait for a standby of this name; for none where it has none.
  fileprivate func waitForStandbys(named name: String) throws {
    try database.run("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
    try database.run("SELECT pg_reload_conf()")
    // Who commits goes by it as soon as the checkpointer has read it.
    for _ in 0..<1000 {
      if try database.run("SHOW synchronous_standby_names").filter({ !$0.isNewline }) == name { return }
      usleep(5000)
    }
    throw TestFault("the server does not take the names of standbys")
  }

  /// The process whose wait for a standby was called off.
  fileprivate func cancelWaits() throws -> Int {
    // The order of conditions in one statement is the server's, and it would end itself.
    let text = try database.run("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    try database.run("SELECT pg_cancel_backend(\(text.filter(\.isNumber)))")
    return Int(text.filter(\.isNumber)) ?? 0
  }

  /// Drops what `inCommits` made, as soon as nobody is in it: from a session that this does not wait for.
  fileprivate func stopLater() throws {
    // The sleeping transaction holds the table; the trigger's function can be replaced meanwhile.
    try database.run(
      "CREATE OR REPLACE FUNCTION public.in_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
  }
}
