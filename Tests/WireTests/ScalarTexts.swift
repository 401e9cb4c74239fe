import Testing
import Wire

@Suite("Texts by their scalars")
struct ScalarTexts {
  @Test(
    "are replaced whatever combines with them",
    arguments: [
      ("a'b''c", "'", "''", "a''b''''c"), ("'\u{301}", "'", "\\'", "\\'\u{301}"),
      ("\"\"\u{301}", "\"\"", "\"", "\"\u{301}"),
      ("e\u{301}\u{e9}", "\u{e9}", "x", "e\u{301}x"), ("aaa", "aa", "b", "ba"), ("a", "", "b", "a"), ("", "a", "b", ""),
      ("\r\n", "\n", "n", "\rn"),
    ])
  func replaced(text: String, part: String, other: String, expected: String) {
    #expect(text.replacing(scalars: part, with: other).utf8.elementsEqual(expected.utf8))
  }

  @Test(
    "stand behind a sign whatever combines with it",
    arguments: [("=a", "a"), ("=\u{301}a", "\u{301}a"), ("=", ""), ("a=", nil), ("", nil)] as [(String, String?)])
  func behind(text: String, rest: String?) { #expect(text.behind("=") == rest) }
}
