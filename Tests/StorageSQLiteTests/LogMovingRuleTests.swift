import Testing

@testable import StorageSQLite

@Suite("When the log is moved, and by whom")
struct LogMovingRuleTests {
  /// What the rule says of a log that grew by `grown` pages since the step before.
  private func step(
    pages: Int32, waiting: Int32, isPassing: Bool = false, grown: Int32 = 40
  ) -> LogMovingRule.Step {
    var rule = LogMovingRule()
    _ = rule.step(pages: pages - grown, waiting: 0, isPassing: true)
    return rule.step(pages: pages, waiting: waiting, isPassing: isPassing)
  }

  @Test(
    "by a mover when many pages wait, and at the log's end what little is left by the writer",
    arguments: [
      // pages, waiting, isPassing, step
      (3999, 3999, false, .gather),
      (4000, 4000, false, .pass),
      (4040, 4040, true, .gather),
      (9999, 9999, true, .gather),
      (10_000, 10_000, true, .wait),
      (11_999, 399, false, .gather),
      (12_000, 399, false, .end),
      (12_000, 400, false, .pass),
      (12_040, 399, true, .gather),
      (17_999, 9000, false, .pass),
      (18_000, 9000, false, .end),
      (18_000, 9000, true, .wait),
      (18_000, 399, true, .end),
    ] as [(Int32, Int32, Bool, LogMovingRule.Step)])
  func steps(pages: Int32, waiting: Int32, isPassing: Bool, expected: LogMovingRule.Step) {
    #expect(step(pages: pages, waiting: waiting, isPassing: isPassing) == expected)
  }

  @Test("by the writer after a large group, unless a mover is at work or too much waits")
  func largeGroups() {
    #expect(step(pages: 2000, waiting: 1000, grown: 599) == .gather)
    #expect(step(pages: 2000, waiting: 1000, grown: 600) == .end)
    #expect(step(pages: 2000, waiting: 1000, isPassing: true, grown: 600) == .gather)
    #expect(step(pages: 5000, waiting: 4000, grown: 600) == .pass)
    // The log began again with it.
    var rule = LogMovingRule()
    _ = rule.step(pages: 12_000, waiting: 12_000, isPassing: true)
    #expect(rule.step(pages: 700, waiting: 700, isPassing: false) == .end)
    #expect(rule.step(pages: 100, waiting: 100, isPassing: false) == .gather)
  }

  @Test("and not at every group while a reader keeps the log from beginning again")
  func stuckReader() {
    var rule = LogMovingRule()
    _ = rule.step(pages: 11_960, waiting: 300, isPassing: false)
    var ends = 0
    for pages in stride(from: Int32(12_000), to: 20_000, by: 40) {
      if rule.step(pages: pages, waiting: 300, isPassing: false) == .end { ends += 1 }
    }
    #expect(ends == 20)
    // It has begun again, and becomes long again.
    #expect(rule.step(pages: 40, waiting: 40, isPassing: false) == .gather)
    #expect(rule.step(pages: 12_000, waiting: 300, isPassing: true) == .gather)
    #expect(rule.step(pages: 12_040, waiting: 300, isPassing: false) == .end)
  }
}
