import Storage
import Testing

@Suite("Closing a deployment that nobody uses")
struct ClosingRuleTests {
  /// What a look finds, and when.
  struct Look: Sendable {
    var at: Int64
    var calls = 1
    var isBusy = false
    var isOpen = true

    var use: StoreUse { StoreUse(calls: calls, isBusy: isBusy, isOpen: isOpen) }
  }

  /// Looks with a period of 300 that lead to each state. At 1000 each has last found one call.
  static let open = [Look(at: 1000)]
  static let closing = [Look(at: 700), Look(at: 1000)]
  static let closed = [Look(at: 1000, isOpen: false)]

  /// From which state, what the next look finds, the state after it, and whether to close.
  static let table: [(String, [Look], Look, ClosingRule.State, ClosingRule.Decision)] = [
    ("open, used", open, Look(at: 1400, calls: 2), .open(unusedSince: 1400), .keep),
    ("open, busy", open, Look(at: 1400, isBusy: true), .open(unusedSince: 1400), .keep),
    ("open, unused", open, Look(at: 1299), .open(unusedSince: 1000), .keep),
    ("open, unused for the period", open, Look(at: 1300), .closing(unusedSince: 1000), .close),
    ("open, closed by somebody else", open, Look(at: 1010, isOpen: false), .closed, .keep),
    ("open, after a clock was set back", open, Look(at: 10), .open(unusedSince: 10), .keep),

    ("closing, used", closing, Look(at: 1001, calls: 2), .open(unusedSince: 1001), .keep),
    ("closing, busy", closing, Look(at: 1001, isBusy: true), .open(unusedSince: 1001), .keep),
    ("closing, and still open", closing, Look(at: 1001), .closing(unusedSince: 700), .close),
    ("closing, and done", closing, Look(at: 1001, isOpen: false), .closed, .keep),
    ("closing, called, and closed again", closing, Look(at: 1001, calls: 2, isOpen: false), .closed, .keep),
    ("closing, after a clock was set back", closing, Look(at: 10), .open(unusedSince: 10), .keep),

    ("closed, used", closed, Look(at: 1400, calls: 2), .open(unusedSince: 1400), .keep),
    ("closed, busy", closed, Look(at: 1400, isBusy: true), .open(unusedSince: 1400), .keep),
    (
      "closed, busy with nothing open", closed, Look(at: 1400, isBusy: true, isOpen: false), .open(unusedSince: 1400),
      .keep
    ),
    ("closed, opened without a call", closed, Look(at: 1400), .open(unusedSince: 1400), .keep),
    ("closed, and still", closed, Look(at: 1400, isOpen: false), .closed, .keep),
    ("closed, after a clock was set back", closed, Look(at: 10, isOpen: false), .closed, .keep),
  ]

  @Test("goes from state to state as the table says", arguments: table)
  func states(what: String, before: [Look], next: Look, state: ClosingRule.State, decision: ClosingRule.Decision) {
    var rule = ClosingRule(period: 300)
    for look in before { _ = rule.look(at: look.at, look.use) }
    #expect(rule.look(at: next.at, next.use) == decision, "\(what)")
    #expect(rule.state == state, "\(what)")
  }

  @Test("begins with one that is closed, so that the first look that finds it open counts from there")
  func beginning() {
    var rule = ClosingRule(period: 300)
    #expect(rule.state == .closed)
    #expect(rule.look(at: 5, Look(at: 5).use) == .keep)
    #expect(rule.look(at: 304, Look(at: 304).use) == .keep)
    #expect(rule.look(at: 305, Look(at: 305).use) == .close)
  }
}
