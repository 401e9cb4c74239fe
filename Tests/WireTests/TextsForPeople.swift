import Testing
import Wire

@Suite("Texts for people")
struct TextsForPeople {
  @Test(
    "hide nothing",
    arguments: [
      ("a\u{0}b", "U+0000"), ("a\tb", "U+0009"), ("\u{1B}[31m", "U+001B"), ("a\u{7F}", "U+007F"),
      ("\u{9B}1m", "U+009B"),
      ("\u{61C}", "U+061C"), ("a\u{200E}", "U+200E"), ("\u{200F}", "U+200F"), ("\u{2028}", "U+2028"),
      ("\u{202A}", "U+202A"), ("flights\u{202E}gpj", "U+202E"), ("\u{2066}", "U+2066"), ("\u{2069}", "U+2069"),
      ("e\u{301}\u{202E}\u{2066}", "U+202E"),
      ("", nil), ("Flüge", nil), ("רכבת", nil), ("قطار", nil), ("👩‍✈️", nil), ("a\u{A0}b", nil), ("\u{2010}", nil),
      ("a\u{200B}", "U+200B"), ("\u{2065}", "U+2065"),
      ("\u{206A}\u{FEFF}", "U+206A"), ("\u{FEFF}", "U+FEFF"),
    ] as [(String, String?)])
  func hidden(text: String, first: String?) {
    #expect(PrintableText.firstHidden(in: text) == first)
  }

  @Test("count in words", arguments: [(0, "0 cells"), (1, "1 cell"), (2, "2 cells"), (-1, "-1 cells")])
  func counts(number: Int, words: String) {
    #expect(CountText.of(number, "cell") == words)
  }

  @Test("sentences end with one full stop")
  func sentences() {
    for (words, sentence) in [
      ("no route GET /datamodel.json.", "no route GET /datamodel.json."), ("x", "x."), ("x..", "x."), ("x?", "x?"),
    ] {
      #expect(Sentence.ended(words) == sentence)
    }
  }

  @Test("an error says its own sentence, or how it is described")
  func errors() {
    struct Explained: ExplainedError { let sentence = "There is no disk." }
    struct Described: Error, CustomStringConvertible { let description = "no disk" }
    #expect(Sentence.of(Explained()) == "There is no disk.")
    #expect(Sentence.of(Described()) == "no disk")
  }
}
