import DataModel
import Storage
import Testing
import Wire

@testable import StorageSQLite

/// How SQLite reads what stands behind a position (`ReadPlan.continued`): were one of these a scan or a
/// sort, the last page of a list would cost more than the first.
@Suite("Lists go on after an object")
struct ContinuationPlanTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var filter: String?
    var sort: [(String, Bool)]
    /// The ranges by columns, from the last key to the first.
    var ranges: [String]
    var testDescription: String { "\(filter ?? "all") by \(sort)" }

    init(_ filter: String? = nil, by sort: [(String, Bool)], _ ranges: [String]) {
      self.filter = filter
      self.sort = sort
      self.ranges = ranges
    }
  }

  static let rows: [Row] = [
    Row(by: [], ["rowid>?"]),
    Row(by: [("$natural", true)], ["rowid<?"]),
    Row(by: [("id", false)], ["id>?"]),
    Row(by: [("updated_at", false)], ["updated_at=? AND rowid>?", "updated_at>?"]),
    Row(by: [("updated_at", true)], ["updated_at=? AND rowid<?", "updated_at<?"]),
    // At the end of each descending key stand the objects without a value.
    Row(by: [("number", true)], ["number=? AND n<?", "number<?", "number=?"]),
    Row(by: [("number", false)], ["number=? AND n>?", "number>?"]),
    Row(
      by: [("status", false), ("number", false)],
      ["status=? AND number=? AND rowid>?", "status=? AND number>?", "status>?"]),
    Row(
      by: [("status", true), ("number", true)],
      [
        "status=? AND number=? AND rowid<?", "status=? AND number<?", "status=? AND number=?", "status<?",
        "status=?",
      ]),
    Row(
      by: [("airline", false), ("departure", true)],
      ["airline=? AND departure=? AND n<?", "airline=? AND departure<?", "airline=? AND departure=?", "airline>?"]),
    Row(
      "airline", by: [("departure", false)],
      ["airline=? AND departure=? AND n>?", "airline=? AND departure>?"]),
    Row("operator", by: [], ["operator=? AND rowid>?"]),
    // Of those without a value, and then those with one, or the other way round: the order of creation.
    Row("operator", by: [("presence", false)], ["operator=? AND rowid>?"]),
    Row("operator", by: [("presence", true)], ["operator=? AND rowid<?"]),
  ]

  @Test("by ranges of an index, in its order, without sorting", arguments: rows)
  func ranges(of row: Row) throws {
    #expect(try Self.steps(of: row) { $0 == .text ? .text("x") : $0 == .id ? .id(Self.id) : .integer(7) } == row.ranges)
  }

  @Test("without a value by ranges too", arguments: rows)
  func rangesAfterNull(of row: Row) throws {
    let steps = try Self.steps(of: row) { _ in .null }
    #expect(!steps.isEmpty)
  }

  private static let id = ObjectID(high: 1, low: 1)

  /// The ranges that serve what stands behind an object with these values.
  private static func steps(of row: Row, value: (ColumnType) -> StoredValue) throws -> [String] {
    let directory = try TemporaryDirectory()
    let connection = try Connection(path: directory.path + "/a.db", role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let model = try #require(DataModelReader.read(Array(QueryPlanTests.xml.utf8)).model)
    let flight = try #require(try catalog.deploy(model, at: .first, by: nil)["flight"])
    var plan = ReadPlan(model: flight, limit: 100)
    plan.sort = try row.sort.map {
      SortKey(column: try QueryPlanTests.column($0.0, of: flight), descending: $0.1)
    }
    if let filter = row.filter {
      plan.predicate = .equal(try QueryPlanTests.column(filter, of: flight), .id(Self.id))
    }
    let values: [StoredValue] = plan.order.map { key in
      switch key.column {
      case .id: .id(Self.id)
      case .updatedAt, .natural: .integer(7)
      case .presence: .presence(value(.integer).isNull == key.descending)
      case .column(let index): value(flight.columns[index].type)
      }
    }
    return try plan.continued(after: ListPosition(values: values)).map { part in
      let explain = try Statement("EXPLAIN QUERY PLAN " + ListSQL(part).text, on: connection)
      var steps: [String] = []
      while try explain.step() { steps.append(explain.text(3)) }
      #expect(steps.count == 1 && steps[0].hasPrefix("SEARCH"), "\(steps) for \(part.predicate) by \(part.sort)")
      var range = String(steps[0].split(separator: "(").last?.dropLast() ?? "")
      for column in flight.columns { range.replace("c\(column.number)", with: column.name) }
      return range
    }
  }
}
