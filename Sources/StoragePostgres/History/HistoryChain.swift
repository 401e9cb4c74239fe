import Storage
import Wire

/// The entries of one object, each of which names the one before it (`oplog.previous`; 0 or null where there is none).
struct HistoryChain {
  /// Where it is read from.
  enum Start {
    /// The newest entry: the object's last write, or its last deletion where it is gone.
    case end
    case entry(Int64)
    /// The entry before this one.
    case below(Int64)
  }

  private let model: StoredModel
  private let id: ObjectID
  private let oplog: String
  private let table: String
  private let columns: String

  init(_ model: StoredModel, _ id: ObjectID, in schema: DeploymentSchema) {
    self.model = model
    self.id = id
    oplog = schema.table("oplog")
    table = schema.table(of: model)
    columns = schema.table("columns")
  }

  private func bind(_ parameters: inout PostgresParameters) {
    parameters.add(integer: Int64(model.number))
    parameters.add(id: id)
  }

  /// The sequence of the newest entry, kept or not; null where there never was one.
  private var end: String {
    """
    coalesce((SELECT sequence FROM \(table) WHERE id = $2),
      (SELECT max(sequence) FROM \(oplog) WHERE id = $2 AND model = $1 AND operation = 3))
    """
  }

  func addLayout(to trip: inout PostgresPipeline) {
    trip.add("SELECT number, name, type, passwords FROM \(columns) WHERE model = $1 ORDER BY number") {
      $0.add(integer: Int64(model.number))
    }
  }

  /// In one row: the operation of the entry that was named as above, and the sequence to begin with; both may be null.
  /// No row where no entry of the object has that sequence.
  func addStart(_ start: Start, to trip: inout PostgresPipeline) {
    switch start {
    case .end: trip.add("SELECT null::bigint, \(end)", bind)
    case .entry(let sequence):
      trip.add("SELECT null::bigint, $1") { $0.add(integer: sequence) }
    case .below(let sequence):
      trip.add("SELECT operation, previous FROM \(oplog) WHERE sequence = $3 AND model = $1 AND id = $2") {
        parameters in
        bind(&parameters)
        parameters.add(integer: sequence)
      }
    }
  }

  /// The entries from there on, newest first: a page and one more.
  func add(from start: Start, limit: Int, to trip: inout PostgresPipeline) {
    let first =
      switch start {
      case .end: end
      case .entry: "$4"
      case .below: "(SELECT previous FROM \(oplog) WHERE sequence = $4 AND model = $1 AND id = $2)"
      }
    trip.add(
      """
      WITH RECURSIVE chain AS (
        SELECT sequence, model, operation, id, updated_at, origin, state, previous, 1::bigint AS place, 0::bigint AS bytes
        FROM \(oplog) WHERE sequence = \(first) AND model = $1 AND id = $2
        UNION ALL
        SELECT o.sequence, o.model, o.operation, o.id, o.updated_at, o.origin, o.state, o.previous, c.place + 1,
          c.bytes + octet_length(c.state)
        FROM chain c JOIN \(oplog) o ON o.sequence = c.previous AND o.model = $1 AND o.id = $2
        WHERE c.place <= $3 AND c.bytes < \(HistoryPage.mostBytes))
      SELECT sequence, model, operation, id, updated_at, origin, state FROM chain ORDER BY place
      """
    ) { parameters in
      bind(&parameters)
      parameters.add(integer: Int64(max(limit, 1)))
      switch start {
      case .end: break
      case .entry(let sequence), .below(let sequence): parameters.add(integer: sequence)
      }
    }
  }

  /// Walks from the end to the first entry below `before`, without states. In one row: the sequence, the previous one and
  /// the operation of the last entry that was looked at, and how many were.
  func addWalk(to before: Int64, _ trip: inout PostgresPipeline) {
    trip.add(
      """
      WITH RECURSIVE walk AS (
        SELECT sequence, previous, operation, 1::bigint AS place FROM \(oplog)
        WHERE sequence = \(end) AND model = $1 AND id = $2
        UNION ALL
        SELECT o.sequence, o.previous, o.operation, w.place + 1
        FROM walk w JOIN \(oplog) o ON o.sequence = w.previous AND o.model = $1 AND o.id = $2
        WHERE w.sequence >= $3 AND w.place < \(HistoryPage.mostExamined))
      SELECT sequence, previous, operation, place FROM walk ORDER BY place DESC LIMIT 1
      """
    ) { parameters in
      bind(&parameters)
      parameters.add(integer: before)
    }
  }

  /// - Parameter above: the operation of the entry above the first, or any but a creation where there is one whose
  ///   entries may have been trimmed; nil where nothing was ever known.
  func page(
    _ rows: PostgresResult, _ plan: HistoryPlan, above: OplogEntry.Operation?, _ layout: TableLayout
  ) throws -> HistoryPage {
    var page = HistoryPage(entries: [], earlier: nil, end: .whole, layout: layout)
    var bytes = 0
    for index in 0..<rows.count {
      let entry = try OplogEntry(rows[index], 0)
      if page.entries.count >= max(plan.limit, 1) || bytes >= HistoryPage.mostBytes {
        page.earlier = entry
        page.end = .more(before: page.entries[page.entries.count - 1].sequence)
        return page
      }
      page.entries.append(entry)
      bytes += rows[index].withBytes(6) { $0.count }
    }
    // The oldest that is kept, or none where nothing was ever known.
    let operation = page.entries.last?.operation ?? above
    page.end = operation == .create || operation == nil ? .whole : .trimmed
    return page
  }
}

extension TableLayout {
  /// From the columns `number, name, type, passwords`, in order of numbers.
  init(_ result: PostgresResult) throws {
    self.init(
      columns: try result.map { row in
        Column(
          number: Int(try row.integer(0)), name: try row.text(1), storedType: try row.text(2),
          heldPasswords: try row.integer(3) != 0)
      })
  }
}
