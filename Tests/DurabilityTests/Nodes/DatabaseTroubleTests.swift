import Glibc
import PostgresUnderTest
import ServerUnderTest
import Testing
import Wire

/// A database that does not do what it is asked, while clients of several nodes write: they are told so in a sentence,
/// nothing is lost, nothing is there that was not acknowledged, the nodes go on by themselves, and their logs say what
/// is wrong.
@Suite("Drills: a database in trouble", .serialized)
struct DatabaseTroubleTests {
  private var authors: [Author] { (1...6).map { Author($0, seed: Drills.seed) } }

  /// Runs `trouble` under load, and holds what all say against each other when it is over.
  private func drill(
    _ name: String, _ fleet: Fleet, seconds: Int = 30, _ trouble: (Load) throws -> Void
  ) throws -> Load.End {
    let began = ContinuousClock.now
    let processes = fleet.nodes.map(\.processID)
    let load = try fleet.load(authors)
    try fleet.waitForWrites(load)
    try trouble(load)
    let back = try fleet.waitForWrites(load, seconds: seconds)
    let end = load.end(stop: true)
    var authors = end.authors
    #expect(try fleet.findings(after: end, &authors) == [], "\(name)")
    #expect(try fleet.oplogFindings(authors) == [], "\(name)")
    #expect(fleet.nodes.map(\.processID) == processes, "no restart")
    print(
      """
      \(name): \(ContinuousClock.now - began), acknowledged \(authors.map(\.acknowledgedRequests).reduce(0, +)), refused \
      with 503 \(end.refusals), done or not \(end.doubts), all nodes wrote again after \
      \(Int(back / .milliseconds(1))) ms.
      """)
    return end
  }

  /// All sessions of nodes in this database, or some of them.
  private func endSessions(_ fleet: Fleet, _ which: String = "", function: String = "pg_terminate_backend") throws {
    try fleet.database.run(
      "SELECT \(function)(pid) FROM pg_stat_activity WHERE datname = '\(fleet.database.name)' AND usename = 'owner' \(which)"
    )
  }

