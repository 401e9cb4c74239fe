/// Unicode *simple* case folding: what makes two texts the same but for the case of their letters
/// (api.md section 13). Each code point becomes one code point; no language's rules, no normalization.
///
/// ```
/// CaseFolding.folded("Straße ΣΊΣΥΦΟΣ")   // "straße σίσυφοσ"
/// ```
///
/// Every engine and the search index fold with this table, so that they agree. The Unicode version is in
/// `CaseFolding.unicodeVersion`.
package enum CaseFolding {
  package static func folded(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      if isFolded(ascii: bytes) { return nil }
      return String(unsafeUninitializedCapacity: mostBytes(of: bytes.count)) { target in
        fold(bytes, into: UnsafeMutableRawBufferPointer(target))
      }
    } ?? text
  }

  package static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      return isCapital(UInt8(ascii: scalar)) ? Unicode.Scalar(UInt8(ascii: scalar) | 0x20) : scalar
    }
    // The table leads to no surrogate and nothing beyond U+10FFFF: a test visits every scalar.
    return Unicode.Scalar(UInt32(bitPattern: Int32(bitPattern: scalar.value) &+ distance(scalar.value))) ?? scalar
  }

  /// How many bytes the folding of so many may have: U+023A and U+023E grow from two to three.
  package static func mostBytes(of count: Int) -> Int { count + count / 2 }

  /// Whether the bytes are ASCII without capitals, so that folding them changes nothing. False says
  /// nothing.
  package static func isFolded(ascii bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if word & highBits != 0 || capitals(in: word) != 0 { return false }
      offset += 8
    }
    return bytes[offset...].allSatisfy { $0 < 0x80 && !isCapital($0) }
  }

  /// Writes the folding of UTF-8 text and gives its length. Bytes that are no UTF-8 are copied.
  /// - Precondition: `target` has room for `mostBytes(of: source.count)`.
  package static func fold(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
    precondition(target.count >= mostBytes(of: source.count), "the folding may be longer than the text")
    var read = 0
    var written = 0
    while read < source.count {
      if read + 8 <= source.count {
        let word = source.loadUnaligned(fromByteOffset: read, as: UInt64.self)
        if word & highBits == 0 {
          // A capital's 0x80 moves to 0x20, the bit by which small letters differ.
          target.storeBytes(of: word | capitals(in: word) >> 2, toByteOffset: written, as: UInt64.self)
          read += 8
          written += 8
          continue
        }
      }
      let byte = source[read]
      if byte < 0x80 {
        target[written] = isCapital(byte) ? byte | 0x20 : byte
        read += 1
        written += 1
        continue
      }
      guard let (code, length) = scalar(source, at: read) else {
        target[written] = byte
        read += 1
        written += 1
        continue
      }
      let distance = distance(code)
      if distance == 0 {
        for offset in 0..<length { target[written + offset] = source[read + offset] }
        written += length
      } else {
        written += write(UInt32(bitPattern: Int32(bitPattern: code) &+ distance), to: target, at: written)
      }
      read += length
    }
    return written
  }

  // MARK: ASCII, eight bytes at a time.

  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// 0x80 in each byte that is a capital; all bytes must be ASCII.
  private static func capitals(in word: UInt64) -> UInt64 {
    // Adding makes the high bit of what is at least "A", and of what is beyond "Z".
    let atLeastA = word &+ 0x3F3F_3F3F_3F3F_3F3F
    let beyondZ = word &+ 0x2525_2525_2525_2525
    return atLeastA & ~beyondZ & highBits
  }

  private static func isCapital(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }

  // MARK: UTF-8.

  /// The code point of two to four bytes that begins here; nil where none does.
  private static func scalar(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (code: UInt32, length: Int)? {
    let lead = bytes[offset]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, offset + length <= bytes.count else { return nil }
    var code = UInt32(lead) & (0x7F >> UInt32(length))
    for following in 1..<length {
      let byte = bytes[offset + following]
      guard byte & 0xC0 == 0x80 else { return nil }
      code = code << 6 | UInt32(byte & 0x3F)
    }
    // Longer than need be, or beyond the last code point.
    guard code >= (length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80), code <= 0x10FFFF else { return nil }
    return (code, length)
  }

  private static func write(_ code: UInt32, to target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    switch code {
    case 0..<0x80:
      target[offset] = UInt8(code)
      return 1
    case 0x80..<0x800:
      target[offset] = UInt8(0xC0 | code >> 6)
      target[offset + 1] = UInt8(0x80 | code & 0x3F)
      return 2
    case 0x800..<0x10000:
      target[offset] = UInt8(0xE0 | code >> 12)
      target[offset + 1] = UInt8(0x80 | code >> 6 & 0x3F)
      target[offset + 2] = UInt8(0x80 | code & 0x3F)
      return 3
    default:
      target[offset] = UInt8(truncatingIfNeeded: 0xF0 | code >> 18)
      target[offset + 1] = UInt8(0x80 | code >> 12 & 0x3F)
      target[offset + 2] = UInt8(0x80 | code >> 6 & 0x3F)
      target[offset + 3] = UInt8(0x80 | code & 0x3F)
      return 4
    }
  }

  // MARK: The table, as pages of 256 code points; those without capitals share the first.

  private struct Pages {
    var numbers = [UInt8](repeating: 0, count: 0x1100)
    var distances = [Int32](repeating: 0, count: 256)

    init() {
      for run in stride(from: 0, to: CaseFolding.runs.count, by: 4) {
        let row = CaseFolding.runs[run..<run + 4].map { Int($0) }
        for code in stride(from: row[0], through: row[1], by: row[2]) {
          if numbers[code >> 8] == 0 {
            numbers[code >> 8] = UInt8(distances.count >> 8)
            distances.append(contentsOf: repeatElement(0, count: 256))
          }
          distances[Int(numbers[code >> 8]) << 8 | code & 0xFF] = Int32(row[3])
        }
      }
    }
  }

  private static let pages = Pages()

  private static func distance(_ code: UInt32) -> Int32 {
    let page = pages.numbers[Int(code >> 8)]
    return page == 0 ? 0 : pages.distances[Int(page) << 8 | Int(code & 0xFF)]
  }
}
