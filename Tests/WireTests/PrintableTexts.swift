import Testing
import Wire

@Suite("Text that is shown")
struct PrintableTexts {
  @Test(
    "has nothing in it that does something to a terminal or to the reader",
    arguments: [
      ("flights", "flights"), ("größe 東京 👩‍👩‍👧", "größe 東京 👩‍👩‍👧"), ("a\u{1b}[31m\u{8}\u{7f}", "a\\x1b[31m\\x08\\x7f"),
      ("a\u{9b}b\u{202e}c\u{2066}", "a\\x9bb\\u{202e}c\\u{2066}"),
      ("\u{feff}\u{200b}\u{2028}", "\\u{feff}\\u{200b}\\u{2028}"),
      ("l\r\nm\t", "l\\x0d\\x0am\\x09"), ("\\x1b", "\\x1b"), ("", ""),
    ])
  func escaped(text: String, shown: String) {
    #expect(PrintableText.escaped(text) == shown)
    #expect(PrintableText.hasHidden(text) == (text != shown))
  }

  @Test("may keep its lines")
  func lines() { #expect(PrintableText.escaped("a\tb\nc\u{1b}", keepingLines: true) == "a\tb\nc\\x1b") }

  @Test("is JSON of the same meaning where it is JSON")
  func json() {
    var writer = ByteWriter()
    writer.append(quotedPrintable: "a\"\u{1b}\u{7f}\u{202e}\n")
    #expect(writer.string == #""a\"\u001b\u007f\u202e\n""#)
    #expect(PrintableText.escapedJSON("{\n\"a\": \"\u{85}\"}") == "{\n\"a\": \"\\u0085\"}")
  }
}
