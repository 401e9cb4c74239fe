import Glibc
import PostgresUnderTest
import ServerUnderTest
import Synchronization
import Testing
import Wire

/// A database that does not do what it is asked, while clients of several nodes write: they are told so in a sentence,
/// nothing is lost, nothing is there that was not acknowledged, the nodes go on by themselves, and their logs say what
/// is wrong.
@Suite("Drills: a database in trouble", .serialized)
struct DatabaseTroubleTests {
  /// Three nodes and their clients, which one drill leaves to the next: to start others takes longer than most of them.
  private struct Bench {
    let fleet: Fleet
    var authors: [Author]

    /// - Parameter fleet: nil is three nodes as everybody starts them.
    init(_ fleet: Fleet? = nil) throws {
      self.fleet = try fleet ?? Fleet()
      authors = (1...6).map { Author($0, seed: Drills.seed) }
    }
  }

  /// What a drill has left in order.
  private static let kept = Mutex<Bench?>(nil)

  /// Runs `drills` on the nodes of the drill before, or on others where it failed, and leaves them to the next.
  private func onNodes(_ drills: (inout Bench) throws -> Void) throws {
    var bench = try Self.kept.withLock { $0.take() } ?? Bench()
    try drills(&bench)
    try #require(bench.fleet.nodes.allSatisfy { $0.processID > 0 })
    Self.kept.withLock { [bench] in $0 = bench }
  }

  /// Runs `trouble` under load, and holds what all say against each other when it is over.
  private func drill(
    _ name: String, _ bench: inout Bench, seconds: Int = 30, _ trouble: (Load) throws -> Void = { _ in }
  ) throws -> Load.End {
    let began = ContinuousClock.now
    let fleet = bench.fleet
    let processes = fleet.nodes.map(\.processID)
    let before = bench.authors.map(\.acknowledgedRequests).reduce(0, +)
    let load = try fleet.load(bench.authors)
    defer { load.stop() }
    try fleet.waitForWrites(load)
    try trouble(load)
    let back = try fleet.waitForWrites(load, seconds: seconds)
    let end = load.end(stop: true)
    try #require(try fleet.findings(after: end, &bench.authors) == [], "\(name)")
    try #require(try fleet.oplogFindings(bench.authors) == [], "\(name)")
    try #require(fleet.nodes.map(\.processID) == processes, "no restart")
    print(
      """
      \(name): \(ContinuousClock.now - began), acknowledged \
      \(bench.authors.map(\.acknowledgedRequests).reduce(0, +) - before), refused with 503 \(end.refusals), done or not \
      \(end.doubts), all nodes wrote again after \(Int(back / .milliseconds(1))) ms.
      """)
    return end
  }

  /// All sessions of nodes in this database, or some of them.
  private func endSessions(_ fleet: Fleet, _ which: String = "", function: String = "pg_terminate_backend") throws {
    try fleet.cluster.run(
      "SELECT \(function)(pid) FROM pg_stat_activity WHERE datname = '\(fleet.database.name)' AND usename = 'owner' \(which)"
    )
  }

  @Test("Somebody else holds the lock of all writers: writes are refused, reads go on, and the log names who it is")
  func lock() throws {
    try onNodes { bench in
      let fleet = bench.fleet
      var process: Int32 = 0
      let end = try drill("A lock held by somebody else", &bench) { load in
        let holder = try HeadHolder(fleet)
        process = holder.processID
        let over = ContinuousClock.now + .milliseconds(Drills.isFull ? 10_000 : 5500)
        while ContinuousClock.now < over {
          for site in fleet.sites {
            let list = try site.connection().request(
              "GET", "\(site.base)/objects/item.json?limit=5", authorization: site.authorization)
            #expect(list.status == 200, "\(list.text)")
          }
          usleep(100_000)
        }
        try holder.letGo()
      }
      #expect(end.refusals > 0 && end.doubts == 0)
      // The first to be refused; the others wait behind it, and then for as long themselves.
      let isNamed = fleet.nodes.contains {
        $0.says("another session holds its lock, process \(process) of the database (the user «postgres»")
      }
      #expect(isNamed)
    }
  }

