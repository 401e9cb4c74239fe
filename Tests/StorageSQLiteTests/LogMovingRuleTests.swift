import Testing

@testable import StorageSQLite

@Suite("How much log is moved at once")
struct LogMovingRuleTests {
  @Test("follows the time that the last time took, within bounds")
  func rule() {
    var rule = LogMovingRule()
    #expect(rule.pages == 1000)
    rule.note(microseconds: 2500)
    #expect(rule.pages == 1250)
    rule.note(microseconds: 9000)
    #expect(rule.pages == 1250)
    rule.note(microseconds: 20_000)
    #expect(rule.pages == 625)
    for _ in 0..<20 { rule.note(microseconds: 50_000) }
    #expect(rule.pages == LogMovingRule.least)
    for _ in 0..<40 { rule.note(microseconds: 1) }
    #expect(rule.pages == LogMovingRule.most)
  }

  @Test("is left to a mover where several write at a time, and not where one writes alone")
  func beside() {
    var rule = LogMovingRule()
    for _ in 0..<100 { rule.note(plans: 1) }
    #expect(!rule.isBeside)
    for _ in 0..<10 { rule.note(plans: 4) }
    #expect(rule.isBeside)
    for _ in 0..<30 { rule.note(plans: 1) }
    #expect(!rule.isBeside)
    rule.note(plans: .max)
    for _ in 0..<100 { rule.note(plans: 1) }
    #expect(!rule.isBeside)
  }
}
