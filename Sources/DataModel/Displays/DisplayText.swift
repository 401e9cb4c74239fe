/// A display as it is written, taken apart into text and `{…}`.
///
/// `{{` and `}}` are `{` and `}`. A brace that is never closed is text, and so is one that another
/// follows before its end; a lone `}` is text.
enum DisplayText {
  enum Part: Equatable {
    case literal(String)
    /// What stands between the braces.
    case placeholder(String)
  }

  static func parts(of text: String) -> [Part] {
    let bytes = Array(text.utf8)
    var parts: [Part] = []
    var literal: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      let isDoubled = position + 1 < bytes.count && bytes[position + 1] == byte
      if byte == close || (byte == open && isDoubled) {
        literal.append(byte)
        position += isDoubled ? 2 : 1
      } else if byte == open, let end = end(of: position, in: bytes) {
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        literal.removeAll()
        parts.append(.placeholder(String(decoding: bytes[(position + 1)..<end], as: UTF8.self)))
        position = end + 1
      } else {
        literal.append(byte)
        position += 1
      }
    }
    if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
    return parts
  }

  private static let open = UInt8(ascii: "{")
  private static let close = UInt8(ascii: "}")

  /// Where the brace opened at `start` closes. That of a function `{$:…}` may hold pairs of braces.
  private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
    let isFunction = bytes[start...].starts(with: "{$:".utf8)
    var depth = 0
    for position in (start + 1)..<bytes.count {
      switch bytes[position] {
      case open where isFunction: depth += 1
      case open: return nil
      case close where depth == 0: return position
      case close: depth -= 1
      default: break
      }
    }
    return nil
  }
}
