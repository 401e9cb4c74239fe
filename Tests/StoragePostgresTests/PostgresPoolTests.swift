import Glibc
import PostgresUnderTest
import Storage
import Synchronization
import Testing
import Threads

@testable import StoragePostgres

@Suite struct PostgresPoolTests {
  private func pool(readers: Int = 2) throws -> PostgresPool {
    var limits = PostgresPool.Limits()
    limits.readers = readers
    return PostgresPool(try PostgresAddress(try PostgresCluster.shared().database().address), limits: limits)
  }

  @Test func aNodeTakesNineteenConnections() { #expect(PostgresPool.Limits.standard.sum == 19) }

  @Test func connectionsAreUsedAgain() throws {
    let pool = try pool()
    defer { pool.close() }
    let first = try pool.lend(.reader) { $0.processID }
    #expect(try pool.lend(.reader) { $0.processID } == first)
    #expect(try pool.lendIdle(.reader) { $0.processID } == first)
    #expect(pool.figures[.reader].openings == 1 && pool.figures[.reader].idle == 1)
    #expect(try pool.lendIdle(.writer) { $0.processID } == nil)
  }

  @Test func whoFindsNoneFreeWaitsAndThenHearsThatStorageIsBusy() throws {
    let pool = try pool(readers: 1)
    defer { pool.close() }
    try pool.lend(.reader) { _ in
      let start = ContinuousClock.now
      #expect(throws: StorageError.busy) { try pool.lend(.reader, patience: .milliseconds(100)) { _ in } }
      #expect((.milliseconds(100)..<Duration.seconds(2)).contains(ContinuousClock.now - start))
      #expect(try pool.lendIdle(.reader) { $0.processID } == nil)
      // Other roles have their own.
      try pool.lend(.writer) { _ in }
    }
    try pool.lend(.reader) { _ in }
    #expect(pool.figures[.reader].refusals == 1 && pool.figures[.reader].waits == 1)
  }

  @Test func aLimitIsNarrowForAMinute() {
    let start = ContinuousClock.now
    var limit = StockLimit(most: 12)
    #expect(limit.count(at: start) == 12)
    limit.narrow(to: 5, start)
    #expect(limit.count(at: start) == 5)
    limit.narrow(to: 7, start + .seconds(10))
    #expect(limit.count(at: start + .seconds(69)) == 5 && limit.count(at: start + .seconds(70)) == 12)
    limit.narrow(to: 0, start)
    #expect(limit.count(at: start) == 1)
  }

  @Test func whoWritesHasAConnectionWhereReadersHadTakenAll() throws {
    // Those of an ordinary user are four. Who is refused has one of the others until it is.
    let cluster = try PostgresCluster(settings: ["max_connections = 24", "superuser_reserved_connections = 20"])
    defer { try? cluster.stop(SIGQUIT) }
    let reports = Mutex<[String]>([])
    let pool = PostgresPool(try PostgresAddress(try cluster.database().address)) { text in
      reports.withLock { $0.append(text) }
    }
    defer { pool.close() }
    let isOver = Atomic(false)
    let readers = try (0..<8).map { _ in
      try OwnThread {
        while !isOver.load(ordering: .relaxed) { _ = try? pool.lend(.reader) { try $0.run("SELECT pg_sleep(0.002)") } }
      }
    }
    // They have all that the server gives to an ordinary user.
    var sessions = ""
    for _ in 0..<1000 where sessions != "4\n" {
      sessions = try cluster.run("SELECT count(*) FROM pg_stat_activity WHERE usename = 'owner'")
      usleep(5000)
    }
    #expect(sessions == "4\n")
    // While they read on, without an end.
    for role in [PostgresRole.writer, .notifier, .listener] {
      var hasCome = false
      for _ in 0..<100 where !hasCome { hasCome = (try? pool.lend(role) { try $0.run("SELECT 1") }) != nil }
      #expect(hasCome, "\(role)")
    }
    let (refused, loans) = (pool.figures[.reader].failedOpenings, pool.figures[.reader].loans)
    for _ in 0..<1000 where pool.figures[.reader].loans < loans + 20 { usleep(5000) }
    // Readers wait for each other rather than for the database's refusal.
    #expect(pool.figures[.reader].loans >= loans + 20 && pool.figures[.reader].failedOpenings <= refused + 1)
    isOver.store(true, ordering: .relaxed)
    for reader in readers { reader.join() }
    // Whoever runs the node is told why it is slow, once for now.
    #expect(reports.withLock { $0.count } == 1)
    #expect(reports.withLock { $0.first }?.contains("has no connection left") == true)
  }

  @Test func whoWaitsGetsItAsSoonAsOneComesBack() throws {
    let pool = try pool(readers: 1)
    defer { pool.close() }
    let order = Mutex<[Int]>([])
    let threads = try (0..<8).map { number in
      try OwnThread {
        for _ in 0..<20 {
          _ = try? pool.lend(.reader) { connection in
            _ = try connection.run("SELECT 1")
            order.withLock { $0.append(number) }
          }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(order.withLock { $0.count } == 160)
    #expect(pool.figures[.reader].openings == 1 && pool.figures[.reader].inUse == 0)
  }

  @Test func whatComesBackInATransactionIsRolledBack() throws {
    let pool = try pool()
    defer { pool.close() }
    _ = try pool.lend(.writer) { try $0.run("CREATE TABLE public.t (n int8)") }
    let first = try pool.lend(.writer) { connection in
      _ = try connection.perform { trip in
        trip.add("BEGIN")
        trip.add("INSERT INTO public.t VALUES (1)")
      }
      return connection.processID
    }
    try pool.lend(.writer) { connection in
      #expect(connection.processID == first && !connection.isInTransaction)
      let count = try connection.rows("SELECT count(*) FROM public.t")[0].integer(0)
      #expect(count == 0)
    }
  }

  @Test func aConnectionThatEndedWhileItRestedIsNotLent() throws {
    let database = try PostgresCluster.shared().database()
    let pool = PostgresPool(try PostgresAddress(database.address))
    defer { pool.close() }
    let first = try pool.lend(.writer) { $0.processID }
    try database.run("SELECT pg_terminate_backend(\(first))")
    for _ in 0..<100 {
      if try database.run("SELECT count(*) FROM pg_stat_activity WHERE pid = \(first)") == "0\n" { break }
    }
    #expect(try pool.lend(.writer) { try $0.rows("SELECT 1::int8")[0].integer(0) } == 1)
  }

  @Test func aReadIsTriedOnceMoreWhereItsConnectionIsLost() throws {
    let database = try PostgresCluster.shared().database()
    let pool = PostgresPool(try PostgresAddress(database.address))
    defer { pool.close() }
    var tries = 0
    let answer = try pool.read { connection -> Int64 in
      tries += 1
      if tries == 1 { try database.run("SELECT pg_terminate_backend(\(connection.processID))") }
      return try connection.rows("SELECT 5::int8")[0].integer(0)
    }
    #expect(answer == 5 && tries == 2 && pool.figures[.reader].losses == 1)
    tries = 0
    let fault = #expect(throws: StorageError.self) {
      try pool.read { connection in
        tries += 1
        try database.run("SELECT pg_terminate_backend(\(connection.processID))")
        try connection.run("SELECT 5")
      }
    }
    guard case .unavailable? = fault else { return #expect(Bool(false), "\(String(describing: fault))") }
    #expect(tries == 2)
  }

  @Test func aReadThatIsRefusedIsNotTriedAgain() throws {
    let pool = try pool()
    defer { pool.close() }
    var tries = 0
    #expect(throws: StorageError.self) {
      try pool.read { connection in
        tries += 1
        try connection.run("SELECT 1 / 0")
      }
    }
    #expect(tries == 1 && pool.figures[.reader].idle == 1)
  }

  @Test func aClosedPoolLendsNothingAndSendsAwayWhoWaits() throws {
    let pool = try pool(readers: 1)
    let ending = Mutex<StorageError?>(nil)
    try pool.lend(.reader) { _ in
      let waiting = try OwnThread {
        do { try pool.lend(.reader) { _ in } } catch { ending.withLock { $0 = error as? StorageError } }
      }
      while pool.figures[.reader].waiting == 0 { usleep(1000) }
      pool.close()
      waiting.join()
    }
    #expect(ending.withLock { $0 } == .closed)
    #expect(throws: StorageError.closed) { try pool.lend(.reader) { _ in } }
    #expect(pool.figures[.reader].idle == 0)
  }
}
