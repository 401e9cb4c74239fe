import Testing

@testable import sojourn

@Suite("A server that rests")
struct RestRuleTests {
  @Test(
    "lets go once, at the first look without a call since the one before",
    arguments: [
      // calls at each look, and whether it lets go there
      ([0, 0, 0], [false, true, false]),
      ([0, 5, 9], [false, false, false]),
      ([3, 3, 3, 4, 4, 4], [false, true, false, false, true, false]),
      // A count that wrapped is another one too.
      ([.max, .min, .min], [false, false, true]),
    ])
  func lettingGo(calls: [Int], expected: [Bool]) {
    var rule = RestRule()
    #expect(calls.map { rule.look(calls: $0) } == expected)
  }
}
