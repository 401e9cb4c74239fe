import CSQLite
import DataModel
import Storage
import Wire

// One deploy
//
// `sojourn data-model deploy schema.xml`, while readers and writers run
//
// 1. The command. `DataModelCommands.swift` makes an `AdminCommand` of the arguments. `AdminReach.swift` gives it
//    to the server over its socket, as `AdminCodec.swift` writes it, or takes the data directory itself;
//    `Administration.swift` does it either way. `DataModelReader.swift` reads the XML, `DataModelComparison.swift`
//    says what changes, `DeploymentRegistry+Deploys.swift` hands it on. `--dry-run` goes as far as the plan.
// 2. The plan. `Catalog+Planning.swift` works out on a snapshot, beside the writer, which tables, columns and
//    indexes are missing and which numbers they get. A model and a column have a number for good: a column is
//    found by its model, the field's name and the type, so what is declared again finds its values, and a field
//    that changes its type gets a column beside the one that it had. Should another deploy come between, the plan
//    is made anew.
// 3. The transactions. On the writer's thread, between two groups, `Catalog+Deploying.swift` carries it out: new
//    tables in steps of some milliseconds, which nobody sees until the end; then, in one transaction, the columns
//    of all tables in a single change of SQLite's schema, few indexes, and an entry in the history. No row is
//    touched; the time does not depend on how many objects there are.
// 4. The exchange. After the commit, still on that thread, the store's one reference to the data model changes:
//    behaviour, hash and time move at once. Plans carry the version that they were made under. The writer refuses
//    one of another version inside its transaction, before its steps, and a snapshot refuses a model of another
//    version than its own (`Reader.swift`): one comparison of numbers each. Who is refused has done nothing, and
//    decodes the request anew under the model in force (`ObjectRequest.swift`).
// 5. Reading. Of a field that has had other types, reads see `coalesce(c5, text_as_integer_2(c3))`.
//    `TableNames.swift` is the one place that says so, so filters, sort keys, counts and indexes all mean the
//    same; a field that never changed its type is its plain column. `ValueConversion.swift` has the rules, as a
//    value; `ConversionFunctions.swift` gives them to SQL. A rule that changes gets a function of another name,
//    and the name is part of that of each index on it: the next start drops the old indexes and builds new ones,
//    and until then the old function gives what it gave.
// 6. Writing. `WrittenTable.swift` holds which columns a model's table really has, also those that the data model
//    does not show. Setting a field empties its columns of other types in the same statement: at most one of
//    them holds a value. The oplog entry keeps the whole row, also what is hidden, each value under the number of
//    its column; `StoredModel+Reading.swift` reads it under the model in force.
// 7. Indexes. Those over few objects are made in the transaction, at most a hundred. `IndexBuilder.swift` makes
//    the others, one at a time between two groups and small ones some at a time, on a connection that sorts in a
//    temporary file, and drops those that nothing wants; until then they are `pending`. A restart goes on with
//    what is missing.

// Doing what a plan says. All of it inside transactions.

extension Catalog {
  /// Tables and indexes that one step of a deploy makes: with the making of each SQLite reads the whole schema,
  /// and writes wait for a step.
  static let treesInStep = 150

  /// Makes the first tables that are missing, as many as one step may. They are in nobody's way should the deploy
  /// not come to its end: a later one finds them as those of a model that was removed.
  /// - Returns: the plan that is left; nil where another deploy came between.
  func makeTables(of plan: DeployPlan) throws -> DeployPlan? {
    guard try deployBasis() == plan.basis else { return nil }
    var rest = plan
    var trees = 0
    while let model = rest.newTables.first, trees < Self.treesInStep {
      trees += try makeTable(of: model)
      rest.newTables.removeFirst()
    }
    rest.basis = try deployBasis()
    return rest
  }

  /// - Returns: how many trees it made.
  private func makeTable(of model: StoredModel) throws -> Int {
    let add = try connection.statement("INSERT INTO models (number, name) VALUES (?, ?)")
    add.bind(1, integer: Int64(model.number))
    add.bind(2, text: model.name)
    try add.run()
    try note(model.columns, of: model)
    let table = model.table
    try connection.run(
      """
      \(TableText.making(model));
      CREATE UNIQUE INDEX \(table)_id ON \(table) (id);
      CREATE INDEX \(table)_updated_at ON \(table) (updated_at);
      """)
    let indexes = IndexPlan.all(of: model).filter(\.isOptional)
    for index in indexes { try build(index, of: model) }
    return 3 + indexes.count
  }

  /// Gives columns their numbers for good.
  private func note(_ columns: [StoredColumn], of model: StoredModel) throws {
    let add = try connection.statement("INSERT INTO columns (number, model, name, type) VALUES (?, ?, ?, ?)")
    for column in columns {
      add.bind(1, integer: Int64(column.number))
      add.bind(2, integer: Int64(model.number))
      add.bind(3, text: column.name)
      add.bind(4, text: column.storedType)
      try add.run()
    }
  }

