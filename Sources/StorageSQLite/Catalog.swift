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
  static let fileVersion: Int64 = 7

  /// The tables that files of earlier layouts may lack. Each says `IF NOT EXISTS`, so that one list makes a
  /// new file and brings any earlier one to this layout.
  private static let laterTables = [MetaTable.sql, UserTables.sql, AttachmentLedger.sql, HookTables.sql]
    .joined(separator: "\n")

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
    return found == 0 ? nil : try current()
  }

  /// Brings a file of an earlier layout to this one. Nothing of it is lost if the process ends meanwhile.
  func migrate() throws {
    let version = try connection.statement("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    guard found >= 1, found < Self.fileVersion else { return }
    try connection.run("BEGIN IMMEDIATE; \(Self.laterTables) PRAGMA user_version = \(Self.fileVersion); COMMIT;")
  }

  /// Makes a new file's own tables.
  func prepare() throws {
    try connection.run(
      """
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS models (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        count INTEGER NOT NULL DEFAULT 0, last_row INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE IF NOT EXISTS columns (
        number INTEGER PRIMARY KEY, model INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
        UNIQUE (model, name, type));
      CREATE TABLE IF NOT EXISTS deploys (
        version INTEGER PRIMARY KEY, at INTEGER NOT NULL, by_name TEXT, by_email TEXT,
        hash TEXT NOT NULL, xml BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS oplog (
        sequence INTEGER PRIMARY KEY, model INTEGER NOT NULL, operation INTEGER NOT NULL,
        id BLOB NOT NULL, updated_at INTEGER NOT NULL, origin TEXT NOT NULL, state BLOB NOT NULL);
      \(Self.laterTables)
      PRAGMA user_version = \(Self.fileVersion);
      COMMIT;
      """)
  }

  /// The data model that was deployed last; nil before the first deploy.
  func current() throws -> StoredDataModel? {
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
    return try bind(model, version: Int(statement.integer(0)), at: instant, by: person(statement, 2))
  }

  /// Makes `model` current: tables and columns for what is new, indexes on small tables, and an entry in
  /// the history. What is no longer declared keeps its values. Inside a transaction, which it keeps short
  /// however many objects there are: indexes on large tables are left to `IndexBuilder`.
  func deploy(
    _ model: DataModel, version: Int, at instant: Instant, by person: Person?
  ) throws -> StoredDataModel {
    let stored = try bind(model, version: version, at: instant, by: person)
    try arrangeSmallIndexes(of: stored)
    let record = try connection.statement(
      "INSERT INTO deploys (version, at, by_name, by_email, hash, xml) VALUES (?, ?, ?, ?, ?, ?)")
    record.bind(1, integer: Int64(version))
    record.bind(2, integer: instant.secondsSince1970)
    if let name = person?.name { record.bind(3, text: name) } else { record.bindNull(3) }
    if let email = person?.email { record.bind(4, text: email) } else { record.bindNull(4) }
    record.bind(5, text: model.hash)
    model.xml.withUnsafeBytes { record.bind(6, blob: $0) }
    try record.run()
    return stored
  }

  /// Finds each model's table and each column, and makes those that are missing. Inside a transaction,
  /// unless nothing is missing.
  func bind(
    _ model: DataModel, version: Int, at instant: Instant, by person: Person?
  ) throws -> StoredDataModel {
    let models = try model.models.map { model in
      let sources =
        model.fields.map(StoredColumn.Source.field) + model.belongsTo.map(StoredColumn.Source.belongsTo)
      let (number, layout) = try layout(of: model, with: sources)
      var numbers: [ColumnKey: Int] = [:]
      for column in layout.columns { numbers[ColumnKey(column)] = column.number }
      let columns = try sources.map { source in
        guard let number = numbers[ColumnKey(source)] else {
          throw StorageError.broken("the column \(source.name) of \(model.name) was not made")
        }
        guard case .field(let field) = source else { return StoredColumn(number: number, source: source) }
        return StoredColumn(
          number: number, source: source, earlier: layout.earlier(than: number, of: field))
      }
      return StoredModel(number: number, model: model, columns: columns, version: version)
    }
    return StoredDataModel(
      model: model, models: models, version: version, deployedAt: instant, deployedBy: person)
  }

  /// The table of a model, with a column for each source.
  private func layout(
    of model: Model, with sources: [StoredColumn.Source]
  ) throws -> (number: Int, layout: TableLayout) {
    guard let number = try tableNumber(of: model.name) else { return try addTable(for: model, sources) }
    let layout = try TableLayout(ofModel: number, on: connection)
    let known = Set(layout.columns.map(ColumnKey.init))
    let missing = sources.filter { !known.contains(ColumnKey($0)) }
    if missing.isEmpty { return (number, layout) }
    try checkRoom(for: missing.count, beside: known.count, in: model)
    var columns = layout.columns
    for source in missing {
      let column = try noteColumn(source, ofModel: number)
      try connection.run("ALTER TABLE m\(number) ADD COLUMN c\(column.number) \(source.affinity)")
      columns.append(column)
    }
    return (number, TableLayout(columns: columns))
  }

  /// Columns in a table, by SQLite's own limit.
  private static let mostColumns = 2000
  /// `n`, `id`, `updated_at` and `sequence`.
  private static let ownColumns = 4

  /// A field that was removed, or had another type, keeps its column: a table can become full.
  private func checkRoom(for new: Int, beside known: Int, in model: Model) throws {
    guard known + new > Self.mostColumns - Self.ownColumns else { return }
    throw StorageError.unusable(
      "The model \(model.name) has had \(known) fields and relationships so far, counting those "
        + "that were removed or had another type, and their values are kept; \(new) more do not fit "
        + "(at most \(Self.mostColumns - Self.ownColumns)). Use fields that were declared before, or another model."
    )
  }

  private struct ColumnKey: Hashable {
    let name: String
    let type: String

    init(name: String, type: String) {
      self.name = name
      self.type = type
    }

    init(_ source: StoredColumn.Source) {
      self.init(name: source.name, type: StoredColumn.storedType(of: source))
    }

    init(_ column: TableLayout.Column) { self.init(name: column.name, type: column.storedType) }
  }

  private func tableNumber(of name: String) throws -> Int? {
    let find = try connection.statement("SELECT number FROM models WHERE name = ?")
    find.bind(1, text: name)
    defer { find.reset() }
    return try find.step() ? Int(find.integer(0)) : nil
  }

  private func addTable(
    for model: Model, _ sources: [StoredColumn.Source]
  ) throws -> (number: Int, layout: TableLayout) {
    let add = try connection.statement("INSERT INTO models (name) VALUES (?)")
    add.bind(1, text: model.name)
    try add.run()
    let number = Int(sqlite3_last_insert_rowid(connection.handle))
    let columns = try sources.map { try noteColumn($0, ofModel: number) }
    let declared = zip(columns, sources).map { ", c\($0.number) \($1.affinity)" }.joined()
    // `n` is the order of creation. It is declared, and not left as the hidden rowid, so that an index
    // can name it last and descending: then one index serves a sort with its ties both ways.
    try connection.run(
      """
      CREATE TABLE m\(number) (n INTEGER PRIMARY KEY, id BLOB NOT NULL, updated_at INTEGER NOT NULL,
        sequence INTEGER NOT NULL\(declared));
      CREATE UNIQUE INDEX m\(number)_id ON m\(number) (id);
      CREATE INDEX m\(number)_updated_at ON m\(number) (updated_at);
      """)
    return (number, TableLayout(columns: columns))
  }

  /// Gives a column its number for good.
  private func noteColumn(_ source: StoredColumn.Source, ofModel model: Int) throws -> TableLayout.Column {
    let key = ColumnKey(source)
    let add = try connection.statement("INSERT INTO columns (model, name, type) VALUES (?, ?, ?)")
    add.bind(1, integer: Int64(model))
    add.bind(2, text: key.name)
    add.bind(3, text: key.type)
    try add.run()
    let number = Int(sqlite3_last_insert_rowid(connection.handle))
    return TableLayout.Column(number: number, name: key.name, storedType: key.type)
  }
}

extension StoredColumn.Source {
  fileprivate var name: String {
    switch self {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.name
    }
  }

  fileprivate var affinity: String {
    switch self {
    case .field(let field): ColumnType(of: field.type).affinity
    case .belongsTo: ColumnType.id.affinity
    }
  }
}

extension ColumnType {
  fileprivate var affinity: String {
    switch self {
    case .integer: "INTEGER"
    case .real: "REAL"
    case .text: "TEXT"
    case .id: "BLOB"
    }
  }
}
