import Wire

/// Whether a text may stand where a URL has its host: a name, an IPv4 address or an IPv6 address in brackets,
/// with a port or without. What clients and proxies send is printed in answers, so nothing else gets there.
package enum HostField {
  package static func isHost(_ text: some StringProtocol) -> Bool {
    let text = Substring(text)
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 255 else { return false }
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let address = String(text[text.index(after: text.startIndex)..<end])
      return address.contains(":") && NetworkAddress(address) != nil && isPort(bytes[bytes.index(after: end)...])
    }
    let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
    let name = bytes[..<colon]
    return !name.isEmpty && name.allSatisfy(isNameByte) && isPort(bytes[colon...])
  }

  private static func isPort(_ rest: some Collection<UInt8>) -> Bool {
    guard let first = rest.first else { return true }
    let digits = rest.dropFirst()
    guard first == UInt8(ascii: ":"), (1...5).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return false }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= Int(UInt16.max)
  }

  /// The underscore stands in names that containers give one another.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