  /// Makes the plan's data model current: columns for what is new, indexes where that is quickly done, and an
  /// entry in the history. What is no longer declared keeps its values. No row of a model is touched, so that
  /// it takes as long however many objects there are.
  /// - Returns: the model, and whether all of its indexes are there; nil where another deploy came between.
  func finish(
    _ plan: DeployPlan, _ model: DataModel, at instant: Instant, _ terms: DeployTerms
  ) throws -> (stored: StoredDataModel, areIndexesBuilt: Bool)? {
    precondition(plan.newTables.isEmpty, "a deploy is finished when its tables are made")
    guard try deployBasis() == plan.basis else { return nil }
    try add(plan.additions)
    try notePasswords(of: plan.models)
    let areIndexesBuilt = try arrangeSmallIndexes(plan.indexes) == plan.indexes.count
    let record = try connection.statement(
      "INSERT INTO deploys (version, at, by_name, by_email, hash, xml, note) VALUES (?, ?, ?, ?, ?, ?, ?)")
    let person = terms.by
    record.bind(1, integer: Int64(plan.version))
    record.bind(2, integer: instant.secondsSince1970)
    if let name = person?.name { record.bind(3, text: name) } else { record.bindNull(3) }
    if let email = person?.email { record.bind(4, text: email) } else { record.bindNull(4) }
    record.bind(5, text: model.hash)
    model.xml.withUnsafeBytes { record.bind(6, blob: $0) }
    if let note = terms.note { record.bind(7, text: note) } else { record.bindNull(7) }
    try record.run()
    let stored = StoredDataModel(
      model: model, models: plan.models, version: plan.version, deployedAt: instant, deployedBy: person)
    return (stored, areIndexesBuilt)
  }

  /// All of a deploy in the transaction that is open: for files that nobody uses yet.
  func deploy(_ model: DataModel, at instant: Instant, by person: Person?) throws -> StoredDataModel {
    var plan = try plan(model)
    while !plan.newTables.isEmpty {
      guard let rest = try makeTables(of: plan) else { break }
      plan = rest
    }
    guard plan.newTables.isEmpty, let done = try finish(plan, model, at: instant, DeployTerms(by: person)) else {
      throw StorageError.broken("another deploy came between, though a transaction is open")
    }
    return done.stored
  }

  /// Gives tables more columns, all in one change of the schema.
  ///
  /// `ALTER TABLE … ADD COLUMN` has SQLite read the whole schema anew for each table, which for 1,000 tables takes
  /// a quarter of a minute and longer. For a column without default and constraint, it only writes the table's
  /// text with that column at its end: so do we, for all tables, and raise the schema's version once, by which
  /// every connection knows that it must read the schema anew (sqlite.org/lang_altertable.html, "Making Other
  /// Kinds Of Table Schema Changes"). Rows are shorter then than their table, as after any added column, and
  /// SQLite reads what is missing as null. Before the commit, each column is looked for in the schema as SQLite
  /// has read it.
  private func add(_ additions: [DeployPlan.Addition]) throws {
    guard !additions.isEmpty else { return }
    for addition in additions { try note(addition.columns, of: addition.model) }
    let texts = try tableTexts()
    var changed: [(row: Int64, text: String)] = []
    var others: [DeployPlan.Addition] = []
    for addition in additions {
      let table = addition.model.table
      guard let (row, text) = texts[table] else { throw StorageError.broken("the table \(table) is missing") }
      if let longer = TableText.adding(addition.columns, to: text, of: table) {
        changed.append((row, longer))
      } else {
        others.append(addition)
      }
    }
    if !changed.isEmpty { try write(tableTexts: changed) }
    // A table that somebody has declared in other words.
    for addition in others {
      for column in addition.columns {
        try connection.run("ALTER TABLE \(addition.model.table) ADD COLUMN \(TableText.declared(column))")
      }
    }
    try check(additions)
  }

  private func tableTexts() throws -> [String: (row: Int64, text: String)] {
    let rows = try connection.statement("SELECT rowid, name, sql FROM sqlite_schema WHERE type = 'table'")
    defer { rows.reset() }
    var texts: [String: (row: Int64, text: String)] = [:]
    while try rows.step() { texts[rows.text(1)] = (rows.integer(0), rows.text(2)) }
    return texts
  }

  private func write(tableTexts changed: [(row: Int64, text: String)]) throws {
    try connection.withWritableSchema {
      let update = try Statement("UPDATE sqlite_schema SET sql = ? WHERE rowid = ?", on: connection)
      for (row, text) in changed {
        update.bind(1, text: text)
        update.bind(2, integer: row)
        try update.run()
      }
      let version = try Statement("PRAGMA schema_version", on: connection)
      let now = try version.step() ? version.integer(0) : 0
      version.reset()
      try connection.run("PRAGMA schema_version = \((now + 1) & 0x7fff_ffff)")
    }
  }

  /// Has SQLite read the schema, and looks for the columns in it.
  private func check(_ additions: [DeployPlan.Addition]) throws {
    for addition in additions.prefix(1) { try connection.run("SELECT 1 FROM \(addition.model.table) LIMIT 0") }
    for addition in additions {
      for column in addition.columns {
        guard connection.declaredType(of: column.ownName, in: addition.model.table) == column.type.affinity else {
          throw StorageError.broken("the column \(column.ownName) of \(addition.model.table) was not made")
        }
      }
    }
  }
}

extension Connection {
  /// Runs `body` with the schema's own table open to writing, which it is for nothing else.
  fileprivate func withWritableSchema(_ body: () throws -> Void) throws {
    _ = sojourn_sqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 0)
    defer { _ = sojourn_sqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1) }
    try run("PRAGMA writable_schema=ON")
    do {
      try body()
      // Before anything reads the schema: with it on, SQLite would take a damaged one.
      try run("PRAGMA writable_schema=OFF")
    } catch {
      try? run("PRAGMA writable_schema=OFF")
      throw error
    }
  }

  /// As the schema that this connection has read says; nil where there is no such column.
  fileprivate func declaredType(of column: String, in table: String) -> String? {
    var type: UnsafePointer<CChar>?
    guard sqlite3_table_column_metadata(handle, "main", table, column, &type, nil, nil, nil, nil) == SQLITE_OK
    else { return nil }
    return type.map { String(cString: $0) }
  }
}
