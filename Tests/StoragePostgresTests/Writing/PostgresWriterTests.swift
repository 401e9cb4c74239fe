import PostgresUnderTest
import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// Groups of writes, as the database sees them.
@Suite(.serialized) struct PostgresWriterTests {
  private func plan(_ steps: WriteStep..., policy: WritePlan.Policy = .independent) -> WritePlan {
    WritePlan(steps: steps, policy: policy, origin: "password")
  }

  @Test func aGroupIsTwoRoundTrips() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(1), bench.create(2))
      let before = bench.deployment.context.pool.figures[.writer].roundTrips
      try await bench.write(
        bench.create(3), bench.patch(1, "b"), bench.patch(2, "c"), bench.patch(3, "d"),
        .delete(bench.model, .numbered(2)),
        .put(bench.model, .numbered(4), [.text("e"), .integer(7)]), bench.createNew(5))
      #expect(bench.deployment.context.pool.figures[.writer].roundTrips == before + 2)
      #expect(try bench.count("m1") == 4 && bench.count("oplog") == 9 && bench.count("commits") == 3)
      #expect(try bench.tail(1) == "b" && bench.tail(3) == "d" && bench.tail(4) == "e")
      #expect(try bench.count("counters", "model = 1 AND number = 3 AND count = 4 AND last_row = 5") == 1)
    }
  }

  @Test func whatChangesNothingLeavesNothing() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(1))
      try await bench.write(bench.patch(1, "a"), bench.patch(2, "b"), bench.create(1))
      #expect(try bench.count("commits") == 2 && bench.count("counters") == 1)
    }
  }

  @Test func whoOnlyChangesObjectsLeavesAnotherStateOfTheirModel() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(1))
      try await bench.write(bench.patch(1, "b"))
      #expect(try bench.count("counters", "number = 3 AND count = 1 AND last_row = 1") == 1)
    }
  }

  @Test func whatComesWhileTheLockIsWaitedForGoesWithTheGroup() async throws {
    try await WriterBench.with { bench in
      let results = try await bench.writeTogether((1...20).map { plan(bench.create($0)) })
      for result in results { #expect(try result.get().allSatisfy { !$0.isFailure }) }
      #expect(results.count == 20)
      #expect(try bench.count("m1") == 20 && bench.count("commits") == 2)
    }
  }

  @Test func anIdThatWasMadeForAnObjectAndIsInUseFailsAlone() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(2))
      let results = try await bench.writeTogether((1...3).map { plan(bench.createNew($0)) })
      let outcomes = try results.map { try $0.get()[0] }
      guard outcomes.count == 3, case .created = outcomes[0], case .idInUse = outcomes[1], case .created = outcomes[2]
      else { return #expect(Bool(false), "\(outcomes)") }
      #expect(try bench.count("m1") == 3 && bench.count("oplog") == 3)
    }
  }

  @Test func aLargePlanThatIsTakenBackLeavesThoseBesideIt() async throws {
    try await WriterBench.with { bench in
      let large = String(repeating: "x", count: 1 << 20)
      // More than a group keeps in memory, and little more: a node that rests for five seconds under the lock loses it.
      var steps = (10..<28).map { bench.create($0, large) }
      steps.append(bench.patch(99, "none"))
      let results = try await bench.writeTogether([
        plan(bench.create(1)), WritePlan(steps: steps, policy: .atomic, origin: "password"), plan(bench.patch(1, "b")),
        plan(bench.create(10)),
      ])
      #expect(try results.map { try $0.get().map(\.isFailure).contains(true) } == [false, true, false, false])
      #expect(try bench.count("m1") == 2 && bench.count("oplog") == 3 && bench.count("commits") == 2)
      #expect(try bench.tail(1) == "b" && bench.tail(10) == "a")
    }
  }

  @Test func leasesThatAreTakenInOneGroupSeeEachOther() async throws {
    try await WriterBench.with { bench in
      let take = { (number: Int) in
        WriteStep.kept(.lease(.take(name: "l", holder: .numbered(number), milliseconds: 1000)))
      }
      let results = try await bench.writeTogether([
        plan(take(1)), plan(take(1), take(2), .refused, policy: .atomic), plan(take(2)), plan(take(1)),
      ])
      let outcomes = try results.map { try $0.get() }
      #expect(outcomes.map { $0[0].isFailure } == [false, true, true, false])
      #expect(try bench.count("leases", "number = 1") == 1)
    }
  }

  @Test func aRefusalOfTheDatabaseIsThePlansOwn() async throws {
    try await WriterBench.with { bench in
      try bench.database.run("ALTER TABLE \(bench.schema.name).m1 ADD CHECK (c1 <> 'no')")
      let results = try await bench.writeTogether(
        [plan(bench.create(1)), plan(bench.create(2, "no")), plan(bench.create(3))])
      #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
      guard case .failure(StorageError.broken) = results[1] else { return #expect(Bool(false), "\(results)") }
      #expect(try bench.count("m1") == 2)
    }
  }

  @Test func anotherNodesGroupsAreSeen() async throws {
    try await WriterBench.with { bench in
      try await bench.write(bench.create(1))
      // As another node's writer does it.
      let other = PostgresWriter(deployment: bench.deployment)
      let steps = [bench.patch(1, "b"), bench.create(2)]
      _ = try await other.submit(WritePlan(steps: steps, origin: "password"))
      await other.close()
      try await bench.write(bench.create(3), bench.patch(2, "c"))
      #expect(try bench.count("m1", "n = 3") == 1 && bench.tail(2) == "c")
      #expect(try bench.count("counters", "number = 4 AND count = 3 AND last_row = 3") == 1)
    }
  }

  @Test func aLockThatIsHeldForTooLongIsBusy() async throws {
    try await WriterBench.with { bench in
      let holder = try bench.hold()
      defer { holder.close() }
      await #expect(throws: StorageError.busy) { try await bench.write(bench.create(1)) }
      let found = try bench.deployment.context.pool.lend(.writer) { try LockHolder(of: bench.schema, on: $0) }
      #expect(found?.processID == Int64(holder.processID) && found?.user == "owner")
      #expect(found?.application == "sojourn administrator" && (found?.seconds ?? 0) >= 4)
      let sentence = try #require(found?.sentence(of: "d"))
      #expect(sentence.contains("process \(holder.processID)") && sentence.contains("the user «owner»"))
      try holder.rollback()
      #expect(try bench.deployment.context.pool.lend(.writer) { try LockHolder(of: bench.schema, on: $0) } == nil)
      try await bench.write(bench.create(1))
      #expect(try bench.count("m1") == 1)
    }
  }

  /// None of the server's timeouts sees it, and it holds the lock.
  @Test func aSessionInTheMiddleOfAPipelineIsEnded() async throws {
    try await WriterBench.with { bench in
      let stuck = try OpenPipeline(bench.database.address, ["BEGIN", GroupHead.lock(of: bench.schema)])
      try await bench.waitForSessions("state = 'active' AND wait_event = 'ClientRead'")
      await #expect(throws: StorageError.busy) { try await bench.write(bench.create(1)) }
      try await bench.write(bench.create(1))
      #expect(try bench.count("m1") == 1)
      withExtendedLifetime(stuck) {}
    }
  }

  @Test func deviceWritesOfAGroupAskAfterTheirSessionsTogether() async throws {
    try await WriterBench.with { bench in
      try bench.database.run(
        """
        INSERT INTO \(bench.schema.name).sessions (id, app_user, n, state, created_at)
        SELECT '\(ObjectID.numbered(1))', '\(ObjectID.numbered(9))', 1, 'ENROLLED', 0
        """)
      func device(_ number: Int, session: Int) -> WritePlan {
        var plan = plan(bench.create(number))
        plan.session = .numbered(session)
        return plan
      }
      _ = try await bench.writer.submit(device(1, session: 1))
      let before = bench.deployment.context.pool.figures[.writer].roundTrips
      let results = try await bench.writeTogether([device(2, session: 1), device(3, session: 2), device(4, session: 1)])
      #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
      // Once for those that came while the lock was waited for.
      #expect(bench.deployment.context.pool.figures[.writer].roundTrips == before + 3)
      #expect(try bench.count("m1") == 3)
    }
  }
}
