import Storage

/// The indexes of a deployment: those without which what it promises does not hold are there, and each that is there
/// serves. One that a data model wants and that is not there yet is built by a server, and no damage.
struct CheckedIndexes {
  private(set) var findings: [DeploymentCheck.Finding] = []

  init(_ schema: DeploymentSchema, _ snapshot: SharedSnapshot) throws {
    let results = try snapshot.ask { pipeline in
      pipeline.add(
        """
        SELECT t.relname::text, c.relname::text, i.indisvalid,
          EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = c.oid)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
        WHERE s.nspname = $1 AND NOT i.indisvalid ORDER BY 1, 2
        """
      ) { $0.add(text: schema.name) }
      // Whether rows can be told apart: by the primary key, and objects by their id as well.
      pipeline.add(
        """
        SELECT t.relname::text, k.column_name FROM pg_catalog.pg_class t
        JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace
        CROSS JOIN LATERAL (
          SELECT NULL::text AS column_name UNION ALL SELECT 'id' WHERE t.relname ~ '^m[0-9]+$') k
        WHERE s.nspname = $1 AND t.relkind = 'r' AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = t.oid AND i.indisunique AND i.indisvalid
          AND CASE WHEN k.column_name IS NULL THEN i.indisprimary ELSE i.indnkeyatts = 1 AND i.indpred IS NULL AND EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = t.oid AND a.attnum = i.indkey[0] AND a.attname = k.column_name) END)
        ORDER BY 1, 2
        """
      ) { $0.add(text: schema.name) }
      pipeline.add(
        """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
        WHERE s.nspname = $1 AND c.relkind = 'i'
        """
      ) { $0.add(text: schema.name) }
    }
    try results[0].each { row in
      if try row.isTrue(3) { return }
      findings.add(
        .indexes,
        "the index \(try row.text(1)) of \(try row.text(0)) is not valid: its building was cut off. A server that runs "
          + "builds those of models anew; others need REINDEX")
    }
    try results[1].each { row in
      let table = try row.text(0)
      findings.add(
        .indexes,
        row.isNull(1)
          ? "the table \(table) has lost its primary key" : "nothing keeps ids in the table \(table) unique any more")
    }
    let names = Set(try results[2].map { try $0.text(0) })
    for name in Self.declared(in: schema) where !names.contains(name) {
      findings.add(.indexes, "the index \(name) is missing")
    }
  }

  /// Of tables that each deployment has.
  private static func declared(in schema: DeploymentSchema) -> [String] {
    DeploymentTables.statements(in: schema).compactMap { statement in
      let words = statement.split(separator: " ", maxSplits: 3)
      return words.count == 4 && words[0] == "CREATE" && words[1] == "INDEX" ? String(words[2]) : nil
    }
  }
}
