/// Looks at eight bytes at a time: what must be escaped in JSON, and how texts begin.
extension UnsafeRawBufferPointer {
  /// The first eight bytes, the first one lowest, with zeros behind a shorter text.
  @inlinable @inline(__always)
  public var firstWord: UInt64 {
    guard let base = baseAddress else { return 0 }
    if count >= 8 { return UInt64(littleEndian: base.loadUnaligned(as: UInt64.self)) }
    if count >= 4 {
      let low = UInt64(UInt32(littleEndian: base.loadUnaligned(as: UInt32.self)))
      let high = UInt64(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
      // The two overlap where there are fewer than eight bytes, and agree there.
      return low | high << UInt64(truncatingIfNeeded: (count &- 4) &* 8)
    }
    var word: UInt64 = 0
    for offset in 0..<count {
      word |= UInt64(base.load(fromByteOffset: offset, as: UInt8.self)) << UInt64(truncatingIfNeeded: offset &* 8)
    }
    return word
  }

  /// Where the first byte from `start` on stands that JSON escapes: a quote, a backslash, a control character; the
  /// count where there is none.
  @inlinable
  public func firstEscape(from start: Int = 0) -> Int {
    assert(start >= 0 && start <= count, "a scan begins within the bytes")
    guard let base = baseAddress else { return 0 }
    var offset = start
    while offset &+ 8 <= count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      if Self.marksOfEscapes(word) != 0 { break }
      offset &+= 8
    }
    let isInWord = offset &+ 8 <= count
    if !isInWord {
      let rest = UnsafeRawBufferPointer(start: base + offset, count: count &- offset)
      // Zeros behind the end would be escaped; blanks are not.
      let blanks: UInt64 = 0x2020_2020_2020_2020
      let filled = rest.firstWord | (rest.isEmpty ? blanks : blanks << UInt64(truncatingIfNeeded: rest.count &* 8))
      if Self.marksOfEscapes(filled) == 0 { return count }
    }
    while offset < count, !Self.isEscaped(base.load(fromByteOffset: offset, as: UInt8.self)) { offset &+= 1 }
    return offset
  }

  @inlinable @inline(__always)
  public static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Zero where none of the eight bytes must be escaped. Each subtraction sets the high bit of the lowest byte that
  /// is below its bound; borrows can set others only above it.
  @inlinable @inline(__always)
  public static func marksOfEscapes(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let below = (word &- ones &* 0x20) & ~word
    return (below | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & (ones &* 0x80)
  }
}
