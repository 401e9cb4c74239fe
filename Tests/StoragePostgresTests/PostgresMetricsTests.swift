import Glibc
import Metrics
import PostgresUnderTest
import Testing
import Threads
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// What monitors read of a node's database.
@Suite(.serialized) struct PostgresMetricsTests {
  private func text(_ fill: (inout MetricPage) -> Void) -> String {
    var page = MetricPage()
    fill(&page)
    let block = page.text()
    return withExtendedLifetime(block) { String(decoding: block.bytes, as: UTF8.self) }
  }

  @Test func aPoolTellsOfEachKindOfItsConnections() throws {
    var limits = PostgresPool.Limits()
    limits.readers = 1
    let pool = PostgresPool(try PostgresAddress(try PostgresCluster.shared().database().address), limits: limits)
    defer { pool.close() }
    let waiting = try pool.lend(.reader) { connection -> OwnThread in
      try connection.run("SELECT 1")
      #expect(throws: StorageError.busy) { try pool.lend(.reader, patience: .milliseconds(10)) { _ in } }
      let waiting = try OwnThread { try? pool.lend(.reader) { _ in } }
      while pool.figures[.reader].waiting == 0 { usleep(1000) }
      let lines = text { pool.figures.measure(&$0) }
      for line in [
        "connections{kind=\"reader\",state=\"lent\"} 1", "connections{kind=\"reader\",state=\"idle\"} 0",
        "connection_waiters{kind=\"reader\"} 1", "connection_refusals_total{kind=\"reader\"} 1",
        "connection_openings_total{kind=\"reader\",outcome=\"opened\"} 1",
        "connection_openings_total{kind=\"reader\",outcome=\"failed\"} 0", "round_trips_total{kind=\"reader\"} 1",
        "connection_wait_seconds_count{kind=\"reader\"} 1", "connection_waiters{kind=\"writer\"} 0",
        "connections{kind=\"administrator\",state=\"lent\"} 0",
      ] {
        #expect(lines.contains("\nsojourn_postgres_\(line)\n"), "\(line) is not in \(lines)")
      }
      return waiting
    }
    waiting.join()
    let reader = pool.figures[.reader]
    #expect(reader.waitDuration.count == 2 && reader.waitDuration.sum >= 10_000)
  }

  @Test func openingsThatFailAndConnectionsThatAreLostAreCounted() throws {
    let database = try PostgresCluster.shared().database()
    let relay = try PostgresRelay(to: database.cluster.port)
    defer { relay.stop() }
    let pool = PostgresPool(try PostgresAddress(database.address(port: relay.port)))
    defer { pool.close() }
    #expect(throws: (any Error).self) {
      try pool.lend(.writer) { connection in
        relay.cut()
        try connection.run("SELECT 1")
      }
    }
    relay.refuse(true)
    #expect(throws: (any Error).self) { try pool.lend(.writer) { _ in } }
    let writer = pool.figures[.writer]
    #expect(writer.losses == 1 && writer.openings == 1 && writer.failedOpenings == 1)
  }

  @Test func waitsForTheLockAreMeasured() async throws {
    try await WriterBench.with { bench in
      let holder = try bench.hold()
      let task = Task { try await bench.write(bench.create(1)) }
      try await bench.waitForSessions("wait_event_type = 'Lock'")
      let waited = try bench.database.run(
        """
        SELECT pg_sleep(0.02), (extract(epoch FROM max(clock_timestamp() - query_start)) * 1000000)::bigint
        FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '\(bench.database.name)'
        """)
      holder.close()
      _ = try await task.value
      try await bench.write(bench.create(2))
      let lock = try #require(bench.figures.histogram(ofEngine: .postgresLockWait))
      let least = UInt64(waited.filter(\.isNumber)) ?? .max
      #expect(lock.count == 2 && lock.sum >= least, "\(lock) \(waited)")
    }
  }

  @Test func aLockThatIsNotToBeHadIsMeasuredToo() async throws {
    try await WriterBench.with { bench in
      let holder = try bench.hold()
      await #expect(throws: StorageError.self) { try await bench.write(bench.create(1)) }
      holder.close()
      let lock = try #require(bench.figures.histogram(ofEngine: .postgresLockWait))
      #expect(lock.count == 1 && lock.sum >= 4_900_000, "\(lock)")
    }
  }

  @Test func aNodeMeasuresHowLongItsListenerTakesToHear() async throws {
    let bed = try PostgresBed()
    try await Scene.withNodes(bed) { here, there in
      let model = try here.model()
      let writing = try #require(here.store as? PostgresObjectStore).deployment
      let other = try #require(there.store as? PostgresObjectStore).deployment
      for number in 1...3 {
        try await here.write(.create(model, .numbered(number), model.row()))
        // Who wrote has its answer before anybody is told; and one commit at a time is followed.
        while writing.context.feeds.lag.figures.count < number { try await Task.sleep(for: .milliseconds(1)) }
      }
      #expect(writing.context.feeds.lag.figures.count == 3 && other.context.feeds.lag.figures.count == 0)
      #expect(text { writing.context.feeds.measure(&$0) }.contains("\nsojourn_postgres_clock_skew_seconds "))
    }
    await bed.close()
  }
}
