import PostgresUnderTest
import Storage
import Testing
import Wire

@testable import StoragePostgres

@Suite struct PostgresLayoutTests {
  private func connect(_ database: PostgresDatabase) throws -> PostgresConnection {
    try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
  }

  @Test func anOrdinaryOwnerPreparesADatabaseOnce() throws {
    let database = try PostgresCluster.shared().database()
    let connection = try connect(database)
    let layout = PostgresLayout(connection)
    #expect(try layout.version() == nil)
    #expect(try layout.problem() == PostgresLayout.absence)
    #expect(try layout.initialize().map(\.number) == LayoutStep.all.map(\.number))
    #expect(try layout.version() == PostgresLayout.latest)
    #expect(try layout.problem() == nil)
    #expect(try layout.initialize().count == 0)
    #expect(try layout.upgrade().count == 0)
    #expect(
      try database.run("SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm'") == "sojourn\n")
    #expect(try database.run("SELECT rolsuper FROM pg_roles WHERE rolname = 'owner'") == "f\n")
  }

  @Test func stepsAreNumberedFromOneWithoutAGap() {
    #expect(LayoutStep.all.map(\.number) == Array(1...LayoutStep.all.count))
  }

  @Test func aLayoutIsBroughtForwardAsAWholeOrNotAtAll() throws {
    let connection = try connect(try PostgresCluster.shared().database())
    _ = try PostgresLayout(connection).initialize()
    let good = LayoutStep(number: 2, summary: "one more", statements: ["CREATE TABLE sojourn.more (n int8)"])
    let bad = LayoutStep(number: 3, summary: "a mistake", statements: ["CREATE TABLE sojourn.more (n int8)"])
    #expect(throws: PostgresFault.self) {
      try PostgresLayout(connection, steps: LayoutStep.all + [good, bad]).upgrade()
    }
    #expect(try PostgresLayout(connection).version() == 1)
    #expect(!connection.isInTransaction)
    let later = PostgresLayout(connection, steps: LayoutStep.all + [good])
    let outlook = try later.problem()
    #expect(outlook?.contains("has layout 1, and this program works with 2") == true)
    #expect(try later.upgrade().map(\.summary) == ["one more"])
    // The program of before does not touch it any more.
    let problem = try PostgresLayout(connection).problem()
    #expect(problem?.contains("has layout 2, of a later Sojourn") == true)
    #expect(throws: StorageError.unusable(problem ?? "")) { try PostgresLayout(connection).initialize() }
    #expect(!connection.isInTransaction)
  }

  @Test func noRightToCreateIsASentence() throws {
    let cluster = try PostgresCluster.shared()
    let database = try cluster.database()
    try database.run("ALTER DATABASE \(database.name) OWNER TO postgres")
    let connection = try connect(database)
    let fault = #expect(throws: StorageError.self) { try PostgresLayout(connection).initialize() }
    #expect(fault?.sentence.contains("ALTER DATABASE \(database.name) OWNER TO owner") == true)
    let facts = try DatabaseCheck.facts(connection, nowMilliseconds: SystemClock().milliseconds())
    #expect(!facts.mayCreate)
  }

  @Test func aSchemaOfSomebodyElseIsASentence() throws {
    let database = try PostgresCluster.shared().database()
    try database.run("CREATE SCHEMA sojourn")
    let fault = #expect(throws: StorageError.self) { try PostgresLayout(connect(database)).initialize() }
    #expect(fault?.sentence.contains("permission denied for schema sojourn") == true)
  }

  @Test func twoThatPrepareAtOnceDoItOnce() async throws {
    let database = try PostgresCluster.shared().database()
    let address = try PostgresAddress(database.address)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try PostgresLayout(try PostgresConnection.open(address, as: .administrator)).initialize().count
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.reduce(0, +) == LayoutStep.all.count)
  }

  @Test func keysAreKeptOnce() throws {
    let connection = try connect(try PostgresCluster.shared().database())
    _ = try PostgresLayout(connection).initialize()
    let keys = SealedKeys(connection)
    #expect(try keys.key("server") == nil)
    #expect(try keys.keep([1, 2, 3], as: "server"))
    #expect(try keys.keep([4], as: "server") == false)
    #expect(try keys.key("server") == [1, 2, 3])
  }
}

@Suite struct DatabaseCheckTests {
  private var good: DatabaseCheck.Facts {
    var facts = DatabaseCheck.Facts()
    facts.user = "owner"
    facts.database = "app"
    facts.layout = PostgresLayout.latest
    facts.mostConnections = 100
    return facts
  }

  private func sentences(nodes: Int = 1, _ change: (inout DatabaseCheck.Facts) -> Void) -> [String] {
    var facts = good
    change(&facts)
    return DatabaseCheck.findings(facts, nodes: nodes).map(\.sentence)
  }

  @Test func whatIsRightIsNoFinding() { #expect(sentences { _ in } == []) }

  @Test func eachNodeTakesNineteenConnectionsBesideFiveForOthers() {
    #expect(sentences { $0.mostConnections = 24 } == [])
    #expect(sentences { $0.mostConnections = 23 }.first?.contains("set max_connections to 24 or more") == true)
    #expect(sentences(nodes: 5) { _ in } == [])
    #expect(sentences(nodes: 6) { _ in }.first?.contains("6 nodes take 19 connections each") == true)
    #expect(
      sentences { $0.userLimit = 18 } == [
        "The user «owner» may have 18 connections, and 1 node takes 19 connections each: ALTER ROLE owner CONNECTION LIMIT 19"
      ])
    #expect(sentences { $0.databaseLimit = 18 }.first?.contains("ALTER DATABASE app CONNECTION LIMIT 19") == true)
  }

  @Test func whatCouldLoseWritesIsAWarning() {
    var facts = good
    facts.isSynced = false
    facts.commitMode = "off"
    facts.clockLead = -7000
    let findings = DatabaseCheck.findings(facts, nodes: 1)
    #expect(findings.count == 3 && findings.allSatisfy(\.isWarning))
    #expect(findings.last?.sentence.hasPrefix("The database's clock is 7 s behind") == true)
  }

  @Test func aRealDatabaseIsLookedAt() throws {
    let database = try PostgresCluster.shared().database()
    let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
    _ = try PostgresLayout(connection).initialize()
    let facts = try DatabaseCheck.facts(connection, nowMilliseconds: SystemClock().milliseconds())
    #expect(facts.version.hasPrefix("1") && facts.user == "owner" && facts.layout == PostgresLayout.latest)
    #expect(facts.mostConnections == 60 && facts.hasTrigrams && facts.mayCreate && abs(facts.clockLead) < 5000)
    // The tests' cluster runs without fsync.
    #expect(DatabaseCheck.findings(facts, nodes: 2).map(\.isWarning) == [true])
  }
}
