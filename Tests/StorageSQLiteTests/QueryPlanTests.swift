import DataModel
import Storage
import Testing
import Wire

@testable import StorageSQLite

@Suite("Declared indexes serve lists")
struct QueryPlanTests {
  static let xml = """
    <data-model><model name="airline" label="A"><display>A</display></model>
    <model name="flight" label="A">
    <field name="number" label="A" type="integer"/><field name="departure" label="A" type="datetime"/>
    <field name="status" label="A" type="text"/>
    <belongs-to model="airline"/><belongs-to model="airline" name="operator"/><display>A</display>
    <index on="airline,-departure"/><index on="status,number"/><index on="-number"/></model></data-model>
    """

  static func column(_ name: String, of model: StoredModel) throws -> ColumnReference {
    switch name {
    case "id": .id
    case "updated_at": .updatedAt
    case "$natural": .natural
    case "presence": .presence(try #require(model.position(of: "status")))
    default: .column(try #require(model.position(of: name)))
    }
  }
  /// The same with other types, so that each of the fields reads through a conversion.
  static let earlierXML =
    xml.replacing("type=\"text\"", with: "type=\"number\"").replacing("type=\"integer\"", with: "type=\"text\"")
    .replacing("type=\"datetime\"", with: "type=\"text\"")

  struct Search: Sendable, CustomTestStringConvertible {
    var filter: String?
    var sort: [(String, Bool)]
    /// The index that answers it, by columns; nil for the table itself.
    var index: String?
    var testDescription: String { "\(filter ?? "all") by \(sort)" }
  }

  @Test("a list of what was written lately goes by the time's index, whatever else it asks", arguments: [false, true])
  func recent(hasMore: Bool) throws {
    let directory = try TemporaryDirectory()
    let connection = try Connection(path: directory.path + "/a.db", role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let model = try #require(DataModelReader.read(Array(Self.xml.utf8)).model)
    let flight = try #require(try catalog.deploy(model, at: .first, by: nil)["flight"])
    let recent = Predicate.ordered(.updatedAt, .greater, .integer(1))
    func plan(_ predicate: Predicate, sort: [SortKey] = []) -> ReadPlan {
      ReadPlan(model: flight, predicate: predicate, sort: sort, limit: 1000)
    }
    let number = try Self.column("number", of: flight)
    let asked = plan(hasMore ? .all([.ordered(number, .less, .integer(5)), recent]) : recent)
    let found = try #require(RecentChanges(asked))
    #expect(try found.areFew(on: connection))
    let explain = try Statement("EXPLAIN QUERY PLAN " + ListSQL(asked, recent: found).text, on: connection)
    var steps: [String] = []
    while try explain.step() { steps.append(explain.text(3)) }
    // The numbers of the objects by the time's index, the objects by their numbers, and nothing to sort.
    #expect(
      steps == [
        "SEARCH \(flight.table) USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1",
        "SEARCH \(flight.table) USING COVERING INDEX \(flight.table)_updated_at (updated_at>?)",
      ])
    // Others find their way by themselves.
    let airline = try Self.column("airline", of: flight)
    let id = StoredValue.id(ObjectID(high: 1, low: 1))
    #expect(RecentChanges(plan(.all([recent, .equal(airline, id)]))) == nil)
    #expect(RecentChanges(plan(.any([recent, .isNull(airline)]))) == nil)
    #expect(RecentChanges(plan(recent, sort: [SortKey(column: .updatedAt, descending: false)])) == nil)
    #expect(RecentChanges(plan(.always)) == nil)
  }

  @Test(
    "with their ties, forwards and backwards, without sorting",
    arguments: [
      Search(filter: nil, sort: [], index: nil),
      Search(filter: nil, sort: [("$natural", true)], index: nil),
      Search(filter: nil, sort: [("updated_at", true)], index: "updated_at"),
      Search(filter: nil, sort: [("updated_at", false)], index: "updated_at"),
      Search(filter: nil, sort: [("id", true)], index: "id"),
      Search(filter: nil, sort: [("number", true)], index: "number DESC"),
      Search(filter: nil, sort: [("number", false)], index: "number DESC"),
      Search(filter: "airline", sort: [("departure", true)], index: "airline, departure DESC"),
      Search(filter: "airline", sort: [("departure", false)], index: "airline, departure DESC"),
      Search(filter: "operator", sort: [], index: "operator"),
      Search(filter: "operator", sort: [("$natural", true)], index: "operator"),
      Search(filter: "status", sort: [("number", true)], index: "status, number"),
      Search(filter: "status", sort: [("number", false)], index: "status, number"),
      Search(filter: nil, sort: [("status", true), ("number", true)], index: "status, number"),
      Search(filter: nil, sort: [("airline", false), ("departure", true)], index: "airline, departure DESC"),
      Search(filter: nil, sort: [("airline", true), ("departure", false)], index: "airline, departure DESC"),
      // Ties would go the wrong way in it, or it has another order.
      Search(filter: nil, sort: [("airline", true), ("departure", true)], index: "SORTED"),
      Search(filter: nil, sort: [("departure", true)], index: "SORTED"),
    ], [false, true])
  func plan(of search: Search, isRetyped: Bool) throws {
    let directory = try TemporaryDirectory()
    let connection = try Connection(
      path: directory.path + "/a.db", role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    if isRetyped {
      let earlier = try #require(DataModelReader.read(Array(Self.earlierXML.utf8)).model)
      _ = try catalog.deploy(earlier, at: .first, by: nil)
    }
    let model = try #require(DataModelReader.read(Array(Self.xml.utf8)).model)
    let stored = try catalog.deploy(model, at: .first, by: nil)
    let flight = try #require(stored["flight"])
    #expect(flight.columnName(.column(0)).hasPrefix("coalesce(") == isRetyped)

    func column(_ name: String) throws -> ColumnReference { try Self.column(name, of: flight) }
    var plan = ReadPlan(model: flight, limit: 100)
    plan.sort = try search.sort.map { SortKey(column: try column($0.0), descending: $0.1) }
    if let filter = search.filter {
      let value: StoredValue = filter == "status" ? .text("x") : .id(ObjectID(high: 1, low: 1))
      plan.predicate = .equal(try column(filter), value)
    }

    let explain = try Statement("EXPLAIN QUERY PLAN " + ListSQL(plan).text, on: connection)
    var steps: [String] = []
    while try explain.step() { steps.append(explain.text(3)) }
    if search.index == "SORTED" {
      #expect(steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
      return
    }
    #expect(steps.count == 1, "\(steps)")
    let step = try #require(steps.first)
    guard let index = search.index else {
      #expect(!step.contains("INDEX"), "\(step)")
      return
    }
    let columns = try index.split(separator: ", ").map { key in
      let words = key.split(separator: " ")
      return words.count == 2
        ? "\(flight.columnName(try column(String(words[0])))) DESC"
        : flight.columnName(try column(String(key)))
    }
    let expected = try #require(
      IndexPlan.all(of: flight).first {
        $0.columns == columns.joined(separator: ", ")
          || $0.columns == columns.joined(separator: ", ") + ", n DESC"
      })
    #expect(step.contains("INDEX \(expected.table)") && !step.contains("\(expected.table)_"), "\(step)")
  }

  @Test("A list of values finds by an index, however long it is", arguments: [2, 10_000])
  func among(count: Int) throws {
    let directory = try TemporaryDirectory()
    let connection = try Connection(
      path: directory.path + "/a.db", role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let model = try #require(DataModelReader.read(Array(Self.xml.utf8)).model)
    let flight = try #require(try catalog.deploy(model, at: .first, by: nil)["flight"])
    let lists: [(String, [StoredValue])] = [
      ("number", (0..<count).map { .integer(Int64($0)) }), ("status", (0..<count).map { .text("\($0)") }),
      ("operator", (0..<count).map { .id(ObjectID(high: 1, low: UInt64($0))) }),
    ]
    for (name, values) in lists {
      let column = ColumnReference.column(try #require(flight.position(of: name)))
      let sql = ListSQL(ReadPlan(model: flight, predicate: .among(column, values), limit: 9))
      #expect(sql.values.count == 3)
      let explain = try Statement("EXPLAIN QUERY PLAN " + sql.text, on: connection)
      var steps: [String] = []
      while try explain.step() { steps.append(explain.text(3)) }
      #expect(steps.contains { $0.hasPrefix("SEARCH m") && $0.contains("USING INDEX") }, "\(name): \(steps)")
    }
  }

  @Test("A chain beyond the parser's stack still finds by its index")
  func staged() throws {
    let directory = try TemporaryDirectory()
    let connection = try Connection(
      path: directory.path + "/a.db", role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let model = try #require(DataModelReader.read(Array(Self.xml.utf8)).model)
    let flight = try #require(try catalog.deploy(model, at: .first, by: nil)["flight"])
    let operation = ColumnReference.column(try #require(flight.position(of: "operator")))
    var deep = Predicate.isNull(.column(0))
    for _ in 0..<64 { deep = .any([.isNull(.column(1)), .all([.isNotNull(.column(2)), deep])]) }
    let sql = ListSQL(
      ReadPlan(
        model: flight, predicate: .all([.equal(operation, .id(ObjectID(high: 1, low: 1))), deep]), limit: 9))
    #expect(sql.text.hasPrefix("WITH "))
    let explain = try Statement("EXPLAIN QUERY PLAN " + sql.text, on: connection)
    var steps: [String] = []
    while try explain.step() { steps.append(explain.text(3)) }
    #expect(steps.contains { $0.contains("USING INDEX") }, "\(steps)")
  }
}
