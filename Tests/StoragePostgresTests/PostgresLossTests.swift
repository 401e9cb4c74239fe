import Glibc
import PostgresUnderTest
import Storage
import StoragePostgres
import Testing

/// Connections that end, servers that are killed, answers that do not come.
@Suite struct PostgresLossTests {
  private struct Bench {
    let database: PostgresDatabase
    let relay: PostgresRelay
    let address: PostgresAddress

    init() throws {
      database = try PostgresCluster.shared().database()
      relay = try PostgresRelay(to: database.cluster.port)
      address = try PostgresAddress(database.address(port: relay.port))
      try PostgresConnection.open(address, as: .writer).run("CREATE TABLE public.t (n int8 PRIMARY KEY)")
    }

    func commit(_ n: Int64) -> PostgresPipeline {
      var pipeline = PostgresPipeline()
      pipeline.add("BEGIN")
      pipeline.add("INSERT INTO public.t VALUES ($1)") { $0.add(integer: n) }
      pipeline.add("COMMIT")
      return pipeline
    }

    /// What the server has, asked past the relay.
    func count(of n: Int) throws -> String { try database.run("SELECT count(*) FROM public.t WHERE n = \(n)") }
  }

  @Test func aCommitIsDoneRefusedOrUnknown() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    guard case .done(let results) = connection.commit(bench.commit(1)) else { return #expect(Bool(false), "not done") }
    #expect(results.count == 3 && results[2].tag == "COMMIT")
    guard case .refused(let fault) = connection.commit(bench.commit(1)) else {
      return #expect(Bool(false), "not refused")
    }
    #expect(fault.state == .uniqueViolation && fault.constraint == "t_pkey" && fault.statement == 1)
    #expect(connection.isUsable && !connection.isInTransaction)
    // The answer is lost, and the write is not.
    bench.relay.mute()
    let start = ContinuousClock.now
    let waiting = DelayedCut(bench.relay, after: 100_000)
    guard case .unknown(let lost) = connection.commit(bench.commit(2)) else {
      return #expect(Bool(false), "not unknown")
    }
    waiting.join()
    #expect(lost.isConnectionLost && !connection.isUsable)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(try bench.count(of: 2) == "1\n")
  }

