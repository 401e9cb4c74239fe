import Testing
import Wire

@Suite("Texts that errors repeat")
struct CutTexts {
  @Test(
    "are cut at the limit of characters",
    arguments: [
      ("", ""), ("abc", "abc"), ("abcde", "abcde"), ("abcdef", "abcde…"), ("éééééé", "ééééé…"),
      ("😀😀😀😀😀", "😀😀😀😀😀"),
      ("😀😀😀😀😀a", "😀😀😀😀😀…"), ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}…"),
    ])
  func cut(text: String, expected: String) {
    #expect(CutText.cut(text, to: 5) == expected)
  }

  @Test("are cut at 100 where nothing else is asked")
  func limit() {
    #expect(CutText.cut(String(repeating: "a", count: 100)).count == 100)
    #expect(CutText.cut(String(repeating: "a", count: 101)) == String(repeating: "a", count: 100) + "…")
  }
}
