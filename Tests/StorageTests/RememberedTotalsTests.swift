import Testing
import Wire

@testable import Storage

@Suite("Totals that are remembered")
struct RememberedTotalsTests {
  private func filter(_ sql: String = "a = $1", _ values: StoredValue..., model: StoredModel = RuleScene.model)
    -> RememberedTotals.Filter?
  {
    RememberedTotals.Filter(on: model, sql: sql, values: values)
  }

  private func state(_ version: Int) -> RememberedTotals.State { RememberedTotals.State(version: version, feed: "f") }

  @Test("are those of the same filter alone")
  func filters() throws {
    let model = RuleScene.model
    let later = StoredModel(number: model.number, model: model.model, columns: model.columns, version: 2)
    let other = StoredModel(number: 8, model: model.model, columns: model.columns, version: 1)
    let different = [
      filter("a = $1", .integer(1)), filter("b = $1", .integer(1)), filter("a = $1", .integer(2)),
      filter("a = $1", .real(1)), filter("a = $1", .text("1")), filter("a = $1", .null), filter("a = $1"),
      filter("a = $1", .id(ObjectID(high: 0, low: 1))), filter("a = $1", .id(ObjectID(high: 1, low: 0))),
      filter("a = $1", .text("caf\u{E9}")), filter("a = $1", .text("cafe\u{301}")),
      filter("a = $1", .text("1"), .text("2")), filter("a = $1", .text("12"), .text("")),
      filter("a = $1", .text(""), .text("12")), filter("a = $1", .integer(1), model: later),
      filter("a = $1", .integer(1), model: other),
    ]
    let totals = RememberedTotals()
    for (index, filter) in different.enumerated() {
      let filter = try #require(filter)
      #expect(totals[filter] == nil, "\(index)")
      totals.remember(RememberedTotals.Total(1000 + index, at: state(7)), of: filter)
    }
    for (index, filter) in different.enumerated() {
      #expect(totals[try #require(filter)] == RememberedTotals.Total(1000 + index, at: state(7)))
    }
    let again = try #require(filter("a = $1", .integer(1)))
    totals.remember(RememberedTotals.Total(5000, at: state(8)), of: again)
    #expect(totals[again] == RememberedTotals.Total(5000, at: state(8)))
  }

  @Test("are none that are counted at once")
  func few() throws {
    let totals = RememberedTotals()
    let one = try #require(filter("", .integer(1)))
    totals.remember(RememberedTotals.Total(RememberedTotals.least - 1, at: state(1)), of: one)
    #expect(totals[one] == nil)
    totals.remember(RememberedTotals.Total(RememberedTotals.least, at: nil), of: one)
    #expect(totals[one] == RememberedTotals.Total(RememberedTotals.least, at: nil))
  }

  @Test("are none of filters that are too long", arguments: [0, 1])
  func long(more: Int) {
    let room = RememberedTotals.Filter.mostBytes
    // The model, its version and two lengths take eight bytes each, the kind of a value one.
    let sql = room - 3 * 8 + more
    #expect((filter(String(repeating: "x", count: sql)) == nil) == (more > 0))
    let text = room - 4 * 8 - 1 + more
    #expect((filter("", .text(String(repeating: "x", count: text))) == nil) == (more > 0))
    #expect(filter("", .text(String(repeating: "x", count: 10_000_000))) == nil)
  }

  @Test("are forgotten when as many others were asked for, and not before")
  func forgets() throws {
    let totals = RememberedTotals()
    let first = try #require(filter("", .integer(-1)))
    totals.remember(RememberedTotals.Total(1000, at: state(1)), of: first)
    func remember(_ numbers: Range<Int64>) throws {
      for number in numbers {
        totals.remember(RememberedTotals.Total(2000, at: nil), of: try #require(filter("", .integer(number))))
      }
    }
    let most = Int64(RememberedTotals.mostRecent)
    try remember(0..<most)
    #expect(totals[first] != nil)
    // It was asked for, so it counts as recent again.
    try remember(most..<2 * most - 1)
    #expect(totals[first] != nil)
    try remember(2 * most..<4 * most)
    #expect(totals[first] == nil)
  }
}
