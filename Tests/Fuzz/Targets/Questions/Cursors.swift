import Crypto
import Storage
import Wire

@testable import QueryLanguage

/// Cursors of lists: as texts, and with a good fingerprint before any bytes, which nobody would guess.
enum Cursors {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (choice, rest) = input.choiceAndRest
    let plan = plans[choice % plans.count]
    _ = try? ListCursor(input.text, for: plan)
    // A form, the fingerprint, and what follows it.
    let own = ListCursor(after: ListPosition(values: plan.order.map { _ in .null }), sequence: 1, row: 1, in: plan)
    let head = try promised(Base64.decodeURL(own.text), "a cursor is Base64").prefix(9)
    let form: UInt8 = choice & 0x80 == 0 ? 0x11 : 0x12
    let text = Base64.encodeURL([form] + head.dropFirst() + rest.bytes)
    if let cursor = try? ListCursor(text, for: plan) {
      try promise(cursor.text, is: text, "a cursor has one text")
      if case .position(let position) = cursor.end {
        try promise(position.values.count, is: plan.order.count, "a position has a value for each key")
        for part in plan.continued(after: position) { try Queries.plan(part.predicate, part.sort) }
      }
    }
    try state(input)
  }

  private static let plans: [ReadPlan] = [
    [], [(0, false)], [(2, true), (1, false)], [(3, false), (10, true)], [(14, true)],
  ].map { (keys: [(Int, Bool)]) in
    ReadPlan(
      model: SampleModel.stored,
      sort: keys.map { SortKey(column: $0.0 == 10 ? .presence(10) : .column($0.0), descending: $0.1) }, limit: 10)
  }

  /// Values of a state are the same once they were written again.
  private static func state(_ input: FuzzInput) throws(BrokenPromise) {
    guard let values = input.bytes.withUnsafeBytes({ StateCoding.values(in: $0) }) else { return }
    // No file has so many columns, and none is written.
    if values.contains(where: { $0.column >= 1 << 60 }) { return }
    var writer = ByteWriter()
    for (column, value) in values { StateCoding.append(column: column, value: value, to: &writer) }
    let again = writer.withBytes { StateCoding.values(in: $0) }
    try promise(again?.map(\.column), is: values.map(\.column), "the columns of a state read back")
  }
}
