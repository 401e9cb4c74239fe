import Testing

@testable import API

@Suite("Names for the keys of an enum")
struct EnumNamesTests {
  @Test(
    "are words that no two keys share",
    arguments: [
      (["on_time", "late"], ["ON_TIME", "LATE"]), (["a", "A", "a"], ["A", "A_2", "A_3"]),
      (["a-b", "a b", "a_b", "a__b"], ["A_B", "A_B_2", "A_B_3", "A_B_4"]), (["a_2", "a", "A"], ["A_2", "A", "A_3"]),
      (["America/New_York"], ["AMERICA_NEW_YORK"]), (["1", "2b", "VALUE_1"], ["VALUE_1", "VALUE_2B", "VALUE_1_2"]),
      (["-", "ü", "航班", ""], ["VALUE_1", "VALUE_2", "VALUE_3", "VALUE_4"]), (["_a_", "-a"], ["A", "A_2"]),
    ])
  func names(words: [String], expected: [String]) { #expect(EnumNames.of(words) == expected) }

  @Test(
    "are given where the keys themselves would not do",
    arguments: [
      (["on_time", "late"], false), (["A1"], false), ([], false), (["a", "A"], true), (["a-b"], true), (["1"], true),
      (["ü"], true),
    ])
  func need(keys: [String], expected: Bool) { #expect((EnumNames.ifNeeded(keys) != nil) == expected) }
}
