// The pieces of JSON going out besides numbers: ids, and texts with what must be escaped.

extension ByteWriter {
  /// The id's 36 characters, without quotes.
  package mutating func append(id: ObjectID) {
    reserve(36)
    var position = count
    @inline(__always) func put(_ byte: UInt8) {
      base.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
      position &+= 1
    }
    @inline(__always) func digits(of word: UInt64, from: Int, to: Int) {
      var shift = 60 &- from &* 4
      for _ in from..<to {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift) & 15)
        put(digit < 10 ? digit &+ 48 : digit &+ 87)
        shift &-= 4
      }
    }
    digits(of: id.high, from: 0, to: 8)
    put(UInt8(ascii: "-"))
    digits(of: id.high, from: 8, to: 12)
    put(UInt8(ascii: "-"))
    digits(of: id.high, from: 12, to: 16)
    put(UInt8(ascii: "-"))
    digits(of: id.low, from: 0, to: 4)
    put(UInt8(ascii: "-"))
    digits(of: id.low, from: 4, to: 16)
    count = position
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
    reserve(bytes.count)
    var start = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position &+= 1
        continue
      }
      append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
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
      position &+= 1
      start = position
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }
}