  @Test func whatIsPutOffToTheEndIsRefusedThere() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    try bench.database.run(
      """
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE EXCEPTION 'not this one'; END$$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.t DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION public.refuse()
      """)
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    // At the pipeline's own end, and at a COMMIT.
    let fault = #expect(throws: PostgresFault.self) { try connection.run("INSERT INTO public.t VALUES (1)") }
    #expect(fault?.kind == .refused && fault?.message == "not this one" && connection.isUsable)
    guard case .refused(let refusal) = connection.commit(bench.commit(2)) else {
      return #expect(Bool(false), "not refused")
    }
    #expect(refusal.message == "not this one" && refusal.statement == 2)
    #expect(try connection.rows("SELECT count(*) FROM public.t")[0].integer(0) == 0)
  }

  @Test func aWarningWithACommitIsDoubt() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    try bench.database.run(
      """
      CREATE FUNCTION public.warn() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE WARNING 'no longer waiting' USING ERRCODE = '01000'; RETURN NULL; END$$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.t DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION public.warn()
      """)
    // The role would hide it; the session does not.
    try bench.database.run("ALTER ROLE owner IN DATABASE \(bench.database.name) SET client_min_messages = error")
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    guard case .unknown(let fault) = connection.commit(bench.commit(1)) else {
      return #expect(Bool(false), "not unknown")
    }
    #expect(fault.state == "01000" && !connection.isUsable)
    #expect(try bench.count(of: 1) == "1\n")
  }

  @Test func aCommitAfterAFailureIsNone() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    _ = try connection.perform { $0.add("BEGIN") }
    #expect(throws: PostgresFault.self) { try connection.run("SELECT 1 / 0") }
    #expect(connection.isInTransaction)
    var pipeline = PostgresPipeline()
    pipeline.add("COMMIT")
    guard case .refused = connection.commit(pipeline) else { return #expect(Bool(false), "not refused") }
    #expect(connection.isUsable && !connection.isInTransaction)
  }

  @Test(arguments: [0, 40, 120, 150]) func aPipelineCutInTheMiddleIsLost(bytes: Int) throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    bench.relay.cut(afterClientBytes: bytes)
    guard case .unknown(let fault) = connection.commit(bench.commit(7)) else {
      return #expect(Bool(false), "not unknown")
    }
    #expect(fault.kind == .lost && !connection.isUsable)
    #expect(throws: PostgresFault.self) { try connection.run("SELECT 1") }
    // Without its COMMIT the server has nothing of it.
    #expect(try bench.count(of: 7) == "0\n")
  }

  @Test func anAnswerThatDoesNotComeIsLate() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    bench.relay.pause()
    let start = ContinuousClock.now
    var pipeline = PostgresPipeline()
    pipeline.add("SELECT 1")
    let fault = #expect(throws: PostgresFault.self) {
      try connection.perform(pipeline, within: .milliseconds(200))
    }
    #expect(fault?.kind == .late && !connection.isUsable)
    #expect((.milliseconds(200)..<Duration.seconds(3)).contains(ContinuousClock.now - start))
  }

  @Test func aBackendThatIsEndedSaysSo() throws {
    let bench = try Bench()
    defer { bench.relay.stop() }
    let connection = try PostgresConnection.open(bench.address, as: .writer)
    try bench.database.run("SELECT pg_terminate_backend(\(connection.processID))")
    let fault = #expect(throws: PostgresFault.self) { try connection.run("SELECT 1") }
    #expect(fault?.kind == .lost && fault?.state == .adminShutdown, "\(String(describing: fault))")
    #expect(fault.map { StorageError($0).sentence.contains("terminating connection") } == true)
  }

  @Test func poolsGoOnAfterTheServerWasKilled() throws {
    let cluster = try PostgresCluster()
    defer { try? cluster.stop(SIGQUIT) }
    let pool = PostgresPool(try PostgresAddress(try cluster.database().address))
    defer { pool.close() }
    #expect(try pool.read { try $0.rows("SELECT 1::int8")[0].integer(0) } == 1)
    try cluster.stop(SIGKILL)
    // The session of a killed server may answer once more before it notices.
    var down: (any Error)?
    for _ in 0..<500 where down == nil {
      do {
        _ = try pool.read { try $0.run("SELECT 1") }
        usleep(10_000)
      } catch { down = error }
    }
    guard case .unavailable? = down as? StorageError else { return #expect(Bool(false), "\(String(describing: down))") }
    // Who comes meanwhile hears at once.
    let start = ContinuousClock.now
    for _ in 0..<20 { #expect(throws: StorageError.self) { try pool.read { try $0.run("SELECT 1") } } }
    #expect(ContinuousClock.now - start < .seconds(2))
    try cluster.start()
    var isBack = false
    for _ in 0..<100 where !isBack {
      isBack = (try? pool.read { try $0.run("SELECT 1") }) != nil
      usleep(100_000)
    }
    #expect(isBack)
  }
}

/// Cuts a relay from another thread.
private final class DelayedCut: Sendable {
  private let thread: Thread

  private struct Thread: @unchecked Sendable { var handle = pthread_t() }
  private final class Work: Sendable {
    let relay: PostgresRelay
    let microseconds: UInt32
    init(_ relay: PostgresRelay, _ microseconds: UInt32) {
      self.relay = relay
      self.microseconds = microseconds
    }
  }

  init(_ relay: PostgresRelay, after microseconds: UInt32) {
    var thread = Thread()
    pthread_create(
      &thread.handle, nil,
      { context in
        guard let context else { return nil }
        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        usleep(work.microseconds)
        work.relay.cut()
        return nil
      }, Unmanaged.passRetained(Work(relay, microseconds)).toOpaque())
    self.thread = thread
  }

  func join() { pthread_join(thread.handle, nil) }
}
