import Storage

/// The ledger of a deployment's attachments: its totals, and which objects link what.
struct CheckedLedger {
  private(set) var findings: [DeploymentCheck.Finding] = []

  init(_ schema: DeploymentSchema, _ snapshot: SharedSnapshot, _ isCountingLinks: Bool) throws {
    let result = try snapshot.ask {
      $0.add(
        """
        SELECT t.attachments, t.bytes, a.count, a.bytes FROM (
          SELECT count(*) AS count, coalesce(sum(size), 0)::bigint AS bytes FROM \(schema.name).attachments
          WHERE links > 0) a LEFT JOIN \(schema.name).attachment_totals t ON t.one = 1
        """)
    }[0]
    try check(result[0])
    if isCountingLinks { try countLinks(schema, snapshot) }
  }

  private mutating func check(_ row: PostgresRow) throws {
    let found = "\(try row.integer(2)) attachments with \(try row.integer(3)) bytes are linked"
    guard let noted = try row.integerIfAny(0), let bytes = try row.integerIfAny(1) else {
      findings.add(.attachments, "\(found), and their totals are missing")
      return
    }
    if try row.integer(2) != noted || row.integer(3) != bytes {
      findings.add(.attachments, "\(found), and the totals say \(noted) with \(bytes) bytes")
    }
  }

  private mutating func countLinks(_ schema: DeploymentSchema, _ snapshot: SharedSnapshot) throws {
    let recount = try snapshot.inTransaction { connection in
      try AttachmentRecount(columns: try AttachmentColumns(reading: connection, schema), schema: schema)
        .findings(most: DeploymentCheck.mostTold + 1, on: connection)
    }
    tell(
      recount.links.map {
        "the attachment \($0.name) is linked \($0.found) times, and \(Self.noted($0, "it is not known at all"))"
      })
    tell(
      recount.blobs.map {
        "the bytes \($0.name) are those of \($0.found) attachments, and \(Self.noted($0, "they are not kept at all"))"
      })
  }

  private static func noted<Name>(_ count: Recount.Miscount<Name>, _ absence: String) -> String {
    guard let noted = count.noted else { return absence }
    // The count is right: then it is the time since which nothing needs it that is there, or missing, wrongly.
    return noted == count.found ? "since when nothing needs it is noted wrongly" : "\(noted) are noted"
  }

  private mutating func tell(_ sentences: [String]) {
    for sentence in sentences.prefix(DeploymentCheck.mostTold) { findings.add(.attachments, sentence) }
    if sentences.count > DeploymentCheck.mostTold {
      findings.add(.attachments, "and more like the last \(DeploymentCheck.mostTold)")
    }
  }
}
