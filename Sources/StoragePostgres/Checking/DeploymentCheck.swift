import Storage

/// Holds what a deployment's tables say against each other: `sojourn fsck` on a database.
///
///     let check = try DeploymentCheck(deployment: id, at: address)
///     for finding in try check.run(countingLinks: true, progress: { print($0.words) }).findings { print(finding.sentence) }
///
/// 1. All of it is of one state, while servers read and write: each part is asked in a transaction of its own that sees
///    what the first one saw, so that no lock on a table outlives its part.
/// 2. Nothing is changed.
/// 3. Where tables or columns are missing, nothing else is looked at.
package struct DeploymentCheck {
  /// What is looked at, in this order.
  package enum Part: String, CaseIterable, Sendable {
    case tables, indexes, commits, counts, oplog, objects, attachments

    /// For who watches.
    package var words: String {
      switch self {
      case .tables: "tables and columns"
      case .indexes: "indexes"
      case .commits: "commits"
      case .counts: "counts of objects"
      case .oplog: "the oplog, and the entry before each"
      case .objects: "objects and the last entry of each"
      case .attachments: "the ledger of attachments"
      }
    }
  }

  package struct Finding: Sendable, Equatable {
    package let part: Part
    /// What is wrong, for people.
    package let sentence: String
  }

  package struct Report: Sendable, Equatable {
    package var models = 0
    package var objects: Int64 = 0
    package var entries: Int64 = 0
    package var findings: [Finding] = []
  }

  /// Findings of one kind that are told; of more it is said that there are.
  static let mostTold = 100

  private let schema: DeploymentSchema
  private let snapshot: SharedSnapshot

  /// - Throws: `StorageError.unusable` where the database holds no such deployment; `PostgresFault`.
  package init(deployment id: String, at address: PostgresAddress) throws {
    guard let schema = DeploymentSchema(deployment: id) else {
      throw StorageError.unusable("«\(id.prefix(100))» is no id of a deployment: it has 24 lower-case hex digits.")
    }
    self.schema = schema
    snapshot = try SharedSnapshot(at: address)
  }

  /// - Parameters:
  ///   - countingLinks: whether links of attachments are counted anew, which reads all objects that may hold some.
  ///   - progress: told of each part when it begins.
  package func run(countingLinks: Bool, progress: (Part) -> Void = { _ in }) throws -> Report {
    defer { snapshot.close() }
    var report = Report()
    progress(.tables)
    let tables = try CheckedTables(schema, snapshot)
    report.models = tables.models.count
    report.findings = tables.findings
    if !report.findings.isEmpty { return report }
    let oplog = try CheckedOplog(tables, snapshot)
    for part in Part.allCases.dropFirst() {
      progress(part)
      switch part {
      case .tables: break
      case .indexes: report.findings += try CheckedIndexes(schema, snapshot).findings
      case .commits: report.findings += try oplog.commitFindings()
      case .counts:
        let counts = try CheckedCounts(tables, snapshot)
        report.objects = counts.objects
        report.findings += counts.findings
      case .oplog:
        report.entries = oplog.count
        report.findings += try oplog.entryFindings()
      case .objects: report.findings += try oplog.objectFindings()
      case .attachments: report.findings += try CheckedLedger(schema, snapshot, countingLinks).findings
      }
    }
    return report
  }
}

/// One state of the database, that several transactions see one after the other.
final class SharedSnapshot {
  /// Its transaction keeps the state for as long as it is open. It has no table locked.
  private let keeper: PostgresConnection
  private let connection: PostgresConnection
  private let name: String

  /// A look at all objects of a large deployment may take as long as it likes.
  private static let patience = Duration.seconds(24 * 3600)

  init(at address: PostgresAddress) throws {
    keeper = try PostgresConnection.open(address, as: .administrator)
    connection = try PostgresConnection.open(address, as: .administrator)
    // It waits for the questions of the other one.
    try keeper.run("SET idle_in_transaction_session_timeout = 0")
    let results = try keeper.perform {
      $0.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
      $0.add("SELECT pg_catalog.pg_export_snapshot()")
    }
    guard let row = results[1].first else { throw StorageError.broken("a snapshot without a name") }
    name = try row.text(0)
    // The name of a snapshot is no value that could be bound.
    guard name.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == "-") }) else {
      throw StorageError.broken("a snapshot has the name \(name)")
    }
  }

  /// Asks in one round trip and one transaction.
  func ask(_ build: (inout PostgresPipeline) throws -> Void) throws -> [PostgresResult] {
    let results = try connection.perform(within: Self.patience) { pipeline in
      begin(in: &pipeline)
      try build(&pipeline)
      pipeline.add("COMMIT")
    }
    return Array(results[2..<(results.count - 1)])
  }

  /// Asks in one transaction, as often as `body` likes.
  func inTransaction<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    _ = try connection.perform { begin(in: &$0) }
    defer { try? connection.rollback() }
    return try body(connection)
  }

  func close() {
    connection.close()
    keeper.close()
  }

  private func begin(in pipeline: inout PostgresPipeline) {
    pipeline.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    pipeline.addOnce("SET TRANSACTION SNAPSHOT '\(name)'")
  }
}

extension [DeploymentCheck.Finding] {
  mutating func add(_ part: DeploymentCheck.Part, _ sentence: String) {
    append(DeploymentCheck.Finding(part: part, sentence: sentence))
  }

  /// A sentence for each row, of which the question brings one more than are told.
  mutating func add(
    _ part: DeploymentCheck.Part, _ result: PostgresResult, _ sentence: (PostgresRow) throws -> String
  ) throws {
    for index in 0..<Swift.min(result.count, DeploymentCheck.mostTold) { add(part, try sentence(result[index])) }
    if result.count > DeploymentCheck.mostTold { add(part, "and more like the last \(DeploymentCheck.mostTold)") }
  }
}
