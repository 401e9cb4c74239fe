import Glibc
import PostgresUnderTest
import ServerUnderTest
import StoragePostgres

/// Somebody else's session that holds a lock, for as long as a test wants: that of a deployment's writers, or of all
/// who use its objects.
final class HeadHolder {
  private let connection: PostgresConnection
  let processID: Int32

  enum Lock { case writers, objects }

  init(_ fleet: Fleet, _ lock: Lock = .writers) throws {
    connection = try PostgresConnection.open(
      try PostgresAddress(fleet.database.superuserAddress), as: .administrator)
    processID = connection.processID
    try connection.run("SET idle_in_transaction_session_timeout = 0")
    _ = try connection.perform {
      $0.add("BEGIN")
      switch lock {
      case .writers: $0.add("SELECT FROM \(fleet.truth.schema).head FOR UPDATE")
      case .objects: $0.add("LOCK TABLE \(fleet.truth.schema).m1 IN ACCESS EXCLUSIVE MODE")
      }
    }
  }

  func letGo() throws { try connection.rollback() }

  deinit { connection.close() }
}

extension Fleet {
  /// Waits until a session of a node is so.
  /// - Returns: its process.
  @discardableResult
  func waitForSession(_ condition: @autoclosure () -> String) throws -> pid_t {
    for _ in 0..<1000 {
      let found = try database.run(
        """
        SELECT pid FROM pg_stat_activity
        WHERE datname = '\(database.name)' AND usename = 'owner' AND \(condition()) LIMIT 1
        """)
      if let process = pid_t(found.filter(\.isNumber)) { return process }
      usleep(10_000)
    }
    throw TestFault("no session ever had \(condition())")
  }
}
