import Storage

/// The layout of a database: its schema `sojourn`, made and brought forward by an ordinary owner of the database.
///
/// - Throws: `StorageError.unusable` with a sentence that says what to do, and what connections throw.
package struct PostgresLayout {
  private let connection: PostgresConnection
  private let steps: [LayoutStep]

  package init(_ connection: PostgresConnection) {
    self.init(connection, steps: LayoutStep.all)
  }

  init(_ connection: PostgresConnection, steps: [LayoutStep]) {
    self.connection = connection
    self.steps = steps
  }

  /// The number of the layout that this program works with.
  package var latest: Int { steps.last?.number ?? 0 }
  package static var latest: Int { LayoutStep.all.last?.number ?? 0 }

  /// Two that come at the same time do one thing after the other.
  private static let lock: Int64 = 0x736f_6a6f_7572_6e

  /// The number of the database's layout; nil where there is none.
  package func version() throws -> Int? {
    // In two statements: one that names a table which is not there is refused as a whole.
    let there = try connection.rows("SELECT to_regclass('sojourn.layout') IS NOT NULL")
    guard try there[0].isTrue(0) else { return nil }
    return try connection.rows("SELECT max(version) FROM sojourn.layout")[0].integerIfAny(0).map(Int.init) ?? nil
  }

  /// Makes the layout where there is none. What was done; nothing where it was there.
  package func initialize() throws -> [LayoutStep] {
    try explained {
      if try version() == nil {
        // An owner may have got the schema made by an administrator.
        try prepare()
      }
      return try bring()
    }
  }

  /// Brings an older layout forward. What was done.
  package func upgrade() throws -> [LayoutStep] {
    guard try version() != nil else { throw StorageError.unusable(Self.absence) }
    return try explained { try bring() }
  }

  package static let absence =
    "The database is not prepared for Sojourn yet. Prepare it with: sojourn storage init --storage URL"

  /// Why a server cannot work with the database as it is; nil where it can.
  package func problem() throws -> String? {
    guard let version = try version() else { return Self.absence }
    if version > latest { return newer(version) }
    guard version < latest else { return nil }
    return "The database has layout \(version), and this program works with \(latest). Bring it forward with: sojourn "
      + "storage upgrade --storage URL"
  }

  private func newer(_ version: Int) -> String {
    "The database has layout \(version), of a later Sojourn; this program works with \(latest). Upgrade the program."
  }

  private func prepare() throws {
    let there = try connection.rows("SELECT to_regnamespace('sojourn') IS NOT NULL")
    let isMade = try there[0].isTrue(0)
    _ = try connection.perform { trip in
      trip.addOnce("BEGIN")
      trip.addOnce("SELECT pg_advisory_xact_lock($1)") { $0.add(integer: Self.lock) }
      if !isMade { trip.addOnce("CREATE SCHEMA IF NOT EXISTS sojourn") }
      trip.addOnce(
        """
        CREATE TABLE IF NOT EXISTS sojourn.layout (
          version bigint PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT clock_timestamp())
        """)
      trip.addOnce("COMMIT")
    }
  }

  /// All in one transaction: a layout is there as a whole, or not at all.
  private func bring() throws -> [LayoutStep] {
    _ = try connection.perform { trip in
      trip.addOnce("BEGIN")
      trip.addOnce("SELECT pg_advisory_xact_lock($1)") { $0.add(integer: Self.lock) }
    }
    let version = try connection.rows("SELECT max(version) FROM sojourn.layout")[0].integerIfAny(0) ?? 0
    guard version <= latest else { throw StorageError.unusable(newer(Int(version))) }
    let missing = steps.filter { $0.number > version }
    _ = try connection.perform { trip in
      for step in missing {
        for statement in step.statements { trip.addOnce(statement) }
        trip.addOnce("INSERT INTO sojourn.layout (version) VALUES ($1)") { $0.add(integer: Int64(step.number)) }
      }
      trip.addOnce("COMMIT")
    }
    return missing
  }

  /// What an owner can mend is said so. The transaction is rolled back.
  private func explained<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if connection.isInTransaction { try? connection.rollback() }
      guard let fault = error as? PostgresFault, fault.kind == .refused else { throw error }
      throw try sentence(for: fault).map { StorageError.unusable($0) } ?? error
    }
  }

  private func sentence(for fault: PostgresFault) throws -> String? {
    let isExtension = fault.sql?.hasPrefix("CREATE EXTENSION") == true
    let names = try connection.rows("SELECT current_user::text, current_database()::text")[0]
    let (user, database) = (try names.text(0), try names.text(1))
    switch fault.state {
    case .noRight? where isExtension:
      return
        "The user «\(user)» may not make the extension pg_trgm. As an administrator of the database: CREATE EXTENSION "
        + "pg_trgm SCHEMA sojourn"
    case .noRight?:
      return
        "The user «\(user)» may not make what Sojourn needs in the database «\(database)» (\(fault.message)). As an "
        + "administrator: ALTER DATABASE \(database) OWNER TO \(user), or GRANT CREATE ON DATABASE \(database) TO \(user)"
    case .featureNotSupported? where isExtension, .noSuchFile? where isExtension:
      return "The database server has no extension pg_trgm. Install what brings it, on Debian: apt-get install "
        + "postgresql-contrib"
    default: return nil
    }
  }
}
