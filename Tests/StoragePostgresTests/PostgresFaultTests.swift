import Glibc
import PostgresUnderTest
import Storage
import Testing

@testable import StoragePostgres

/// What people are told when there is no connection, and that nothing is said of the password.
@Suite struct PostgresFaultTests {
  private static let secret = "Own"

  private func fault(_ text: String, as role: PostgresRole = .writer) throws -> PostgresFault {
    let address = try PostgresAddress(text)
    let fault = #expect(throws: PostgresFault.self) { try PostgresConnection.open(address, as: role) }
    let found = try #require(fault)
    #expect(found.kind == .connecting)
    #expect(!"\(found)".contains(Self.secret) && !found.sentence.contains(Self.secret))
    return found
  }

  @Test func aWrongPassword() throws {
    let cluster = try PostgresCluster.shared()
    let found = try fault("postgresql://owner:Ownwrong@127.0.0.1:\(cluster.port)/postgres")
    #expect(found.state == .wrongPassword)
    #expect(found.sentence.contains("does not take this password of the user «owner»"))
  }

  @Test func noPassword() throws {
    let cluster = try PostgresCluster.shared()
    let found = try fault("postgresql://owner@127.0.0.1:\(cluster.port)/postgres")
    #expect(found.sentence.contains("asks for the password of the user «owner», and there is none"))
  }

  @Test func noSuchDatabase() throws {
    let database = try PostgresCluster.shared().database()
    try database.cluster.run("DROP DATABASE \(database.name)")
    let found = try fault(database.address)
    #expect(found.sentence.hasPrefix("There is no database «\(database.name)» at 127.0.0.1:\(database.cluster.port)."))
    #expect(found.sentence.contains("createdb --owner owner \(database.name)"))
  }

  @Test func noRightToConnect() throws {
    let database = try PostgresCluster.shared().database()
    try database.run("CREATE ROLE stranger_\(database.name) LOGIN PASSWORD 'Ownstranger'")
    try database.run("REVOKE CONNECT ON DATABASE \(database.name) FROM PUBLIC")
    let found = try fault(
      "postgresql://stranger_\(database.name):Ownstranger@127.0.0.1:\(database.cluster.port)/\(database.name)")
    #expect(found.state == .noRight && found.sentence.contains("GRANT CONNECT ON DATABASE"))
  }

  @Test func nobodyListens() throws {
    let relay = try PostgresRelay(to: 1)
    relay.stop()
    usleep(10_000)
    let found = try fault("postgresql://owner:Own@127.0.0.1:\(relay.port)/app")
    #expect(found.sentence.hasPrefix("No database listens at 127.0.0.1:\(relay.port)."))
    let sentence = StorageError(found).sentence
    #expect(sentence.hasPrefix("Storage cannot take it: No database listens") && sentence.hasSuffix(" right?"))
    let socket = try fault("postgresql://owner:Own@/app?host=/tmp/no-such-folder")
    #expect(socket.sentence.hasPrefix("No database listens at the socket in /tmp/no-such-folder."))
  }

  @Test func aHostOfNoName() throws {
    let found = try fault("postgresql://owner:Own@no-such-host.invalid/app")
    #expect(found.sentence.hasPrefix("There is no host"))
  }

  @Test func aServerThatSaysNothing() throws {
    let relay = try PostgresRelay(to: try PostgresCluster.shared().port)
    defer { relay.stop() }
    relay.pause()
    let address = try PostgresAddress("postgresql://owner:Own@127.0.0.1:\(relay.port)/app")
    let start = ContinuousClock.now
    let found = #expect(throws: PostgresFault.self) {
      try PostgresConnection.open(address, as: .reader, within: .seconds(2))
    }
    #expect(found?.sentence.contains("did not answer within 2 s") == true)
    #expect(ContinuousClock.now - start < .seconds(6))
  }

  @Test func theFirstOfSeveralHostsThatTakesWritesIsUsed() throws {
    let database = try PostgresCluster.shared().database()
    let dead = try PostgresRelay(to: 1)
    dead.stop()
    usleep(10_000)
    let start = "postgresql://owner:Own%20er%407%2F%3A%25secret@127.0.0.1:\(dead.port),127.0.0.1:"
    let address = try PostgresAddress("\(start)\(database.cluster.port)/\(database.name)")
    let connection = try PostgresConnection.open(address, as: .writer)
    #expect(connection.isUsable)
    let none = try fault("\(start)\(dead.port)/\(database.name)")
    #expect(none.sentence.hasPrefix("None of the 2 hosts takes writes. No database listens"))
  }

  @Test func aDatabaseThatOnlyReads() throws {
    let database = try PostgresCluster.shared().database()
    try database.run("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
    let found = try fault(database.address)
    #expect(found.state == .readOnly && found.sentence.contains("takes no writes"))
  }

  @Test func aDatabaseThatKeepsTextsOtherwise() throws {
    let database = try PostgresCluster.shared().database()
    let name = "latin_\(database.name)"
    try database.cluster.run("CREATE DATABASE \(name) OWNER owner ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    let address = "postgresql:///\(name)?host=\(database.cluster.folder)&port=\(database.cluster.port)&user=owner"
    let found = try fault(address)
    #expect(found.sentence.contains("keeps texts as LATIN1") && found.sentence.contains("createdb --encoding UTF8"))
  }

  @Test func noConnectionIsLeft() throws {
    let cluster = try PostgresCluster(settings: ["max_connections = 6", "superuser_reserved_connections = 3"])
    defer { try? cluster.stop(SIGQUIT) }
    let database = try cluster.database()
    let address = try PostgresAddress(database.address)
    let held = try (0..<3).map { _ in try PostgresConnection.open(address, as: .reader) }
    let found = try fault(database.address)
    #expect(found.state == .tooManyConnections && found.sentence.contains("Raise its max_connections"))
    withExtendedLifetime(held) {}
  }

  @Test func whatIsHeldTooLongIsBusyAndWhatRunsTooLongIsStopped() throws {
    let address = try PostgresAddress(try PostgresCluster.shared().database().address)
    let connection = try PostgresConnection.open(address, as: .writer)
    let holder = try PostgresConnection.open(address, as: .writer)
    try holder.run("CREATE TABLE public.t (n int8)")
    _ = try holder.perform { trip in
      trip.add("BEGIN")
      trip.add("LOCK TABLE public.t")
    }
    try connection.run("SET lock_timeout = 50")
    let busy = #expect(throws: PostgresFault.self) { try connection.run("SELECT n FROM public.t") }
    #expect(busy.map { StorageError($0) } == .busy)
    try connection.run("SET statement_timeout = 100")
    let stopped = #expect(throws: PostgresFault.self) { try connection.run("SELECT pg_sleep(10)") }
    #expect(stopped.map { StorageError($0) } == .timeLimit(seconds: 20))
    #expect(connection.isUsable)
  }

  @Test(arguments: [
    ("53100", StorageError.unavailable("The disk of the database is full: said")),
    ("40001", .busy), ("54000", .rowTooLarge),
    (
      "25006",
      .unavailable(
        "The database takes no writes now: said. It is a standby, or was set to read only. Name the primary in the storage "
          + "address")
    ),
    ("42501", .unusable("The database's user lacks a right: said.")),
    ("42601", .broken("The database refuses it: said, SQLSTATE 42601")),
  ])
  func statesBecomeErrorsOfStorage(state: String, expected: StorageError) {
    let fault = PostgresFault(.refused, state: SQLState(rawValue: state), "said")
    #expect(StorageError(fault) == expected)
  }
}
