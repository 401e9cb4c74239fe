import CSodium

/// Base64 (RFC 4648), read strictly: one text for one sequence of bytes.
package enum Base64 {
  /// Section 4, with padding.
  package static func encode(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { encode($0, variant: sodium_base64_VARIANT_ORIGINAL) }
  }

  /// Section 5, for URLs, without padding.
  package static func encodeURL(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { encodeURL($0) } }

  package static func encodeURL(_ bytes: UnsafeRawBufferPointer) -> String {
    encode(bytes, variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
  }

  /// Section 4: padded, without line breaks or anything else between; else nil.
  package static func decode(utf8 bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    decode(bytes, variant: sodium_base64_VARIANT_ORIGINAL)
  }

  package static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(utf8: UnsafeRawBufferPointer($0)) }
  }

  /// Section 5, without padding; else nil.
  package static func decodeURL(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 {
      decode(UnsafeRawBufferPointer($0), variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
    }
  }

  private static func encode(_ bytes: UnsafeRawBufferPointer, variant: Int32) -> String {
    // With room for the zero that libsodium ends it with.
    let room = sodium_base64_encoded_len(bytes.count, variant)
    return String(unsafeUninitializedCapacity: room) { text in
      let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return text.withMemoryRebound(to: CChar.self) { text in
        guard let target = text.baseAddress else { return 0 }
        sodium_bin2base64(target, room, source, bytes.count, variant)
        return room - 1
      }
    }
  }

  private static func decode(_ text: UnsafeRawBufferPointer, variant: Int32) -> [UInt8]? {
    guard let source = text.baseAddress, !text.isEmpty else { return [] }
    // Libsodium 1.0.18 takes a byte beyond ASCII for a digit.
    guard text.allSatisfy({ $0 < 0x80 }) else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + 3)
    var count = 0
    // Without a pointer to say where it stopped, it refuses what is left over.
    let result = sodium_base642bin(
      &bytes, bytes.count, source.assumingMemoryBound(to: CChar.self), text.count, nil, &count, nil, variant)
    guard result == 0 else { return nil }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
