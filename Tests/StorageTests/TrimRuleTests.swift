import Testing

@testable import Storage

@Suite("What a trimming of the oplog removes")
struct TrimRuleTests {
  private typealias Scene = RuleScene

  /// What may go by the cut, what a webhook needs, whether it is forced, and up to where entries are read.
  static let ends: [(cut: Int64?, needed: Int64?, isForced: Bool, below: Int64?, heldBy: String?)] = [
    (nil, nil, false, nil, nil), (nil, 5, false, nil, nil), (9, nil, false, 9, nil), (9, 5, false, 5, "a"),
    (9, 9, false, 9, nil), (9, 12, false, 9, nil), (9, 5, true, 9, nil),
  ]

  @Test("ends where a webhook that is enabled needs more, unless it is forced", arguments: ends.indices)
  func end(index: Int) {
    let row = Self.ends[index]
    let step = WriteStep.kept(.trim(.before(.max), evenIfNeeded: row.isForced))
    guard case .kept(let needs) = StepRule.needs(step) else {
      Issue.record("it needs something")
      return
    }
    #expect(needs.trim == .before(.max) && needs.oplogBelow == nil)
    var rows = KeptRows()
    rows.trimEnd = row.cut
    rows.neededEntries = row.needed.map { NeededEntries(sequence: $0, webhook: "a") }
    rows.secondEntry = 2
    #expect(StepRule.needs(step, StepInputs(kept: rows), in: Scene.context())?.oplogBelow == row.below)
    let none = StepRule.apply(step, StepInputs(kept: rows), in: Scene.context())
    #expect(none.outcome.kept == .trimmed(OplogTrim(removed: 0, isDone: true, heldBy: row.heldBy, next: 2)))
    #expect(none.kept == nil)
  }

  @Test("is done when nothing is left below its end", arguments: [false, true])
  func part(hasMore: Bool) {
    var rows = KeptRows()
    rows.trimEnd = 9
    rows.oplogPart = OplogPart(last: 4, count: 3, hasMore: hasMore, next: 6)
    let effect = Scene.apply(.trim(.before(9), evenIfNeeded: false), beside: rows)
    #expect(effect.kept?.trimmed == 4)
    let trim = OplogTrim(removed: 3, isDone: !hasMore, next: hasMore ? nil : 6)
    #expect(effect.outcome.kept == .trimmed(trim))
  }
}
