/// Base32 (RFC 4648, section 6) without padding: what people can read out and type.
package enum Base32 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var (held, count) = (UInt16(0), 0)
    for byte in bytes {
      held = held << 8 | UInt16(byte)
      count += 8
      while count >= 5 {
        count -= 5
        text.append(digits[Int(held >> UInt16(count)) & 31])
      }
      held &= (1 << UInt16(count)) - 1
    }
    if count > 0 { text.append(digits[Int(held << UInt16(5 - count)) & 31]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads digits of either case; blanks and dashes between them do not count. Nil for anything else.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (held, count) = (UInt16(0), 0)
    for character in text.utf8 where character != UInt8(ascii: " ") && character != UInt8(ascii: "-") {
      let value: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a")
      case UInt8(ascii: "2")...UInt8(ascii: "7"): value = character - UInt8(ascii: "2") + 26
      default: return nil
      }
      held = held << 5 | UInt16(value)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> UInt16(count)))
        held &= (1 << UInt16(count)) - 1
      }
    }
    // A digit too many, or bits that no byte has: there is one text for one sequence of bytes.
    return count < 5 && held == 0 ? bytes : nil
  }
}