  @Test("Somebody else holds the lock of all writers: writes are refused, reads go on, and the log names who it is")
  func lock() throws {
    let fleet = try Fleet(nodes: 2)
    var process: Int32 = 0
    let end = try drill("A lock held by somebody else", fleet) { load in
      let holder = try HeadHolder(fleet)
      process = holder.processID
      let over = ContinuousClock.now + .seconds(Drills.isFull ? 10 : 7)
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

  @Test("What an administrator has set for the role changes nothing")
  func settings() throws {
    let fleet = try Fleet(nodes: 2)
    for setting in [
      "statement_timeout = 1", "lock_timeout = 1", "idle_session_timeout = 200",
      "client_min_messages = error", "default_transaction_isolation = serializable", "search_path = pg_temp",
      "enable_indexscan = off", "bytea_output = escape", "extra_float_digits = -15", "jit = on",
      "idle_in_transaction_session_timeout = 1", "DateStyle = 'German'",
    ] { try fleet.database.run("ALTER ROLE owner IN DATABASE \(fleet.database.name) SET \(setting)") }
    try endSessions(fleet)
    usleep(1_000_000)
    let end = try drill("Settings of the role", fleet) { _ in usleep(Drills.isFull ? 10_000_000 : 1_500_000) }
    #expect(end.refusals == 0 && end.doubts == 0)
    // Who rests for longer than sessions may finds others.
    usleep(500_000)
    for node in fleet.nodes {
      #expect(try node.json("GET", "/objects/item/count.json").status == 200)
      #expect(try node.json("POST", "/objects/item.json", #"{"item":{"number":1}}"#).status == 200)
    }
  }

  @Test("A database that was set to read only refuses writes, and takes them again when it is not")
  func readOnly() throws {
    let fleet = try Fleet(nodes: 2)
    let name = fleet.database.name
    let end = try drill("Read only", fleet) { load in
      try fleet.database.run("ALTER DATABASE \(name) SET default_transaction_read_only = on")
      try endSessions(fleet)
      let before = fleet.nodes.indices.map { load.refusals(at: $0) }
      for index in fleet.nodes.indices {
        for _ in 0..<2000 where load.refusals(at: index) < before[index] + 3 { usleep(5000) }
      }
      try fleet.database.run("ALTER DATABASE \(name) RESET default_transaction_read_only")
      try endSessions(fleet)
    }
    #expect(end.refusals > 0)
    #expect(fleet.nodes.map { $0.says("takes no writes") } == [true, true])
  }

  @Test("Sessions that are ended or stopped by hand cost nothing but time", arguments: [true, false])
  func endedSessions(isEnd: Bool) throws {
    let fleet = try Fleet(nodes: 3)
    let end = try drill(isEnd ? "Sessions ended by hand" : "Statements stopped by hand", fleet) { _ in
      let over = ContinuousClock.now + .seconds(Drills.isFull ? 30 : 2)
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

  @Test("A database with too few connections: what finds none is refused, and the log says what to raise")
  func connections() throws {
    // Three of them are the superuser's.
    let cluster = try PostgresCluster(settings: ["max_connections = 11"])
    let fleet = try Fleet(nodes: 1, in: cluster)
    let readers = try Readers(24, at: fleet.sites[0])
    _ = try drill("Too few connections", fleet) { load in
      usleep(Drills.isFull ? 20_000_000 : 2_000_000)
    }
    #expect(readers.end() == [])
    // Writes had their connections although reads came before them.
    #expect(fleet.nodes[0].says("has no connection left"))
    for _ in 0..<20 {
      #expect(try fleet.nodes[0].json("GET", "/objects/item/count.json").status == 200)
      #expect(try fleet.nodes[0].json("POST", "/objects/item.json", #"{"item":{"number":1}}"#).status == 200)
    }
    try cluster.stop(SIGQUIT)
  }

  @Test("A disk of the database that is full refuses writes until there is room")
  func fullDisk() throws {
    let cluster = try PostgresCluster()
    defer { try? cluster.stop(SIGQUIT) }
    guard let disk = SmallDisk(at: "\(cluster.folder)/disk", megabytes: 24) else { return }
    let fleet = try Fleet(nodes: 2, in: cluster)
    try cluster.adopt("\(cluster.folder)/disk")
    try disk.addBallast(megabytes: 20)
    try cluster.run("CREATE TABLESPACE small LOCATION '\(cluster.folder)/disk'")
    try fleet.database.run("ALTER TABLE \(fleet.truth.schema).oplog SET TABLESPACE small")
    let end = try drill("A full disk", fleet) { load in
      for index in fleet.nodes.indices {
        for _ in 0..<6000 where load.refusals(at: index) < 20 { usleep(5000) }
        let ready = try fleet.nodes[index].connection().request("GET", "/health/ready")
        #expect(ready.status == 503, "\(ready.text)")
        #expect(try fleet.nodes[index].json("GET", "/objects/item/count.json").status == 200)
      }
      disk.removeBallast()
    }
    #expect(end.refusals > 0 && end.doubts == 0)
    #expect(fleet.nodes.map { $0.says("The disk of the database is full") } == [true, true])
    for node in fleet.nodes { node.kill() }
    try cluster.stop(SIGQUIT)
    withExtendedLifetime(disk) {}
  }

  @Test("Nodes whose clocks are 90 seconds apart write one feed, and say so")
  func clocks() throws {
    let folder = try TemporaryDirectory()
    let fleet = try Fleet(nodes: 3) { index, _ in
      Fleet.Start(environment: try ShiftedClock.environment(ahead: index == 1 ? 90 : -90, in: folder))
    }
    let end = try drill("Clocks apart", fleet) { _ in usleep(Drills.isFull ? 20_000_000 : 1_500_000) }
    #expect(end.refusals == 0 && end.doubts == 0)
    // A second is lost on the way where a machine is busy.
    func isTold(_ node: Int, _ direction: String) -> Bool {
      (88...92).contains { fleet.nodes[node].says("The clock of this node is \($0) seconds \(direction)") }
    }
    #expect(isTold(1, "ahead of") && isTold(2, "behind") && !fleet.nodes[0].says("The clock of this node"))
  }

  @Test(
    "A session that stands still in the middle of a write holds up the others, and what becomes of it is told truly",
    .enabled(if: Drills.isFull, "it takes half a minute: script/test --drills"), arguments: [3, 12, 30])
  func stoppedSession(seconds: UInt32) throws {
    let fleet = try Fleet(nodes: 2)
    _ = try drill("A session stopped for \(seconds) s", fleet, seconds: 60) { _ in
      var found = ""
      while found.isEmpty {
        found = try fleet.database.run(
          """
          SELECT pid FROM pg_stat_activity WHERE datname = '\(fleet.database.name)' AND application_name = 'sojourn writer'
          AND state <> 'idle' LIMIT 1
          """
        ).filter(\.isNumber)
      }
      let process = try #require(pid_t(found))
      kill(process, SIGSTOP)
      sleep(seconds)
      kill(process, SIGCONT)
    }
  }
}

extension ServerUnderTest {
  /// Whether the log has it, as the text of a line.
  fileprivate func says(_ words: String) -> Bool { log.contains(words) }
}