  @Test("What an administrator has set for the role changes nothing")
  func settings() throws {
    try onNodes { bench in
      let fleet = bench.fleet
      let role = "ALTER ROLE owner IN DATABASE \(fleet.database.name)"
      for setting in [
        "statement_timeout = 1", "lock_timeout = 1", "idle_session_timeout = 200", "client_min_messages = error",
        "default_transaction_isolation = serializable", "search_path = pg_temp", "enable_indexscan = off",
        "bytea_output = escape", "extra_float_digits = -15", "jit = on", "idle_in_transaction_session_timeout = 1",
        "DateStyle = 'German'",
      ] { try fleet.cluster.run("\(role) SET \(setting)") }
      try endSessions(fleet)
      usleep(1_000_000)
      let end = try drill("Settings of the role", &bench) { _ in usleep(Drills.isFull ? 10_000_000 : 1_000_000) }
      #expect(end.refusals == 0 && end.doubts == 0)
      // Who rests for longer than sessions may finds others.
      usleep(500_000)
      let later = try drill("Settings of the role, after a rest", &bench)
      #expect(later.refusals == 0 && later.doubts == 0)
      try fleet.cluster.run("\(role) RESET ALL")
      try endSessions(fleet)
    }
  }

  @Test("A database that was set to read only refuses writes, and takes them again when it is not")
  func readOnly() throws {
    try onNodes { bench in
      let fleet = bench.fleet
      let name = fleet.database.name
      let end = try drill("Read only", &bench) { load in
        try fleet.cluster.run("ALTER DATABASE \(name) SET default_transaction_read_only = on")
        let before = fleet.nodes.indices.map { load.refusals(at: $0) }
        for index in fleet.nodes.indices {
          // Not in the middle of a commit, of which nobody could find out what became of it.
          for _ in 0..<200 where load.refusals(at: index) < before[index] + 3 {
            try endSessions(fleet, "AND state = 'idle'")
            usleep(20_000)
          }
        }
        // A session in the database itself may write as little.
        try fleet.cluster.run("ALTER DATABASE \(name) RESET default_transaction_read_only")
        try endSessions(fleet)
      }
      #expect(end.refusals > 0)
      #expect(fleet.nodes.map { $0.says("takes no writes") } == [true, true, true])
    }
  }

  @Test("Sessions that are ended or stopped by hand cost nothing but time", arguments: [true, false])
  func endedSessions(isEnd: Bool) throws {
    try onNodes { bench in
      let fleet = bench.fleet
      let end = try drill(isEnd ? "Sessions ended by hand" : "Statements stopped by hand", &bench) { _ in
        let over = ContinuousClock.now + .seconds(Drills.isFull ? 30 : 1)
        var count = 0
        while ContinuousClock.now < over {
          try endSessions(
            fleet, "ORDER BY state = 'active' DESC, random() LIMIT 2",
            function: isEnd ? "pg_terminate_backend" : "pg_cancel_backend")
          count += 2
        }
        print("\(count) of them")
      }
      #expect(end.authors.allSatisfy { $0.acknowledgedRequests > 0 })
    }
  }

  @Test(
    "Somebody else locks a table, so that all connections of a node wait: what finds none is refused before long",
    .enabled(if: Drills.isFull, "it takes half a minute: script/test --drills"))
  func lockedTable() throws {
    try onNodes { bench in
      let fleet = bench.fleet
      let end = try drill("A table locked by somebody else, and 60 readers at one node", &bench) { load in
        let readers = try Readers(60, at: fleet.sites[0])
        let holder = try HeadHolder(fleet, .objects)
        sleep(24)
        try holder.letGo()
        usleep(500_000)
        #expect(readers.end() == [])
        // Five seconds at most until it has a thread, as long until it has a connection, and for the lock.
        #expect(readers.refusals > 0 && readers.longest < .seconds(20))
        print("\(readers.refusals) reads refused, the slowest answer after \(readers.longest)")
      }
      #expect(end.refusals > 0 && end.doubts == 0)
      // More than a minute after the log was told of the lock of all writers.
      let isTold = fleet.nodes.contains { $0.says("Somebody else held a lock in the database for too long") }
      #expect(isTold)
    }
  }

  @Test(
    "A session that stands still in the middle of a write holds up the others, and what becomes of it is told truly",
    .enabled(if: Drills.isFull, "it takes a minute: script/test --drills"), arguments: [3, 12, 30])
  func stoppedSession(seconds: UInt32) throws {
    try onNodes { bench in
      let fleet = bench.fleet
      _ = try drill("A session stopped for \(seconds) s", &bench, seconds: 60) { _ in
        let process = try stopWriter(of: fleet)
        sleep(seconds)
        kill(process, SIGCONT)
      }
    }
  }

