/// A range of IP addresses, written as `10.0.0.0/8`, `fd00::/8` or one address.
package struct NetworkRange: Sendable, Equatable {
  /// A text that is no range.
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    package let text: String

    package var description: String {
      "“\(CutText.cut(text))” is no address range: write it like 10.0.0.0/8, 192.168.1.7 or fd00::/8"
    }
  }

  private let first: NetworkAddress
  /// Leading bits of 128 that count.
  private let bits: Int

  package init(_ text: String) throws(Malformed) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = NetworkAddress(String(parts[0])) else { throw Malformed(text: text) }
    // An IPv4 literal counts its own 32 bits; `::ffff:10.0.0.0/104` is written in those of IPv6.
    let isShort = address.isV4 && !parts[0].contains(":")
    var bits = 128
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
        let number = Int(parts[1]), number <= (isShort ? 32 : 128)
      else { throw Malformed(text: text) }
      bits = isShort ? number + 96 : number
    }
    self.bits = bits
    self.first = NetworkRange.cut(address, to: bits)
  }

  package func contains(_ address: NetworkAddress) -> Bool { NetworkRange.cut(address, to: bits) == first }

  private static func cut(_ address: NetworkAddress, to bits: Int) -> NetworkAddress {
    NetworkAddress(
      high: address.high & mask(bits), low: address.low & mask(bits - 64))
  }

  /// The first `bits` of 64 set; clamped at both ends.
  private static func mask(_ bits: Int) -> UInt64 {
    if bits <= 0 { return 0 }
    return bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))
  }
}
