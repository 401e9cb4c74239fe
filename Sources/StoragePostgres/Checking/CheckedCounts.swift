import Storage

/// The counts of a deployment's models, held against their objects.
struct CheckedCounts {
  private(set) var objects: Int64 = 0
  private(set) var findings: [DeploymentCheck.Finding] = []

  init(_ tables: CheckedTables, _ snapshot: SharedSnapshot) throws {
    for portion in tables.portions {
      let results = try snapshot.ask { pipeline in
        for model in portion {
          pipeline.addOnce(
            """
            SELECT o.count, o.last, coalesce(c.count, 0), coalesce(c.last_row, 0)
            FROM (SELECT count(*) AS count, coalesce(max(n), 0) AS last FROM \(tables.schema.name).\(model.table)) o
            LEFT JOIN LATERAL (
              SELECT count, last_row FROM \(tables.schema.name).counters WHERE model = $1
              ORDER BY number DESC LIMIT 1) c ON true
            """
          ) { $0.add(integer: Int64(model.number)) }
        }
      }
      for (model, result) in zip(portion, results) { try check(model, result) }
    }
    let strays = try snapshot.ask {
      $0.add(
        """
        SELECT DISTINCT model FROM \(tables.schema.name).counters c
        WHERE NOT EXISTS (SELECT FROM \(tables.schema.name).models m WHERE m.number = c.model) ORDER BY 1
        LIMIT \(DeploymentCheck.mostTold + 1)
        """)
    }[0]
    try findings.add(.counts, strays) { "there is a count of a model \(try $0.integer(0)), and no such model" }
  }

  private mutating func check(_ model: CheckedTables.Model, _ result: PostgresResult) throws {
    guard let row = result.first else { return }
    let (found, last) = (try row.integer(0), try row.integer(1))
    let (noted, lastNoted) = (try row.integer(2), try row.integer(3))
    objects += found
    if found != noted {
      findings.add(.counts, "the model \(model.name) has \(found) objects, and \(noted) are counted")
    }
    if last > lastNoted {
      findings.add(
        .counts,
        "the newest object of \(model.name) has the row number \(last), and the last that was given out is \(lastNoted): "
          + "the next objects would get numbers that are taken")
    }
  }
}
