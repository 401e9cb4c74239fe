import Storage

/// Ends a session that holds a deployment's lock, and in which the server waits for the rest of a pipeline: none of
/// its timeouts sees that.
///
/// Our pipelines are sent whole, so it happens where a node or its network dies in the middle of one. Only sessions of
/// our own role are ended, and only after five seconds.
enum StuckHolder {
  /// How many were ended.
  static func end(of schema: DeploymentSchema, on connection: PostgresConnection) throws -> Int {
    try connection.rows(
      """
      SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_locks AS l
      JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.relation = pg_catalog.to_regclass($1) AND l.granted AND l.mode = 'RowShareLock'
      AND a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_catalog.pg_backend_pid()
      AND a.state = 'active' AND a.wait_event = 'ClientRead' AND a.query_start < now() - interval '5 seconds'
      """
    ) { $0.add(text: schema.table("head")) }.count
  }
}
