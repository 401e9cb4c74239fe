// The pieces of JSON going out besides numbers: ids, and texts with what must be escaped.

extension ByteWriter {
  /// The id's 36 characters, without quotes.
  package mutating func append(id: ObjectID) {
    reserve(36)
    let groups = (
      Self.digits(ofHalf: id.high >> 32), Self.digits(ofHalf: id.high), Self.digits(ofHalf: id.low >> 32),
      Self.digits(ofHalf: id.low)
    )
    let start = count
    store(groups.0, at: start)
    store(half: UInt32(truncatingIfNeeded: groups.1), at: start &+ 9)
    store(half: UInt32(truncatingIfNeeded: groups.1 >> 32), at: start &+ 14)
    store(half: UInt32(truncatingIfNeeded: groups.2), at: start &+ 19)
    store(half: UInt32(truncatingIfNeeded: groups.2 >> 32), at: start &+ 24)
    store(groups.3, at: start &+ 28)
    store(byte: UInt8(ascii: "-"), at: start &+ 8)
    store(byte: UInt8(ascii: "-"), at: start &+ 13)
    store(byte: UInt8(ascii: "-"), at: start &+ 18)
    store(byte: UInt8(ascii: "-"), at: start &+ 23)
    count = start &+ 36
  }

  /// The eight hexadecimal digits of the lower half, the first one lowest.
  @inline(__always)
  private static func digits(ofHalf half: UInt64) -> UInt64 {
    var spread = UInt64(UInt32(truncatingIfNeeded: half).byteSwapped)
    spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
    let nibbles = (spread >> 4 & 0x000F_000F_000F_000F) | (spread & 0x000F_000F_000F_000F) << 8
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    // From "9" to "a" are 39 more.
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
  }

  /// A JSON text: quotes around it, and quotes, backslashes and control characters escaped.
  package mutating func append(quoted text: String) {
    var text = text
    text.withUTF8 { append(quotedUTF8: UnsafeRawBufferPointer($0)) }
  }

  /// The same from bytes that are valid UTF-8. Runs that need no escape are copied whole.
  package mutating func append(quotedUTF8 bytes: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    append(escapedUTF8: bytes)
    append(UInt8(ascii: "\""))
  }

  /// The inside of a JSON text, without the quotes.
  package mutating func append(escapedUTF8 bytes: UnsafeRawBufferPointer) {
    var start = 0
    while true {
      let end = bytes.firstEscape(from: start)
      append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      if end == bytes.count { return }
      append(escape: bytes[end])
      start = end &+ 1
    }
  }

  /// Escapes what was appended since `start`, which is the inside of a JSON text.
  package mutating func escape(from start: Int) {
    assert(start >= 0 && start <= count, "only what was written can be escaped")
    let text = UnsafeRawBufferPointer(start: base + start, count: count &- start)
    let first = text.firstEscape()
    if first == text.count { return }
    var rest = ByteWriter(capacity: text.count)
    rest.append(UnsafeRawBufferPointer(rebasing: text[first...]))
    count = start &+ first
    rest.withBytes { append(escapedUTF8: $0) }
  }

  private mutating func append(escape byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0D: append(UInt8(ascii: "r"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x08: append(UInt8(ascii: "b"))
    case 0x0C: append(UInt8(ascii: "f"))
    default:
      append("u00")
      append(byte >> 4 &+ 48)
      let digit = byte & 15
      append(digit < 10 ? digit &+ 48 : digit &+ 87)
    }
  }
}
