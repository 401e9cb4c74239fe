/// Cuts an expression into tokens.
///
/// All that is legal is ASCII, so that the byte at which something first goes wrong is also its
/// character.
struct ExpressionScanner {
  enum Token: Equatable {
    /// A field or a keyword: which one, only what stands around it tells.
    case name(String)
    case symbol(FilterOperator)
    case mark
    case open
    case close
    case end
    /// Something that no expression holds.
    case other(String)
  }

  private let bytes: [UInt8]
  /// The present token and where it lies.
  private(set) var token = Token.end
  private(set) var range = 0..<0

  init(_ text: String) {
    bytes = Array(text.utf8)
    advance()
  }

  /// Moves on to the next token.
  mutating func advance() {
    var offset = range.upperBound
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    let start = offset
    token = scan(&offset)
    range = start..<offset
  }

  private func scan(_ offset: inout Int) -> Token {
    guard offset < bytes.count else { return .end }
    let start = offset
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "?"): return .mark
    case UInt8(ascii: "("): return .open
    case UInt8(ascii: ")"): return .close
    case UInt8(ascii: "="): return .symbol(.equal)
    case UInt8(ascii: "<"): return follows("=", &offset) ? .symbol(.lessOrEqual) : .symbol(.less)
    case UInt8(ascii: ">"): return follows("=", &offset) ? .symbol(.greaterOrEqual) : .symbol(.greater)
    case UInt8(ascii: "!") where follows("=", &offset): return .symbol(.notEqual)
    case _ where Self.isLetter(byte):
      while offset < bytes.count, Self.isLetter(bytes[offset]) || Self.isDigit(bytes[offset]) { offset += 1 }
      return .name(String(decoding: bytes[start..<offset], as: UTF8.self))
    default:
      // The whole character, for the error that shows it; enough bytes for any that people know.
      let rest = String(decoding: bytes[start..<min(start + 64, bytes.count)], as: UTF8.self)
      return .other(rest.first.map(String.init) ?? "")
    }
  }

  private func follows(_ character: Unicode.Scalar, _ offset: inout Int) -> Bool {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// Whether the second word stands behind the present one, one blank between them; then it belongs to
  /// the present token.
  mutating func joins(_ word: String) -> Bool {
    let end = range.upperBound + 1 + word.utf8.count
    guard end <= bytes.count, bytes[range.upperBound] == UInt8(ascii: " "),
      bytes[(range.upperBound + 1)..<end].elementsEqual(word.utf8),
      end == bytes.count || !(Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]))
    else { return false }
    range = range.lowerBound..<end
    return true
  }

  /// Whether a blank, a parenthesis or the text's edge stands before the present token, and behind it.
  var hasRoom: (before: Bool, behind: Bool) {
    (
      range.lowerBound == 0 || Self.separates(bytes[range.lowerBound - 1]),
      range.upperBound == bytes.count || Self.separates(bytes[range.upperBound])
    )
  }

  private static func separates(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80 || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension ExpressionScanner.Token {
  /// As an error shows it.
  func shown(cut: (String) -> String) -> String {
    switch self {
    case .name(let name): "\"\(cut(name))\""
    case .symbol(let symbol): "\"\(symbol.word ?? "")\""
    case .mark: "\"?\""
    case .open: "\"(\""
    case .close: "\")\""
    case .end: "the end"
    case .other(let text): "\"\(cut(text))\""
    }
  }
}
