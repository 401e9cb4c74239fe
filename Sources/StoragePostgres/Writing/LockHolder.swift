import Storage

/// Who holds the lock that all writers of a deployment wait for, as whoever runs the server is told.
struct LockHolder: Equatable {
  let processID: Int64
  /// What an ordinary user is not shown of others' sessions is nil.
  var user: String?
  var application: String?
  /// Seconds since its transaction began.
  var seconds: Int64?

  /// The oldest transaction that has a lock there and waits for none itself; nil where nobody has.
  init?(of schema: DeploymentSchema, on connection: PostgresConnection) throws {
    let rows = try connection.rows(
      """
      SELECT a.pid::bigint, a.usename::text, a.application_name, extract(epoch FROM now() - a.xact_start)::bigint
      FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.relation = pg_catalog.to_regclass($1) AND l.granted AND l.mode <> 'AccessShareLock'
      AND a.datname = current_database() AND a.pid <> pg_catalog.pg_backend_pid()
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS w WHERE w.pid = l.pid AND NOT w.granted)
      ORDER BY a.xact_start LIMIT 1
      """
    ) { $0.add(text: schema.table("head")) }
    guard let row = rows.first else { return nil }
    self.init(
      processID: try row.integer(0), user: try row.textIfAny(1), application: try row.textIfAny(2),
      seconds: try row.integerIfAny(3))
  }

  init(processID: Int64, user: String? = nil, application: String? = nil, seconds: Int64? = nil) {
    self.processID = processID
    self.user = user
    self.application = application
    self.seconds = seconds
  }

  func sentence(of deployment: String) -> String {
    let who = [user.map { "the user «\($0)»" }, application.flatMap { $0.isEmpty ? nil : "the program «\($0)»" }]
      .compactMap(\.self).joined(separator: ", ")
    let age = seconds.map { ", whose transaction began \($0) s ago" } ?? ""
    return "Writes of deployment \(deployment) are answered with 503: another session holds its lock, process "
      + "\(processID) of the database\(who.isEmpty ? "" : " (\(who))")\(age). Where it does not end by itself: "
      + "SELECT pg_terminate_backend(\(processID))"
  }
}
