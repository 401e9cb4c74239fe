/// The port in an address, as people write it.
package enum PortText {
  /// A port from 0 to 65535: one to five digits and nothing else, where Swift's own reading also takes a sign.
  package static func read(_ text: some StringProtocol) -> UInt16? { read(utf8: text.utf8) }

  package static func read(utf8 bytes: some Collection<UInt8>) -> UInt16? {
    guard (1...5).contains(bytes.count), bytes.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    return UInt16(exactly: bytes.reduce(0) { $0 * 10 + Int($1 &- 48) })
  }
}
