import CSQLite
import DataModel
import Storage
import Wire

/// What a deployment's file says of itself: its tables, which numbers its models and columns have, and
/// which data models were deployed.
struct Catalog {
  let connection: Connection

  /// The layout of files that this version writes.
  /// 2 has the table `meta`, which keeps the feed's id and how far the oplog was trimmed.
  /// 3 has the tables of app users.
  /// 4 has the tables of attachments.
  /// 5 has the tables of webhooks.
  /// 6 counts attachments.
  /// 7 may have indexes on conversions that earlier versions do not know (`ValueConversion.version`).
  /// 8 has leases, and revisions of webhooks.
  /// 9 has generations of blobs.
  /// 10 chains the entries of each object.
  /// 11 has notes of deploys.
  /// 12 knows which columns have held passwords.
  static let fileVersion: Int64 = 12
  private static let firstVersionOfPasswords: Int64 = 12

  /// The tables that files of earlier layouts may lack. Each says `IF NOT EXISTS`, so that one list makes a
  /// new file and brings any earlier one to this layout.
  private static let laterTables = [
    MetaTable.sql, UserTables.sql, LedgerTables.sql, WebhookTables.sql, LeaseTable.sql,
    HistoryTables.sql,
  ].joined(separator: "\n")

  /// The deployed data model of a file that was there before; nil where it holds none. It writes
  /// nothing: a file that was emptied stays as it was found.
  /// - Throws: `StorageError.unusable` for a file of a later version.
  func opened() throws -> StoredDataModel? {
    let version = try connection.statement("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    guard found <= Self.fileVersion else {
      throw StorageError.unusable(
        "\(connection.path) was written by a later version of Sojourn (layout \(found), this one "
          + "knows up to \(Self.fileVersion)). Start that version, or restore an older backup.")
    }
    return found == 0 ? nil : try current(knowsPasswords: found >= Self.firstVersionOfPasswords)
  }

  /// Brings a file of an earlier layout to this one. Nothing of it is lost if the process ends meanwhile.
  /// - Returns: whether it was of an earlier one, so that the data model is to be bound anew.
  func migrate() throws -> Bool {
    let version = try connection.statement("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    guard found >= 1, found < Self.fileVersion else { return false }
    try connection.write {
      try connection.run(Self.laterTables)
      // What tables of earlier layouts lack.
      if try !has(column: "revision", in: "hooks") {
        try connection.run("ALTER TABLE hooks ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")
      }
      if try !has(column: "generation", in: "blobs") {
        try connection.run("ALTER TABLE blobs ADD COLUMN \(LedgerTables.generation)")
      }
      if try !has(column: "previous", in: "oplog") { try HistoryTables.extend(connection) }
      if try !has(column: "note", in: "deploys") { try connection.run("ALTER TABLE deploys ADD COLUMN note TEXT") }
      if try !has(column: "passwords", in: "columns") {
        try connection.run("ALTER TABLE columns ADD COLUMN passwords INTEGER NOT NULL DEFAULT 0")
        try notePasswordsOfEarlierDeploys()
      }
      try connection.run("PRAGMA user_version = \(Self.fileVersion)")
    }
    return true
  }

  private func has(column: String, in table: String) throws -> Bool {
    let found = try connection.statement("SELECT 1 FROM pragma_table_info(?) WHERE name = ?")
    defer { found.reset() }
    found.bind(1, text: table)
    found.bind(2, text: column)
    return try found.step()
  }

  /// Makes a new file's own tables.
  func prepare() throws {
    try connection.write {
      try connection.run(
        """
        CREATE TABLE IF NOT EXISTS models (
          number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
          count INTEGER NOT NULL DEFAULT 0, last_row INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS columns (
          number INTEGER PRIMARY KEY, model INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
          passwords INTEGER NOT NULL DEFAULT 0, UNIQUE (model, name, type));
        CREATE TABLE IF NOT EXISTS deploys (
          version INTEGER PRIMARY KEY, at INTEGER NOT NULL, by_name TEXT, by_email TEXT,
          hash TEXT NOT NULL, xml BLOB NOT NULL, note TEXT);
        CREATE TABLE IF NOT EXISTS oplog (
          sequence INTEGER PRIMARY KEY, model INTEGER NOT NULL, operation INTEGER NOT NULL,
          id BLOB NOT NULL, updated_at INTEGER NOT NULL, origin TEXT NOT NULL, state BLOB NOT NULL,
          previous INTEGER);
        \(Self.laterTables)
        \(HistoryTables.indexes)
        PRAGMA user_version = \(Self.fileVersion);
        """)
    }
  }

  /// The data model that was deployed last; nil before the first deploy.
  private func current(knowsPasswords: Bool) throws -> StoredDataModel? {
    let statement = try connection.statement(
      "SELECT version, at, by_name, by_email, xml FROM deploys ORDER BY version DESC LIMIT 1")
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let (model, findings) = DataModelReader.read(Array(statement.bytes(4)))
    guard let model else {
      let first = findings.first { $0.severity == .error }
      throw StorageError.unusable(
        "The deployed data model no longer passes the checks of this version: "
          + "\(first.map { "line \($0.line): \($0.message)" } ?? "unknown reason").")
    }
    guard let instant = Instant(secondsSince1970: statement.integer(1)) else {
      throw StorageError.broken("the time of a deploy is \(statement.integer(1))")
    }
    return try bind(
      model, try layouts(knowsPasswords: knowsPasswords), version: Int(statement.integer(0)), at: instant,
      by: person(statement, 2))
  }

  /// Binds the deployed data model to the file's tables and columns.
  private func bind(
    _ model: DataModel, _ layouts: [Int: TableLayout], version: Int, at instant: Instant, by person: Person?
  ) throws -> StoredDataModel {
    let tables = try tables()
    let models = try model.models.map { model in
      guard let number = tables[model.name] else {
        throw StorageError.broken("the table of the model \(model.name) is missing")
      }
      return try (layouts[number] ?? TableLayout(columns: [])).bind(model, number: number, version: version)
    }
    return StoredDataModel(
      model: model, models: models, version: version, deployedAt: instant, deployedBy: person)
  }
}
