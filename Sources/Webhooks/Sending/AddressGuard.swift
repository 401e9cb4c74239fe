import Wire

/// Which addresses a webhook may be sent to (webhooks.md «Delivering»): public ones, and those that the
/// deployment's allow list names. So nobody can make the server knock at doors inside its own network.
package struct AddressGuard: Sendable {
  private let allowed: [NetworkRange]

  package init(allowed: [NetworkRange] = []) { self.allowed = allowed }

  package func permits(_ address: NetworkAddress) -> Bool {
    allowed.contains { $0.contains(address) } || Self.isPublic(address)
  }

  static func isPublic(_ address: NetworkAddress) -> Bool {
    if address.isV4 { return !reservedV4.contains { $0.contains(address) } }
    // Of IPv6 only global unicast is in use, and in it are ranges that lead elsewhere or nowhere.
    return globalUnicast.contains(address) && !reservedV6.contains { $0.contains(address) }
  }

  /// RFC 6890 and its followers.
  private static let reservedV4 = ranges([
    "0.0.0.0/8",  // this network
    "10.0.0.0/8",  // private
    "100.64.0.0/10",  // carriers' own, and metadata of some clouds
    "127.0.0.0/8",  // loopback
    "169.254.0.0/16",  // link-local, and metadata of most clouds
    "172.16.0.0/12",  // private
    "192.0.0.0/24",  // protocol assignments, and metadata of some clouds
    "192.0.2.0/24",  // documentation
    "192.88.99.0/24",  // 6to4 relays
    "192.168.0.0/16",  // private
    "198.18.0.0/15",  // benchmarks
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",  // documentation
    "224.0.0.0/4",  // multicast
    "240.0.0.0/4",  // reserved, and broadcast
  ])

  private static let globalUnicast = ranges(["2000::/3"])[0]

  private static let reservedV6 = ranges([
    "2001::/23",  // protocol assignments, Teredo with an IPv4 address inside
    "2001:db8::/32",  // documentation
    "2002::/16",  // 6to4, with an IPv4 address inside
    "3fff::/20",  // documentation
  ])

  /// Written here and tested, so that none is malformed.
  private static func ranges(_ texts: [String]) -> [NetworkRange] { texts.compactMap { try? NetworkRange($0) } }

  /// As many as are written above.
  static var rangeCounts: (v4: Int, v6: Int) { (reservedV4.count, reservedV6.count) }
}
