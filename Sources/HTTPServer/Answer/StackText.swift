/// A short text written from its end, as digits come, on the stack: what every answer carries in its head must not cost
/// an allocation each.
struct StackText {
  private let buffer: UnsafeMutableBufferPointer<CChar>
  private var start: Int

  /// Bytes that fit: 20 digits are the most that 64 bits have.
  static let limit = 31

  /// Gives `body` what `write` has written, ended by a zero. The text is gone afterwards.
  static func with<Result>(
    _ write: (inout StackText) -> Void, in body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: limit + 1) { buffer in
      var text = StackText(buffer: buffer, start: limit)
      buffer[limit] = 0
      write(&text)
      return body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped + text.start))
    }
  }

  mutating func prepend(_ byte: UInt8) {
    assert(start > 0, "more than \(Self.limit) bytes")
    start -= 1
    buffer[start] = CChar(bitPattern: byte)
  }

  mutating func prepend(_ number: Int64) {
    var rest = number.magnitude
    repeat {
      prepend(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    if number < 0 { prepend(UInt8(ascii: "-")) }
  }
}
