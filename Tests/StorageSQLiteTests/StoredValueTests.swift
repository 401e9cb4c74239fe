import Storage
import Testing
import Wire

@Suite("Stored values")
struct StoredValueTests {
  @Test(
    "are equal when they are the same to the byte",
    arguments: [
      (.null, .null, true), (.null, .text(""), false), (.integer(1), .integer(1), true),
      (.integer(1), .real(1), false), (.integer(0), .null, false), (.real(0.5), .real(0.5), true),
      (.text("café"), .text("café"), true), (.text("caf\u{E9}"), .text("cafe\u{301}"), false),
      (.text("\u{212A}"), .text("K"), false), (.text("a"), .text("a\u{301}"), false),
      (.id(ObjectID(high: 1, low: 2)), .id(ObjectID(high: 1, low: 2)), true),
      (.id(ObjectID(high: 1, low: 2)), .id(ObjectID(high: 2, low: 1)), false),
    ] as [(StoredValue, StoredValue, Bool)])
  func equality(left: StoredValue, right: StoredValue, areEqual: Bool) {
    #expect((left == right) == areEqual)
    #expect((right == left) == areEqual)
    #expect(Set([left, right]).count == (areEqual ? 1 : 2))
  }
}
