/// The case of the letters that cases use, by hand from Unicode's CaseFolding.txt (statuses C and S): the
/// engines fold with a table of their own.
enum LetterCase {
  private static let foldings: [Unicode.Scalar: Unicode.Scalar] = [
    "A": "a", "B": "b", "C": "c", "D": "d", "E": "e", "F": "f", "I": "i", "K": "k", "L": "l", "S": "s", "T": "t",
    "\u{C9}": "\u{E9}", "\u{C5}": "\u{E5}", "\u{212B}": "\u{E5}",
    "\u{212A}": "k", "\u{17F}": "s", "\u{1E9E}": "\u{DF}", "\u{3A3}": "\u{3C3}", "\u{3C2}": "\u{3C3}",
    "\u{23A}": "\u{2C65}", "\u{10400}": "\u{10428}", "\u{13F8}": "\u{13F0}", "\u{AB70}": "\u{13A0}",
    "\u{1C4}": "\u{1C6}", "\u{1C5}": "\u{1C6}",
  ]

  /// Words that are the same, nearly the same, or not the same but for their case.
  static let words = [
    "a", "A", "ab", "AB", "aB", "b", "k", "K", "\u{212A}", "s", "S", "\u{17F}", "\u{DF}", "\u{1E9E}", "ss",
    "\u{E9}", "\u{C9}", "E\u{301}", "e\u{301}", "\u{E5}", "\u{C5}", "\u{212B}", "\u{3C3}\u{3C2}", "\u{3A3}\u{3A3}",
    "\u{23A}b", "\u{2C65}B", "\u{10400}", "\u{10428}", "\u{13F8}", "\u{13F0}", "\u{AB70}", "\u{13A0}", "\u{130}",
    "\u{131}", "i\u{307}", "\u{1C4}", "\u{1C5}", "\u{1C6}",
  ]

  static func folded(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.map { foldings[$0] ?? $0 } }
}
