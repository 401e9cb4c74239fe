import CSQLite
import DataModel
import Foundation
import Storage
import Testing
import Wire

@testable import StorageSQLite

@Suite("A deploy over many models")
struct WideDeployTests {
  private static let types = ["text", "integer", "number", "datetime", "attachment", "boolean"]

  /// `models` models with `fields` fields of all types, each with a belongs-to where `isLinked`.
  private static func model(_ models: Int, fields: Int, isLinked: Bool = false, indexes: String = "") throws
    -> DataModel
  {
    let list = (0..<fields).map { number -> String in
      let type = types[number % types.count]
      let media = type == "attachment" ? " media=\"any\"" : ""
      return "<field name=\"f\(number)\" label=\"A\" type=\"\(type)\"\(media)/>"
    }.joined()
    let link = isLinked ? "<belongs-to model=\"t0\" name=\"other\"/>" : ""
    let all = (0..<models).map {
      "<model name=\"t\($0)\" label=\"A\">\(list)\(link)<display>A</display>\(indexes)</model>"
    }
    let (read, findings) = DataModelReader.read(Array("<data-model>\(all.joined())</data-model>".utf8))
    return try #require(read, "\(findings.first?.message ?? "")")
  }

  private static func rows(_ sql: String, on connection: Connection) throws -> [String] {
    let statement = try Statement(sql, on: connection)
    var rows: [String] = []
    while try statement.step() { rows.append(statement.text(0)) }
    return rows
  }

  private static func schema(_ connection: Connection) throws -> [String] {
    try rows("SELECT type || ' ' || name || ': ' || ifnull(sql, '') FROM sqlite_schema ORDER BY name", on: connection)
  }

  private static func open(_ path: String) throws -> Connection {
    try Connection(path: path, role: .writer, cacheKiB: 256)
  }

  private static func isSound(_ connection: Connection) throws -> Bool {
    try rows("PRAGMA integrity_check", on: connection) == ["ok"]
  }

  private static let ownTexts =
    "n INTEGER PRIMARY KEY, id BLOB NOT NULL, updated_at INTEGER NOT NULL,\n  sequence INTEGER NOT NULL"

  @Test(
    "continues the text of a table only where it is one of ours",
    arguments: [
      ("CREATE TABLE m7 (\(ownTexts))", "CREATE TABLE m7 (\(ownTexts), c9 BLOB, c10 BLOB)"),
      ("CREATE TABLE m7 (\(ownTexts), c1 REAL)", "CREATE TABLE m7 (\(ownTexts), c1 REAL, c9 BLOB, c10 BLOB)"),
      ("CREATE TABLE m7 (\(ownTexts), c1 TEXT DEFAULT 'a')", nil),
      ("CREATE TABLE m7 (\(ownTexts), c1 TEXT, CHECK (c1 > 3))", nil),
      ("CREATE TABLE m7 (\(ownTexts), c1 TEXT -- of old\n)", nil),
      ("CREATE TABLE m7 (\(ownTexts)) STRICT", nil),
      ("CREATE TABLE m7 (\(ownTexts)", nil),
      ("CREATE TABLE m77 (\(ownTexts))", nil),
      ("CREATE TABLE \"m7\" (\(ownTexts))", nil),
      ("CREATE TABLE m7 (n)", nil),
      ("", nil),
    ])
  func texts(text: String, longer: String?) {
    let columns = [
      StoredColumn(number: 9, source: .belongsTo(BelongsTo(name: "a", model: "b"))),
      StoredColumn(number: 10, source: .belongsTo(BelongsTo(name: "c", model: "b"))),
    ]
    #expect(TableText.adding(columns, to: text, of: "m7") == longer)
  }

