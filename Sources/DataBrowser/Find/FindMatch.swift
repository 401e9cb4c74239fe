import Wire

/// How an object fits what was looked for, the best first: what it is called counts more than what else it holds.
package enum FindMatch: Sendable, Equatable {
  /// The display is the text.
  case equal
  /// The display begins with the text, whose last word ends there.
  case beginning
  /// The display has all words as words of its own.
  case words
  /// The display begins with the text, in the middle of a word.
  case start
  /// The display has all words somewhere in it.
  case parts
  /// A field that the display does not show, by its label, with its value where that is short.
  case field(String, String?)
  /// Not known: the display is longer than what is looked at.
  case other

  var rank: Int {
    switch self {
    case .equal: 0
    case .beginning: 1
    case .words: 2
    case .start: 3
    case .parts: 4
    case .field: 5
    case .other: 6
    }
  }

  /// As it stands beside the object.
  package func text(of query: FindText) -> String? {
    let words = query.words.count > 1 ? "all words" : "the word"
    return switch self {
    case .equal: "is called so"
    case .beginning, .start: "begins with it"
    case .words: "has \(words)"
    case .parts: query.words.count > 1 ? "has parts of words" : "has a part of a word"
    case .field(let label, let value): value.map { "\(label): \($0)" } ?? label
    case .other: nil
    }
  }
}

/// What was looked for, with its words, folded.
package struct FindText: Sendable {
  /// Without blanks around it.
  package let text: String
  let folded: String
  /// Each without the signs around it.
  let words: [String]

  package init(_ text: String) {
    self.text = text.trimmed
    folded = CaseFolding.folded(self.text)
    words = folded.split(whereSeparator: \.isWhitespace).map(Self.core).filter { !$0.isEmpty }
  }

  /// Displays have signs between fields.
  private static func core(_ word: Substring) -> String {
    let isSign = { (character: Character) in character.isPunctuation || character.isSymbol }
    return String(word.drop(while: isSign).reversed().drop(while: isSign).reversed())
  }

  /// Whether a value holds the text, byte by byte as a search finds it: a mark that combines with the letter before it
  /// hides nothing.
  package func isIn(_ value: String) -> Bool { CaseFolding.folded(value).utf8.firstRange(of: folded.utf8) != nil }

  /// How a display fits; nil where it has not all words.
  package func match(display: String) -> FindMatch? {
    let display = Array(CaseFolding.folded(display.trimmed).utf8)
    let whole = Array(folded.utf8)
    if display == whole { return .equal }
    let begins = !whole.isEmpty && display.starts(with: whole)
    if begins, !Self.isInWord(display[whole.count]) || !Self.isInWord(whole[whole.count - 1]) { return .beginning }
    var areWhole = !words.isEmpty
    for word in words {
      let found = Self.find(Array(word.utf8), in: display)
      guard found.isThere else { return begins ? .start : nil }
      areWhole = areWhole && found.isWhole
    }
    if areWhole { return .words }
    return begins ? .start : words.isEmpty ? nil : .parts
  }

  /// Whether a text stands among these bytes, and whether it does as a word of its own.
  private static func find(_ word: [UInt8], in text: [UInt8]) -> (isThere: Bool, isWhole: Bool) {
    guard !word.isEmpty, word.count <= text.count else { return (false, false) }
    var isThere = false
    for start in 0...(text.count - word.count) where text[start..<start + word.count].elementsEqual(word) {
      isThere = true
      let end = start + word.count
      let isWhole = (start == 0 || !isInWord(text[start - 1])) && (end == text.count || !isInWord(text[end]))
      if isWhole { return (true, true) }
    }
    return (isThere, false)
  }

  /// Letters and digits; what is no ASCII counts as a letter.
  private static func isInWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), 128...:
      true
    default: false
    }
  }
}
