import Testing

@testable import StoragePostgres

@Suite struct DoubtRuleTests {
  @Test func looksGrowRarerUntilTimeIsOver() {
    let sent = ContinuousClock.now
    var rule = DoubtRule(until: sent + .seconds(2))
    var steps: [DoubtRule.Step] = []
    for _ in 0..<7 { steps.append(rule.failed(at: sent + .seconds(1))) }
    #expect(steps == [50, 100, 200, 400, 800, 1000, 1000].map { .again(milliseconds: $0) })
    let last = rule.failed(at: sent + .seconds(2))
    #expect(last == .giveUp)
  }
}
