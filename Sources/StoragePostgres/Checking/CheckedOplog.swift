import Storage

/// The oplog of a deployment, held against its commits, against itself and against the objects.
///
/// Sequences are made of times and have gaps; that nothing is missing shows in that each entry names the one before it
/// of the same object, and in that each object names its last one.
struct CheckedOplog {
  let count: Int64
  private let tables: CheckedTables
  private let snapshot: SharedSnapshot
  private let schema: String
  /// Entries up to this sequence were trimmed.
  private let trimmed: Int64
  /// The last sequence in the oplog; 0 where it is empty.
  private let last: Int64

  private static let limit = DeploymentCheck.mostTold + 1

  init(_ tables: CheckedTables, _ snapshot: SharedSnapshot) throws {
    (self.tables, self.snapshot, schema) = (tables, snapshot, tables.schema.name)
    let results = try snapshot.ask { pipeline in
      pipeline.add(FactTable(schema: tables.schema).reading) { $0.add(text: DeploymentFact.trimmed.rawValue) }
      pipeline.add("SELECT count(*), coalesce(max(sequence), 0) FROM \(tables.schema.name).oplog")
    }
    trimmed = try FactTable.number(results[0])
    count = try results[1][0].integer(0)
    last = try results[1][0].integer(1)
  }

  // MARK: Commits.

  func commitFindings() throws -> [DeploymentCheck.Finding] {
    let commits =
      """
      FROM (SELECT number, last_sequence, feed, lag(number) OVER w AS number_before,
        lag(last_sequence) OVER w AS last_before, lag(feed) OVER w AS feed_before
        FROM \(schema).commits WINDOW w AS (ORDER BY number)) c
      """
    let results = try snapshot.ask { pipeline in
      pipeline.add("SELECT number, last_sequence FROM \(schema).commits ORDER BY number DESC LIMIT 1")
      pipeline.add(
        """
        SELECT number, last_sequence, number_before, last_before \(commits)
        WHERE number <> number_before + 1 OR last_sequence < last_before ORDER BY number LIMIT \(Self.limit)
        """)
      // A group that begins another feed goes on above what was lost.
      pipeline.add(
        """
        SELECT number, last_sequence \(commits) WHERE last_sequence > last_before AND feed = feed_before
        AND last_sequence > $1 AND NOT EXISTS (SELECT FROM \(schema).oplog o WHERE o.sequence = c.last_sequence)
        ORDER BY number LIMIT \(Self.limit)
        """
      ) { $0.add(integer: trimmed) }
      pipeline.add("SELECT count(*) FROM \(schema).head")
    }
    var findings: [DeploymentCheck.Finding] = []
    if let newest = try results[0].first?.integer(1) {
      if last > newest {
        findings.add(.commits, "the oplog goes on to \(last), and the last commit says that it ends at \(newest)")
      }
    } else {
      findings.add(.commits, "there is no commit, so that nobody can say how far the feed has come")
    }
    try findings.add(.commits, results[1]) { row in
      let (number, before) = (try row.integer(0), try row.integer(2))
      return number == before + 1
        ? "commit \(number) ends at \(try row.integer(1)), before the commit that precedes it, which ends at "
          + "\(try row.integer(3))"
        : "commit \(number) follows commit \(before): those between them are missing"
    }
    try findings.add(.commits, results[2]) {
      "the entry \(try $0.integer(1)), with which commit \(try $0.integer(0)) ends, is missing from the oplog"
    }
    if try results[3][0].integer(0) != 1 {
      findings.add(.commits, "the row of head that writers lock is missing: nothing can be written")
    }
    return findings
  }

  // MARK: Entries.

