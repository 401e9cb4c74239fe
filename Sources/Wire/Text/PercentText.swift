/// Percent-encoding (RFC 3986 section 2.1), read strictly: what is wrong is an error, never kept as it
/// is, and what comes out is valid UTF-8 (api.md section 2).
package enum PercentText {
  /// Why a text is not well-encoded, and the byte of the text at which that shows.
  package struct Fault: Error, Equatable, Sendable {
    package var offset: Int
    package var reason: Reason

    package enum Reason: Equatable, Sendable {
      /// A `%` without two hex digits behind it; with what stands there instead.
      case badEscape(String)
      case invalidUTF8
    }

    package init(offset: Int, reason: Reason) {
      self.offset = offset
      self.reason = reason
    }
  }

  /// Decodes one part of a path: `+` is itself.
  package static func decode(_ text: some StringProtocol) throws(Fault) -> String {
    try decode(Array(text.utf8), plusIsSpace: false)
  }

  /// The same of bytes. Offsets in errors are the slice's own indices.
  package static func decode(_ part: ArraySlice<UInt8>) throws(Fault) -> String {
    try decode(part, plusIsSpace: false)
  }

  /// Decodes bytes. Offsets in errors are the bytes' own indices.
  static func decode<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, plusIsSpace: Bool
  ) throws(Fault) -> String where Bytes.Index == Int {
    if !bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 >= 0x80 }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let byte = bytes[position]
      if byte == UInt8(ascii: "%") {
        guard let value = escape(at: position, in: bytes) else {
          let text = bytes[position..<min(position + 3, bytes.endIndex)]
          throw Fault(offset: position, reason: .badEscape(String(decoding: text, as: UTF8.self)))
        }
        decoded.append(value)
        position += 3
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        position += 1
      }
    }
    if let text = String(validating: decoded, as: UTF8.self) { return text }
    throw Fault(offset: offset(of: invalidByte(in: decoded), in: bytes), reason: .invalidUTF8)
  }

  private static func escape<Bytes: RandomAccessCollection<UInt8>>(
    at position: Int, in bytes: Bytes
  ) -> UInt8? where Bytes.Index == Int {
    guard bytes.endIndex - position >= 3, let high = hexDigit(bytes[position + 1]),
      let low = hexDigit(bytes[position + 2])
    else { return nil }
    return high << 4 | low
  }

  private static func invalidByte(in bytes: [UInt8]) -> Int {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return 0
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  /// Where the decoded byte of this index stands in the encoded text.
  private static func offset<Bytes: RandomAccessCollection<UInt8>>(
    of index: Int, in bytes: Bytes
  ) -> Int where Bytes.Index == Int {
    var position = bytes.startIndex
    for _ in 0..<index { position += bytes[position] == UInt8(ascii: "%") ? 3 : 1 }
    return position
  }
}

extension PercentText {
  /// The text with all but RFC 3986's unreserved characters encoded: fit for a part of a path, and for
  /// a key or value of a query.
  package static func encode(_ text: String) -> String {
    var writer = ByteWriter(capacity: text.utf8.count + 16)
    append(encoded: text, to: &writer)
    return writer.string
  }

  /// Appends what `encode` returns.
  package static func append(encoded text: String, to writer: inout ByteWriter) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        writer.append(byte)
      default: append(escaped: byte, to: &writer)
      }
    }
  }

  /// Appends `%` and two digits.
  package static func append(escaped byte: UInt8, to writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "%"))
    writer.append(upperHexDigits[Int(byte >> 4)])
    writer.append(upperHexDigits[Int(byte & 15)])
  }

  private static let upperHexDigits = Array("0123456789ABCDEF".utf8)
}

extension PercentText.Fault: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .badEscape(let text): "bad percent-encoding \"\(text)\" at byte \(offset)"
    case .invalidUTF8: "percent-encoding that gives no valid UTF-8 at byte \(offset)"
    }
  }
}

/// The value of a hex digit in either case.
@inline(__always)
package func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- 48
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- 87
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- 55
  default: nil
  }
}
