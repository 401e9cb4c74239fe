/// Booleans as texts: `true` and `false` in any letter case, and where the text comes from a form, a query
/// string or a CSV file also `1` and `0` (api.md section 9).
package enum TruthText {
  /// `true` or `false`; nil for other texts.
  package static func word(utf8 bytes: UnsafeRawBufferPointer) -> Bool? {
    if isWord("true", bytes) { return true }
    return isWord("false", bytes) ? false : nil
  }

  /// Also `1` and `0`.
  package static func read(utf8 bytes: UnsafeRawBufferPointer) -> Bool? {
    guard bytes.count == 1 else { return word(utf8: bytes) }
    switch bytes[0] {
    case UInt8(ascii: "1"): return true
    case UInt8(ascii: "0"): return false
    default: return nil
    }
  }

  package static func read(_ text: String) -> Bool? {
    var text = text
    return text.withUTF8 { read(utf8: UnsafeRawBufferPointer($0)) }
  }

  private static func isWord(_ word: StaticString, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    // The bit that tells upper from lower case; no other byte becomes a letter by it.
    return bytes.count == letters.count && zip(bytes, letters).allSatisfy { $0 | 0x20 == $1 }
  }
}
