import Testing

@testable import Storage

@Suite("A writer whose disk took nothing tries again by itself")
struct ProbingRuleTests {
  struct Look: Sendable {
    let milliseconds: Int
    var isNeeded = true
    let step: ProbingRule.Step
  }

  /// Looks in order, at milliseconds since the first.
  static let table: [(String, [Look])] = [
    ("never while the disk takes everything", [Look(milliseconds: 0, isNeeded: false, step: .none)]),
    (
      "after a pause, not before, and again after another",
      [
        Look(milliseconds: 0, step: .later(milliseconds: 2001)),
        Look(milliseconds: 1500, step: .later(milliseconds: 501)),
        Look(milliseconds: 2000, step: .probe), Look(milliseconds: 2000, step: .later(milliseconds: 2001)),
        Look(milliseconds: 9000, step: .probe),
      ]
    ),
    (
      "after a whole pause where it took something meanwhile",
      [
        Look(milliseconds: 0, step: .later(milliseconds: 2001)), Look(milliseconds: 1900, isNeeded: false, step: .none),
        Look(milliseconds: 2100, step: .later(milliseconds: 2001)), Look(milliseconds: 4100, step: .probe),
      ]
    ),
  ]

  @Test("as the table says", arguments: table)
  func steps(what: String, looks: [Look]) {
    var rule = ProbingRule()
    let start = ContinuousClock.now
    for look in looks {
      let step = rule.step(isNeeded: look.isNeeded, at: start + .milliseconds(look.milliseconds))
      #expect(step == look.step, "\(what), at \(look.milliseconds)")
    }
  }
}