  /// Stops a session that has the lock, and has not read yet what commits: its node has sent that by then, or will.
  private func stopWriter(of fleet: Fleet) throws -> pid_t {
    let waits = "application_name = 'sojourn writer' AND state = 'idle in transaction'"
    for _ in 0..<200 {
      let process = try fleet.waitForSession(waits)
      kill(process, SIGSTOP)
      let isSo = try fleet.database.run("SELECT count(*) FROM pg_stat_activity WHERE pid = \(process) AND \(waits)")
      if isSo.filter(\.isNumber) == "1" { return process }
      kill(process, SIGCONT)
    }
    throw TestFault("no session was stopped between lock and commit")
  }

  @Test("A disk of the database that is full refuses writes until there is room")
  func fullDisk() throws {
    // They end with it.
    var bench = try Self.kept.withLock { $0.take() } ?? Bench()
    let (fleet, cluster) = (bench.fleet, bench.fleet.cluster)
    let folder = "\(cluster.folder)/disk"
    let size = try fleet.database.run("SELECT pg_table_size('\(fleet.truth.schema).oplog') >> 20").filter(\.isNumber)
    // What is there, what can still come, and what is given back later.
    guard let disk = SmallDisk(at: folder, megabytes: try #require(Int(size)) + 3 + 20) else { return }
    defer {
      for node in fleet.nodes { node.kill() }
      try? cluster.stop(SIGQUIT)
      withExtendedLifetime(disk) {}
    }
    try cluster.adopt(folder)
    try cluster.run("CREATE TABLESPACE small LOCATION '\(folder)'")
    try fleet.database.run("ALTER TABLE \(fleet.truth.schema).oplog SET TABLESPACE small")
    try disk.addBallast(megabytes: 20)
    let end = try drill("A full disk", &bench) { load in
      for index in fleet.nodes.indices {
        for _ in 0..<6000 where load.refusals(at: index) < 20 { usleep(5000) }
        // A small write may still find room, and the node is ready until the next one does not.
        var ready = try fleet.nodes[index].connection().request("GET", "/health/ready")
        for _ in 0..<1000 where ready.status != 503 {
          usleep(5000)
          ready = try fleet.nodes[index].connection().request("GET", "/health/ready")
        }
        #expect(ready.status == 503, "\(ready.text)")
        #expect(try fleet.nodes[index].json("GET", "/objects/item/count.json").status == 200)
      }
      disk.removeBallast()
    }
    #expect(end.refusals > 0 && end.doubts == 0)
    #expect(fleet.nodes.map { $0.says("The disk of the database is full") } == [true, true, true])
  }

  @Test("A database with too few connections: what finds none is refused, and the log says what to raise")
  func connections() throws {
    // Three of them are the superuser's.
    let cluster = try PostgresCluster(settings: ["max_connections = 11"])
    defer { try? cluster.stop(SIGQUIT) }
    var bench = try Bench(Fleet(nodes: 1, in: cluster))
    let fleet = bench.fleet
    let readers = try Readers(24, at: fleet.sites[0])
    defer { #expect(readers.end() == []) }
    // Writes have their connections although reads come before them.
    _ = try drill("Too few connections", &bench) { _ in usleep(Drills.isFull ? 20_000_000 : 1_500_000) }
    #expect(fleet.nodes[0].says("has no connection left"))
  }

  @Test("Nodes whose clocks are 90 seconds apart write one feed, and say so")
  func clocks() throws {
    let folder = try TemporaryDirectory()
    let environment = try [90, -90].map { try ShiftedClock.environment(ahead: $0, in: folder) }
    var bench = try Bench(
      Fleet(nodes: Drills.isFull ? 3 : 2) { index, _ in Fleet.Start(environment: environment[index - 1]) })
    let end = try drill("Clocks apart", &bench) { _ in usleep(Drills.isFull ? 20_000_000 : 1_000_000) }
    #expect(end.refusals == 0 && end.doubts == 0)
    // A second is lost on the way where a machine is busy.
    func isTold(_ node: Int, _ direction: String) -> Bool {
      (88...92).contains { bench.fleet.nodes[node].says("The clock of this node is \($0) seconds \(direction)") }
    }
    #expect(isTold(1, "ahead of") && !bench.fleet.nodes[0].says("The clock of this node"))
    #expect(!Drills.isFull || isTold(2, "behind"))
  }
}

extension ServerUnderTest {
  /// Whether the log has it, as the text of a line.
  fileprivate func says(_ words: String) -> Bool { log.contains(words) }
}
