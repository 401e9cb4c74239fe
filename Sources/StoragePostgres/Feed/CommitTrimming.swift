import Storage

/// Rows of `commits` and `counters` that no longer count. Two nodes may remove them at once: what one finds gone is
/// gone.
struct CommitTrimming {
  let schema: DeploymentSchema

  /// A group in doubt is looked for within seconds, and a snapshot that is open keeps what it sees.
  private static let keptSeconds: Int64 = 3600
  /// Rows of `commits` that one statement looks at.
  private static let mostRows = 5000

  /// Whether nothing is left to remove.
  func perform(on connection: PostgresConnection, second: Int64) throws -> Bool {
    let results = try connection.perform {
      $0.add(
        """
        WITH oldest AS MATERIALIZED (
          SELECT number, at FROM \(schema.name).commits ORDER BY number LIMIT \(Self.mostRows)
        ), done AS (
          SELECT max(number) AS number FROM oldest
          WHERE at < $1 AND number < (SELECT max(number) FROM \(schema.name).commits)
        )
        DELETE FROM \(schema.name).commits c USING done WHERE c.number <= done.number
        """
      ) { $0.add(integer: second - Self.keptSeconds) }
      // Of each model the newest one from before the rows that are kept counts, where there is none behind it.
      $0.add(
        """
        DELETE FROM \(schema.name).counters c USING (
          SELECT m.number AS model, (
              SELECT max(k.number) FROM \(schema.name).counters k WHERE k.model = m.number
              AND k.number <= (SELECT min(number) FROM \(schema.name).commits)) AS newest
          FROM \(schema.name).models m
        ) l WHERE c.model = l.model AND c.number < l.newest
        """)
    }
    return results[0].affected < Self.mostRows
  }
}
