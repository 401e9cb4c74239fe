import Foundation
import Storage
import Testing
import Wire

@testable import StorageSQLite

/// `Files/layout6.db` was written by the version before texts were read as numbers, times and booleans in more
/// ways. All fields of its `flight` were texts and have other types now; each has an index, over what that
/// version read. It holds 48 objects that were written as texts, one that was written under the later types,
/// and one that is empty.
@Suite("A file of the version before, with indexes on conversions that changed")
struct SupersededIndexTests {
  private let bed: SQLiteBed

  init() throws {
    bed = try SQLiteBed()
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Files/layout6.db")
    try FileManager.default.copyItem(atPath: file.path(), toPath: bed.path)
  }

  private func texts(_ sql: String, on connection: Connection) throws -> [String] {
    let statement = try Statement(sql, on: connection)
    defer { statement.reset() }
    var texts: [String] = []
    while try statement.step() { texts.append(statement.text(0)) }
    return texts
  }

  private static let definitions =
    "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%text!_as%' ESCAPE '!'"

  @Test("is sound, and stays so while it is written to before those are dropped")
  func written() throws {
    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
    #expect(try texts("PRAGMA user_version", on: connection) == ["6"])
    let definitions = try texts(Self.definitions, on: connection)
    #expect(definitions.count == 8 && definitions.allSatisfy { !$0.contains("_2(") })
    // It compares each index with what its function gives now.
    #expect(try texts("PRAGMA integrity_check", on: connection) == ["ok"])
    let row = "(id, updated_at, sequence, c1, c2, c3, c4, c5, c6, c7)"
    for text in ["TRUE", "+1", ".5", "2013-01-31 UTC", "12"] {
      try connection.run(
        """
        INSERT INTO m1 \(row) SELECT randomblob(16), 1, 1, v, v, v, v, v, v, v FROM (SELECT '\(text)' AS v);
        UPDATE m1 SET c1 = '\(text)', c3 = '\(text)', c5 = '\(text)' WHERE n % 7 = \(text.utf8.count);
        """)
    }
    try connection.run("DELETE FROM m1 WHERE n % 5 = 0")
    #expect(try texts("PRAGMA integrity_check", on: connection) == ["ok"])
  }

  @Test("reads by the new rules from the first moment, and has indexes on them soon after")
  func opened() async throws {
    let store = try bed.reopen(clock: ManualClock(), options: SQLiteBed.options)
    let flight = try #require(store.dataModel["flight"])
    let all = try await store.read { snapshot in
      var rows: [[StoredValue]] = []
      try snapshot.list(ReadPlan(model: flight, limit: 1000)) { page in
        for row in 0..<page.count {
          rows.append(flight.columns.indices.map { page.value(row, RowPage.Lead.count + $0) })
        }
      }
      return rows
    }
    #expect(all.count == 50)
    // What is a number by now, and was none.
    let expected: [(String, StoredValue, Int)] = [
      ("whole", .integer(12), 3), ("whole", .integer(7), 2), ("whole", .integer(1), 3), ("level", .integer(12), 4),
      ("number", .real(0.5), 2), ("number", .real(5), 1), ("truth", .integer(1), 5), ("truth", .integer(0), 3),
      ("day", .integer(15_736), 11), ("moment", .integer(1_359_590_400), 3), ("moment", .integer(1_359_583_200), 2),
      ("moment", .integer(1_359_623_100), 4), ("status", .text("TRUE"), 1), ("status", .text("late"), 2),
    ]
    for (name, value, count) in expected {
      let position = try #require(flight.position(of: name))
      #expect(all.count { $0[position] == value } == count, "\(name) = \(value)")
    }

    // With the old indexes, without any, and with the new ones.
    try await compare(store, flight, all)
    for _ in 0..<2000 {
      if try await store.pendingIndexes().isEmpty { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    try await compare(store, flight, all)
    await store.close()

    let connection = try Connection(path: bed.path, role: .writer, cacheKiB: 256)
    #expect(try texts("PRAGMA user_version", on: connection) == ["\(Catalog.fileVersion)"])
    #expect(try texts("PRAGMA integrity_check", on: connection) == ["ok"])
    let wanted = IndexPlan.all(of: flight).filter(\.isOptional)
    #expect(
      Set(try texts("SELECT name FROM sqlite_master WHERE name LIKE '%!_i!_%' ESCAPE '!'", on: connection))
        == Set(wanted.map(\.table)))
    #expect(try texts(Self.definitions, on: connection).allSatisfy { !$0.contains("text_as_integer(") })
    // The very same rows by an index and by a scan.
    for plan in wanted {
      let first = try #require(plan.described.keys.first?.name)
      let value = flight.columnName(.column(try #require(flight.position(of: first))))
      for condition in ["IS NULL", "IS NOT NULL", "= 1", "> 0", "<= 15736", "= 'late'"] {
        let found = try ["INDEXED BY \(plan.table)", "NOT INDEXED"].map {
          try texts("SELECT n FROM m1 \($0) WHERE \(value) \(condition) ORDER BY n", on: connection)
        }
        #expect(found[0] == found[1], "\(plan.table): \(condition)")
      }
    }
  }

  /// Holds counts by each value of each column to what a list of everything gave.
  private func compare(_ store: SQLiteObjectStore, _ flight: StoredModel, _ all: [[StoredValue]]) async throws {
    for position in flight.columns.indices {
      let column = ColumnReference.column(position)
      let nulls = try await store.read { try $0.count(flight, .isNull(column)) }
      #expect(nulls == all.count { $0[position].isNull })
      for value in Set(all.map { $0[position] }) where !value.isNull {
        let count = try await store.read { try $0.count(flight, .equal(column, value)) }
        #expect(count == all.count { $0[position] == value }, "\(flight.columns[position].name) = \(value)")
      }
    }
  }
}
