/// The id of an object, attachment or session: a UUID of any version, written in lower case
/// (api.md section 4).
///
/// Order is that of the sixteen bytes, which is also the order of the text.
///
/// Public for the reason given at `ByteWriter`.
public struct ObjectID: Hashable, Sendable, Comparable {
  @usableFromInline package let high: UInt64
  @usableFromInline package let low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads exactly `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case; anything else is nil.
  package init?(_ text: String) {
    var text = text
    guard let id = text.withUTF8({ ObjectID(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = id
  }

  /// Reads the same form from bytes.
  package init?(utf8 bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 36 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for position in 0..<36 {
      let byte = bytes[position]
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt64
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte &- UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(byte &- UInt8(ascii: "a") &+ 10)
      default: return nil
      }
      if digits < 16 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
      digits &+= 1
    }
    self.init(high: words.0, low: words.1)
  }

  /// Reads the sixteen bytes that storage keeps, most significant first; nil for another count.
  @inlinable
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16, let base = bytes.baseAddress else { return nil }
    self.init(sixteenAt: base)
  }

  /// Reads the sixteen bytes that storage keeps, which begin here.
  @inlinable @inline(__always)
  public init(sixteenAt base: UnsafeRawPointer) {
    self.init(
      high: UInt64(bigEndian: base.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// The sixteen bytes that storage keeps, most significant first.
  @inlinable
  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    let pair = (high.bigEndian, low.bigEndian)
    return try withUnsafeBytes(of: pair, body)
  }

  /// A random version 4 UUID.
  package static func random<G: RandomNumberGenerator>(using generator: inout G) -> ObjectID {
    let high: UInt64 = generator.next()
    let low: UInt64 = generator.next()
    return ObjectID(
      high: high & 0xffff_ffff_ffff_0fff | 0x4000,
      low: low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
  }

  /// A version 7 UUID (RFC 9562 5.7): the time, then 74 random bits. Ids made one after another lie side by
  /// side in an index, so that many of them are written to few pages; random ones take a page each.
  package static func inOrder<G: RandomNumberGenerator>(
    atMilliseconds milliseconds: Int64, using generator: inout G
  ) -> ObjectID {
    let time = UInt64(clamping: milliseconds)
    let high: UInt64 = generator.next()
    let low: UInt64 = generator.next()
    return ObjectID(
      high: time << 16 | high & 0x0fff | 0x7000,
      low: low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
  }

  private static let lowestText = "00000000-0000-0000-0000-000000000000"
  private static let highestText = "ffffffff-ffff-ffff-ffff-ffffffffffff"

  /// The ids whose 36 characters begin with these; nil where none can.
  package static func range(ofPrefix prefix: String) -> ClosedRange<ObjectID>? {
    let length = prefix.utf8.count
    guard length <= 36, let lowest = ObjectID(prefix + lowestText.dropFirst(length)),
      let highest = ObjectID(prefix + highestText.dropFirst(length))
    else { return nil }
    return lowest...highest
  }

  @inlinable
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension ObjectID: CustomStringConvertible {
  public var description: String {
    var writer = ByteWriter(capacity: 36)
    writer.append(id: self)
    return writer.string
  }
}
