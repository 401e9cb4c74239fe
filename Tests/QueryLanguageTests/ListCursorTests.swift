import Storage
import Testing
import Wire

@testable import QueryLanguage

/// Cursors as texts: what one holds, and which query it belongs to.
@Suite("Cursors of lists")
struct ListCursorTests {
  private static func plan(
    _ predicate: Predicate = .always, _ sort: [(ColumnReference, Bool)] = []
  ) throws -> ReadPlan {
    ReadPlan(
      model: try Samples.model(), predicate: predicate, sort: sort.map { SortKey(column: $0.0, descending: $0.1) },
      limit: 10)
  }

  private static func cursor(_ values: [StoredValue], _ plan: ReadPlan) -> ListCursor {
    ListCursor(after: ListPosition(values: values), sequence: 77, row: 9, in: plan)
  }

  private static let texts: [StoredValue] = [
    .null, .text(""), .text("a"), .text("caf\u{E9}"), .text("cafe\u{301}"), .text(String(repeating: "x", count: 990)),
  ]

  @Test("hold values of every type exactly")
  func values() throws {
    let rows: [(ColumnReference, [StoredValue])] = [
      (Columns.text, Self.texts),
      (Columns.integer, [.null, .integer(0), .integer(-1), .integer(.min), .integer(.max)]),
      (Columns.number, [.null, .real(0), .real(-0.5), .real(1e300), .real(.leastNonzeroMagnitude)]),
      (Columns.date, [.integer(-719_162)]), (Columns.datetime, [.integer(1_359_623_100)]),
      (Columns.boolean, [.null, .integer(1)]), (Columns.choice, [.text("landed")]), (Columns.level, [.integer(-5)]),
      (Columns.next, [.null, .id(ObjectID(high: 1, low: .max))]), (.updatedAt, [.integer(1_359_623_100)]),
      (.presence(13), [.integer(0), .integer(1)]),
    ]
    for (column, values) in rows {
      for value in values {
        let plan = try Self.plan(.always, [(column, true)])
        let cursor = Self.cursor([value, .integer(9)], plan)
        #expect(cursor.text.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "&") })
        let read = try ListCursor(cursor.text, for: plan)
        #expect(read == cursor && read.end == .position(ListPosition(values: [value, .integer(9)])))
      }
    }
  }

  @Test("of long values hold a reference")
  func reference() throws {
    let plan = try Self.plan(.always, [(Columns.text, false)])
    let long = Self.cursor([.text(String(repeating: "x", count: 1_000_000)), .integer(9)], plan)
    #expect(long.text.utf8.count < 60)
    let read = try ListCursor(long.text, for: plan)
    #expect(read == long)
    guard case .reference(let reference) = read.end else {
      Issue.record("it is \(read.end)")
      return
    }
    #expect(reference.sequence == 77 && reference.row == 9)
  }

  @Test("that hold what no object can have are refused")
  func forged() throws {
    let plan = try Self.plan(.always, [(Columns.number, false), (Columns.text, false)])
    let bad: [[StoredValue]] = [
      [.real(.nan), .text("a"), .integer(1)], [.real(.infinity), .text("a"), .integer(1)],
      [.real(-0.0), .text("a"), .integer(1)], [.integer(1), .text("a"), .integer(1)],
      [.text("a"), .text("a"), .integer(1)], [.real(1), .real(1), .integer(1)], [.real(1), .text("a\0"), .integer(1)],
      [.real(1), .text("a"), .null], [.real(1), .text("a"), .real(1)], [.real(1), .text("a"), .text("1")],
      [.real(1), .text("a"), .integer(1), .integer(1)],
    ]
    for values in bad {
      let text = Self.cursor(values, plan).text
      #expect(throws: ClientFault.self, "\(values)") { try ListCursor(text, for: plan) }
    }
    let presence = try Self.plan(.always, [(.presence(13), false)])
    for value in [StoredValue.null, .integer(2), .integer(-1), .text("1"), .id(ObjectID(high: 1, low: 1))] {
      let text = Self.cursor([value, .integer(1)], presence).text
      #expect(throws: ClientFault.self, "\(value)") { try ListCursor(text, for: presence) }
    }
    let good = Self.cursor([.real(1), .text("a"), .integer(1)], plan).text
    #expect(throws: Never.self) { try ListCursor(good, for: plan) }
    for text in ["", "A", "AA==", good + "=", good + "AA", " " + good, String(good.dropLast()), good + good] {
      #expect(throws: ClientFault.self, "\(text)") { try ListCursor(text, for: plan) }
    }
  }

  @Test("belong to the meaning of a query, however it is written")
  func meaning() throws {
    let a = Predicate.equal(Columns.integer, .integer(3))
    let b = Predicate.isNull(Columns.text)
    let c = Predicate.ordered(Columns.number, .less, .real(1))
    let same: [[Predicate]] = [
      [.all([a, b]), .all([b, a])], [.any([a, .all([b, c])]), .any([.all([c, b]), a])],
    ]
    for group in same {
      let texts = try group.map { Self.cursor([.integer(1)], try Self.plan($0)).text }
      #expect(Set(texts).count == 1)
    }
    let different: [Predicate] = [
      .always, .never, a, b, c, .all([a, b]), .any([a, b]), .all([a, b, b]), .all([.all([a, b])]),
      .equal(Columns.integer, .integer(4)), .equal(Columns.integer, .real(3)), .equal(Columns.number, .real(3)),
      .notEqual(Columns.integer, .integer(3)), .isNotNull(Columns.text), .equal(Columns.text, .text("a")),
      .equal(Columns.choice, .text("a")), .containsText(Columns.text, "a"), .containsText(Columns.text, "ab"),
      .equal(Columns.text, .text("caf\u{E9}")), .equal(Columns.text, .text("cafe\u{301}")),
      .hasKey(Columns.tags, .text("a")), .lacksKey(Columns.tags, .text("a")),
      .equal(.id, .id(ObjectID(high: 1, low: 1))),
      .equal(Columns.next, .id(ObjectID(high: 1, low: 1))), .ordered(Columns.number, .lessOrEqual, .real(1)),
      .ordered(Columns.number, .greater, .real(1)), .ordered(Columns.number, .greaterOrEqual, .real(1)),
      .ordered(.updatedAt, .less, .integer(1)), .ordered(.natural, .less, .integer(1)),
      .onAnyDay(Columns.datetime, [.first]), .onNoDay(Columns.datetime, [.first]),
      .onAnyDay(Columns.datetime, [.first, .last]), .onAnyDay(.updatedAt, [.first]),
    ]
    let texts = try different.map { Self.cursor([.integer(1)], try Self.plan($0)).text }
    #expect(Set(texts).count == different.count)
  }

  @Test("belong to the order that the sort keys give")
  func order() throws {
    let n = (Columns.integer, false)
    let same: [[(ColumnReference, Bool)]] = [[n], [n, (Columns.integer, false)], [n, (.natural, false)]]
    let texts = try same.map { Self.cursor([.integer(1), .integer(1)], try Self.plan(.always, $0)).text }
    #expect(Set(texts).count == 1)
    let different: [[(ColumnReference, Bool)]] = [
      [n], [(Columns.integer, true)], [n, (.natural, true)], [n, (.id, false)], [(Columns.level, false)],
      [(.updatedAt, false)], [(.updatedAt, true)], [(.presence(12), false)], [(.presence(12), true)],
      [(.presence(13), false)],
    ]
    let others = try different.map { Self.cursor([.integer(1), .integer(1)], try Self.plan(.always, $0)).text }
    #expect(Set(others).count == different.count)
  }
}
