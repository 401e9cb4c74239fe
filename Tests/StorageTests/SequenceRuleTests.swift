import Testing

@testable import Storage

@Suite("The time of a write")
struct SequenceRuleTests {
  @Test(
    "is the clock's, and never before that of the last write",
    arguments: [
      // last sequence, clock, time
      (0, 5, 5), (0, -5, 0), (5 << 10, 4, 5), (5 << 10, 6, 6), (5 << 10 | 1023, 5, 5), (6 << 10, 5, 6),
      (.max, 5, .max >> 10),
    ] as [(Int64, Int64, Int64)])
  func time(last: Int64, clock: Int64, expected: Int64) {
    #expect(SequenceRule.time(after: last, clock: clock) == expected)
  }
}
