import Storage

/// Looks at a database as a server will use it, and says in sentences what is wrong.
package struct DatabaseCheck {
  package struct Finding: Sendable, Equatable {
    /// Whether a server works with it all the same.
    package let isWarning: Bool
    package let sentence: String

    package init(isWarning: Bool, sentence: String) {
      self.isWarning = isWarning
      self.sentence = sentence
    }
  }

  /// What a database says of itself.
  package struct Facts: Sendable, Equatable {
    package var version = ""
    package var user = ""
    package var database = ""
    /// Nil where there is none.
    package var layout: Int?
    package var mostConnections: Int64 = 0
    /// Of the database and of the user; negative is no limit.
    package var databaseLimit: Int64 = -1
    package var userLimit: Int64 = -1
    package var mayCreate = true
    package var hasTrigrams = true
    package var isSynced = true
    package var isPageSafe = true
    package var commitMode = "on"
    /// The database's clock less this machine's, in milliseconds.
    package var clockLead: Int64 = 0

    package init() {}
  }

  /// Beside those of the nodes: who looks after the database must get in.
  static let spareConnections: Int64 = 5
  private static let mostClockLead: Int64 = 5000

  /// Asks the database. `now` is this machine's time since 1970.
  package static func facts(_ connection: PostgresConnection, nowMilliseconds now: Int64) throws -> Facts {
    let row = try connection.rows(
      """
      SELECT current_setting('server_version'), current_user::text, current_database()::text,
        current_setting('max_connections')::int8, d.datconnlimit, r.rolconnlimit,
        has_database_privilege(d.oid, 'CREATE'),
        EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm'),
        current_setting('fsync')::bool, current_setting('full_page_writes')::bool, current_setting('synchronous_commit'),
        (extract(epoch FROM clock_timestamp()) * 1000)::int8
      FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user
      """)[0]
    var facts = Facts()
    facts.version = try row.text(0)
    facts.user = try row.text(1)
    facts.database = try row.text(2)
    facts.mostConnections = try row.integer(3)
    facts.databaseLimit = try row.integer(4)
    facts.userLimit = try row.integer(5)
    facts.mayCreate = try row.isTrue(6)
    facts.hasTrigrams = try row.isTrue(7)
    facts.isSynced = try row.isTrue(8)
    facts.isPageSafe = try row.isTrue(9)
    facts.commitMode = try row.text(10)
    facts.clockLead = try row.integer(11) - now
    facts.layout = try PostgresLayout(connection).version()
    return facts
  }

  /// What is wrong with it for so many nodes.
  package static func findings(_ facts: Facts, nodes: Int) -> [Finding] {
    errors(facts, nodes: nodes).map { Finding(isWarning: false, sentence: $0) }
      + warnings(facts).map { Finding(isWarning: true, sentence: $0) }
  }

  private static func errors(_ facts: Facts, nodes: Int) -> [String] {
    var errors: [String] = []
    if !facts.mayCreate {
      errors.append(
        "The user «\(facts.user)» may not make schemas in the database «\(facts.database)», as each deployment needs one. As "
          + "an administrator: GRANT CREATE ON DATABASE \(facts.database) TO \(facts.user)")
    }
    if facts.layout == PostgresLayout.latest, !facts.hasTrigrams {
      errors.append(
        "The extension pg_trgm is not in the database any more; search needs it. Make it with: CREATE EXTENSION pg_trgm "
          + "SCHEMA sojourn")
    }
    let each = Int64(PostgresPool.Limits.standard.sum)
    let wanted = Int64(nodes) * each + spareConnections
    let counted = "\(nodes) \(nodes == 1 ? "node takes" : "nodes take") \(each) connections each"
    if facts.mostConnections < wanted {
      errors.append(
        "The database has max_connections = \(facts.mostConnections), and \(counted), beside \(spareConnections) for others: "
          + "set max_connections to \(wanted) or more and start the database anew.")
    }
    for (limit, what, change) in [
      (facts.databaseLimit, "database «\(facts.database)»", "ALTER DATABASE \(facts.database) CONNECTION LIMIT"),
      (facts.userLimit, "user «\(facts.user)»", "ALTER ROLE \(facts.user) CONNECTION LIMIT"),
    ] where limit >= 0 && limit < Int64(nodes) * each {
      errors.append("The \(what) may have \(limit) connections, and \(counted): \(change) \(Int64(nodes) * each)")
    }
    return errors
  }

  private static func warnings(_ facts: Facts) -> [String] {
    var warnings: [String] = []
    let loss = "a crash of its machine can lose what was acknowledged"
    if !facts.isSynced { warnings.append("The database runs with fsync = off: \(loss), and the rest with it.") }
    if !facts.isPageSafe { warnings.append("The database runs with full_page_writes = off: a crash can damage it.") }
    if facts.commitMode == "off" { warnings.append("The database runs with synchronous_commit = off: \(loss).") }
    if abs(facts.clockLead) > mostClockLead {
      warnings.append(
        "The database's clock is \(abs(facts.clockLead) / 1000) s \(facts.clockLead > 0 ? "ahead of" : "behind") this "
          + "machine's. Let both follow a time server.")
    }
    return warnings
  }
}
