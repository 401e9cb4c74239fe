import Storage
import Testing

@Suite("Closing a deployment that nobody uses")
struct ClosingRuleTests {
  private static let used = StoreUse(calls: 1, isBusy: false, isOpen: true)

  struct Look: Sendable {
    let at: Int64
    let use: StoreUse
    let decision: ClosingRule.Decision

    init(_ at: Int64, calls: Int = 1, busy: Bool = false, open: Bool = true, _ decision: ClosingRule.Decision) {
      self.at = at
      use = StoreUse(calls: calls, isBusy: busy, isOpen: open)
      self.decision = decision
    }
  }

  /// Looks with a period of 300, in order.
  static let table: [(String, [Look])] = [
    (
      "after a period without a call",
      [
        Look(0, .lookAgain(at: 300)), Look(60, .lookAgain(at: 300)), Look(299, .lookAgain(at: 300)), Look(300, .close),
      ]
    ),
    (
      "not before a period after the look that found a call",
      [
        Look(0, .lookAgain(at: 300)), Look(290, calls: 2, .lookAgain(at: 590)),
        Look(500, calls: 2, .lookAgain(at: 590)),
        Look(600, calls: 2, .close),
      ]
    ),
    (
      "not while something runs, and a period after it",
      [
        Look(0, .lookAgain(at: 300)), Look(400, busy: true, .lookAgain(at: 700)), Look(700, .close),
      ]
    ),
    (
      "not twice",
      [
        Look(0, .lookAgain(at: 300)), Look(300, .close), Look(400, open: false, .lookAgain(at: 700)),
        Look(900, open: false, .lookAgain(at: 1200)),
      ]
    ),
    (
      "a period after it was opened again",
      [
        Look(0, open: false, .lookAgain(at: 300)), Look(500, open: false, .lookAgain(at: 800)),
        Look(700, calls: 2, .lookAgain(at: 1000)), Look(1000, calls: 2, .close),
      ]
    ),
    (
      "a period after a clock was set back",
      [
        Look(1000, .lookAgain(at: 1300)), Look(10, .lookAgain(at: 310)), Look(310, .close),
      ]
    ),
  ]

  @Test("comes", arguments: table)
  func looks(what: String, looks: [Look]) {
    var rule = ClosingRule(period: 300)
    for look in looks { #expect(rule.look(at: look.at, look.use) == look.decision, "\(what), at \(look.at)") }
  }
}