  @Test("leaves the file as ALTER TABLE would, to the letter, and sound", arguments: [1, 3, 80])
  func likeAlterTable(models: Int) async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(models, fields: 3), clock: ManualClock(), options: SQLiteBed.options)
    let first = try #require(store.dataModel["t0"])
    let values: [StoredValue] = [.text("a"), .integer(2), .real(3)]
    _ = try await store.write(WritePlan(steps: [.create(first, ObjectID(high: 1, low: 1), values)], origin: "password"))
    let connection = try Self.open(bed.path)
    let altered = bed.directory.path + "/altered.db"
    try connection.run("VACUUM INTO '\(altered)'")
    let stored = try await store.deploy(Self.model(models, fields: 9), by: nil)

    let other = try Self.open(altered)
    for model in stored.models {
      for column in model.columns.dropFirst(3) {
        try other.run("ALTER TABLE \(model.table) ADD COLUMN \(column.ownName) \(column.type.affinity)")
      }
    }
    #expect(try Self.schema(connection) == Self.schema(other))
    #expect(try Self.isSound(connection))
    // What was written before is there, with nothing in what is new; and both can be written.
    let now = try #require(stored["t0"])
    let id = ObjectID(high: 1, low: 1)
    func row() async throws -> [StoredValue] {
      try await store.read { snapshot in
        let page = try #require(try snapshot.object(now, id))
        return (0..<9).map { page.value(0, RowPage.Lead.count + $0) }
      }
    }
    #expect(try await row() == values + Array(repeating: .null, count: 6))
    _ = try await store.write(WritePlan(steps: [.patch(now, id, [(8, .real(7))])], origin: "password"))
    #expect(try await row() == values + Array(repeating: .null, count: 5) + [.real(7)])
    await store.close()
    let again = try await bed.reopen(clock: ManualClock())
    #expect(again.dataModel.models.map { $0.columns.map(\.number) } == stored.models.map { $0.columns.map(\.number) })
    await again.close()
    #expect(try Self.isSound(connection))
  }

  @Test("does not disturb snapshots from before, nor statements that were made before")
  func snapshots() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(40, fields: 2), clock: ManualClock(), options: SQLiteBed.options)
    let old = try #require(store.dataModel["t0"])
    func step(_ number: UInt64, _ model: StoredModel, _ values: [StoredValue]) -> WritePlan {
      WritePlan(steps: [.create(model, ObjectID(high: 1, low: number), values)], origin: "password")
    }
    _ = try await store.write(step(1, old, [.text("a"), .integer(1)]))
    let held = try Connection(path: bed.path, role: .reader, cacheKiB: 256)
    let all = try held.statement("SELECT * FROM \(old.table)")
    func read() throws -> (columns: Int, rows: Int) {
      var rows = 0
      while try all.step() { rows += 1 }
      all.reset()
      return (try Self.rows("SELECT name FROM pragma_table_info('\(old.table)')", on: held).count, rows)
    }
    try held.run("BEGIN")
    #expect(try read() == (6, 1))
    let stored = try await store.deploy(Self.model(40, fields: 3), by: nil)
    let new = try #require(stored["t0"])
    _ = try await store.write(step(2, new, [.text("b"), .integer(2), .real(3)]))
    #expect(try read() == (6, 1))
    #expect(throws: StorageError.self) { try held.statement("SELECT \(new.columns[2].ownName) FROM \(new.table)") }
    try held.run("COMMIT")
    #expect(try read() == (7, 2))
    let (count, without) = try await store.read { snapshot in
      (try snapshot.count(new, .always), try snapshot.count(new, .isNull(.column(2))))
    }
    #expect((count, without) == (2, 1))
    await store.close()
  }

  @Test("takes a table whose text is not ours by the long way")
  func foreign() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(3, fields: 2), clock: ManualClock(), options: SQLiteBed.options)
    let connection = try Self.open(bed.path)
    try connection.run("ALTER TABLE \(store.dataModel.models[1].table) ADD COLUMN \"of mine\" TEXT DEFAULT 'a'")
    let stored = try await store.deploy(Self.model(3, fields: 4), by: nil)
    for (index, model) in stored.models.enumerated() {
      let id = ObjectID(high: 1, low: UInt64(index))
      let values: [StoredValue] = [.text("a"), .integer(1), .real(2), .integer(3)]
      _ = try await store.write(WritePlan(steps: [.create(model, id, values)], origin: "password"))
      let last = try await store.read { try $0.object(model, id)?.value(0, RowPage.Lead.count + 3) }
      #expect(last == .integer(3))
    }
    #expect(try Self.isSound(connection))
    await store.close()
  }

  @Test("that fails leaves no trace, and its writer as it was")
  func failing() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(20, fields: 2), clock: ManualClock(), options: SQLiteBed.options)
    let model = try #require(store.dataModel["t7"])
    let connection = try Self.open(bed.path)
    // The name of an index that the deploy makes after its columns.
    let name = "\(model.table)_i_c\(model.columns[1].number)"
    try connection.run("CREATE TABLE \(name) (a)")
    let before = try Self.schema(connection)
    let next = try Self.model(20, fields: 5, indexes: "<index on=\"f1\"/>")
    await #expect(throws: StorageError.self) { try await store.deploy(next, by: nil) }
    #expect(try Self.schema(connection) == before)
    #expect(store.dataModel.version == 1)
    let row: [StoredValue] = [.text("a"), .integer(1)]
    _ = try await store.write(WritePlan(steps: [.create(model, ObjectID(high: 1, low: 1), row)], origin: "password"))
    try connection.run("DROP TABLE \(name)")
    let stored = try await store.deploy(next, by: nil)
    #expect(stored.version == 2)
    #expect(try await store.indexes().flatMap(\.indexes).allSatisfy { $0.status == .ready })
    #expect(try Self.isSound(connection))
    await store.close()
  }

  @Test("that ends between its steps is taken up by the next")
  func cutOff() async throws {
    let bed = try SQLiteBed()
    let clock = ManualClock()
    await (try bed.create(Self.model(2, fields: 2), clock: clock, options: SQLiteBed.options)).close()
    let next = try Self.model(150, fields: 3, isLinked: true)
    do {
      let connection = try Self.open(bed.path)
      let catalog = Catalog(connection: connection)
      let plan = try catalog.plan(next)
      try connection.run("BEGIN IMMEDIATE")
      let rest = try #require(try catalog.makeTables(of: plan))
      try connection.run("COMMIT")
      #expect(rest.newTables.count < plan.newTables.count && !rest.newTables.isEmpty)
      // Columns of tables that were there wait for the deploy's last step.
      #expect(rest.additions.count == 2)
    }
    let store = try await bed.reopen(clock: clock)
    #expect(store.dataModel.version == 1)
    #expect(store.dataModel.models.count == 2)
    let made = Set(try Catalog(connection: Self.open(bed.path)).tables().values)
    let stored = try await store.deploy(next, by: nil)
    #expect(stored.version == 2)
    #expect(made.count < 100 && made.isSubset(of: stored.models.map(\.number)))
    #expect(Set(stored.models.map(\.number)).count == 150)
    let numbers = stored.models.flatMap { $0.columns.map(\.number) }
    #expect(Set(numbers).count == 150 * 4)
    let last = try #require(stored["t149"])
    let row: [StoredValue] = [.text("a"), .integer(1), .real(1), .null]
    _ = try await store.write(WritePlan(steps: [.create(last, ObjectID(high: 1, low: 1), row)], origin: "password"))
    #expect(try Self.isSound(Self.open(bed.path)))
    await store.close()
  }

  @Test("beside others: each is in the history, and all of their columns are there")
  func together() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(20, fields: 2), clock: ManualClock(), options: SQLiteBed.options)
    let models = try [(120, 4), (60, 8), (90, 3)].map { try Self.model($0.0, fields: $0.1) }
    let versions = try await withThrowingTaskGroup(of: Int.self) { group in
      for model in models { group.addTask { try await store.deploy(model, by: nil).version } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(versions.sorted() == [2, 3, 4])
    #expect(try await store.deploys().map(\.version) == [4, 3, 2, 1])
    let hashes = try await store.deploys().map(\.hash)
    #expect(store.dataModel.model.hash == hashes[0])
    let connection = try Self.open(bed.path)
    #expect(try Self.isSound(connection))
    for model in store.dataModel.models {
      for column in model.columns { try connection.run("SELECT \(column.ownName) FROM \(model.table) LIMIT 0") }
    }
    let doubles = "SELECT model FROM columns GROUP BY model, name HAVING count(*) > 1"
    #expect(try Self.rows(doubles, on: connection) == [])
    await store.close()
  }

  @Test("lets writes go on while it is only tried, and says how long they would wait")
  func rehearsal() async throws {
    let bed = try SQLiteBed()
    var options = SQLiteBed.options
    let (inside, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    options.beforeCommit = {
      inside.signal()
      mayEnd.wait()
    }
    let store = try bed.create(Self.model(50, fields: 2), clock: ManualClock(), options: options)
    let model = try #require(store.dataModel["t0"])
    let row: [StoredValue] = [.text("a"), .integer(1)]
    let plan = WritePlan(steps: [.create(model, ObjectID(high: 1, low: 1), row)], origin: "password")
    async let written = store.write(plan)
    await Task.detached { Self.wait(for: inside) }.value
    // The writer is inside a transaction, which ends only after this.
    let unchanged = try await store.rehearse(Self.model(50, fields: 2))
    let wide = try await store.rehearse(Self.model(50, fields: 9))
    let more = try await store.rehearse(Self.model(900, fields: 9))
    mayEnd.signal()
    _ = try await written
    #expect(unchanged.secondsHoldingUp < wide.secondsHoldingUp && wide.secondsHoldingUp < more.secondsHoldingUp)
    #expect(more.secondsHoldingUp < 0.2)
    #expect(try await store.deploys().count == 1)
    #expect(try Catalog(connection: Self.open(bed.path)).tables().count == 50)
    await store.close()
  }

  private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }

  @Test("has all indexes of its new models at once, and those of many old ones soon")
  func indexes() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(Self.model(150, fields: 2), clock: ManualClock(), options: SQLiteBed.options)
    _ = try await store.deploy(Self.model(300, fields: 2, isLinked: true, indexes: "<index on=\"f1\"/>"), by: nil)
    let isReady = try await store.indexes().map { $0.indexes.allSatisfy { $0.status == .ready } }
    #expect(isReady[150...].allSatisfy { $0 })
    var pending = isReady.count { !$0 }
    for _ in 0..<4000 where pending > 0 {
      try await Task.sleep(for: .milliseconds(5))
      pending = try await store.indexes().count { !$0.indexes.allSatisfy { $0.status == .ready } }
    }
    #expect(pending == 0)
    await store.close()
  }
}