  func entryFindings() throws -> [DeploymentCheck.Finding] {
    let results = try snapshot.ask { pipeline in
      pipeline.add("SELECT count(*) FROM \(schema).oplog WHERE sequence <= $1") { $0.add(integer: trimmed) }
      pipeline.add(
        """
        SELECT sequence, model, operation FROM \(schema).oplog o WHERE operation NOT BETWEEN 1 AND 3
        OR NOT EXISTS (SELECT FROM \(schema).models m WHERE m.number = o.model) ORDER BY 1 LIMIT \(Self.limit)
        """)
      pipeline.add(
        """
        SELECT sequence, model, id, operation, previous, before, operation_before FROM (
          SELECT sequence, model, id, operation, coalesce(previous, 0) AS previous, lag(sequence) OVER w AS before,
            lag(operation) OVER w AS operation_before
          FROM \(schema).oplog WINDOW w AS (PARTITION BY model, id ORDER BY sequence)) e
        WHERE CASE WHEN before IS NULL THEN previous > $1 OR operation <> 1 AND previous = 0
          ELSE previous <> before OR (operation = 1) <> (operation_before = 3) END
        ORDER BY sequence LIMIT \(Self.limit)
        """
      ) { $0.add(integer: trimmed) }
    }
    var findings: [DeploymentCheck.Finding] = []
    let kept = try results[0][0].integer(0)
    if kept > 0 { findings.add(.oplog, "\(kept) entries are there that are noted as trimmed, up to \(trimmed)") }
    try findings.add(.oplog, results[1]) { row in
      let model = try row.integer(1)
      return tables.models.contains { $0.number == Int(model) }
        ? "the entry \(try row.integer(0)) has the operation \(try row.integer(2)), which there is not"
        : "the entry \(try row.integer(0)) is of a model \(model), and there is no such model"
    }
    try findings.add(.oplog, results[2]) { try chainSentence($0) }
    return findings
  }

  private func chainSentence(_ row: PostgresRow) throws -> String {
    let entry =
      "the entry \(try row.integer(0)), about the object \(try row.id(2)) of \(tables.name(ofModel: try row.integer(1))),"
    let previous = try row.integer(4)
    guard let before = try row.integerIfAny(5) else {
      return previous == 0
        ? "\(entry) is the first about it, and no creation" : "\(entry) follows \(previous), which is missing"
    }
    if previous != before {
      return "\(entry) is to follow \(previous == 0 ? "nothing" : "\(previous)"), and the one before it is \(before)"
    }
    return try row.integer(3) == 1
      ? "\(entry) creates an object that there was already" : "\(entry) changes an object that was deleted"
  }

  // MARK: Objects.

  /// Each object is as its last entry left it, and what is deleted is gone.
  func objectFindings() throws -> [DeploymentCheck.Finding] {
    var findings: [DeploymentCheck.Finding] = []
    for portion in tables.portions {
      let objects = portion.map {
        "SELECT \($0.number)::bigint AS model, id, sequence, updated_at FROM \(schema).\($0.table)"
      }
      let found = try snapshot.ask { pipeline in
        pipeline.addOnce(
          """
          SELECT coalesce(o.model, e.model), coalesce(o.id, e.id), o.sequence, e.sequence, e.operation
          FROM (\(objects.joined(separator: " UNION ALL "))) o FULL JOIN (
            SELECT DISTINCT ON (model, id) model, id, sequence, operation, updated_at FROM \(schema).oplog
            WHERE model = ANY ($1) ORDER BY model, id, sequence DESC) e ON e.model = o.model AND e.id = o.id
          WHERE CASE WHEN o.id IS NULL THEN e.operation <> 3 WHEN e.id IS NULL THEN o.sequence > $2
            ELSE e.operation = 3 OR e.sequence <> o.sequence OR e.updated_at <> o.updated_at END
          ORDER BY 1, coalesce(o.sequence, e.sequence) LIMIT \(Self.limit)
          """
        ) {
          $0.add(integers: portion.map { Int64($0.number) })
          $0.add(integer: trimmed)
        }
      }[0]
      try findings.add(.objects, found) { try objectSentence($0) }
    }
    return findings
  }

  private func objectSentence(_ row: PostgresRow) throws -> String {
    let object = "the object \(try row.id(1)) of \(tables.name(ofModel: try row.integer(0)))"
    guard let sequence = try row.integerIfAny(2) else {
      return "\(object) is missing: the entry \(try row.integer(3)) has it, and no later one deletes it"
    }
    guard let entry = try row.integerIfAny(3) else {
      return "\(object) was written last by \(sequence), which is missing from the oplog"
    }
    if try row.integer(4) == 3 { return "\(object) is there, and was deleted by the entry \(entry)" }
    return entry == sequence
      ? "\(object) has another time of its last change than its entry \(entry)"
      : "\(object) was written last by \(sequence), and its last entry is \(entry)"
  }
}
