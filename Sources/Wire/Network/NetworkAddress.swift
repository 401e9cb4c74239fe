import Glibc

/// An IP address. IPv4 lies in `::ffff:0:0/96`, so that both families compare as one.
package struct NetworkAddress: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  private static let mapped: UInt64 = 0x0000_ffff_0000_0000

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package init(v4: UInt32) { self.init(high: 0, low: NetworkAddress.mapped | UInt64(v4)) }

  /// Reads a literal of either family.
  package init?(_ text: String) {
    // The system's reading would end at a zero byte.
    guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(v4: UInt32(bigEndian: four.s_addr))
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self.init(six)
  }

  package init(_ six: in6_addr) {
    let words = withUnsafeBytes(of: six) { bytes in
      (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    self.init(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
  }

  /// The address of a peer; nil for other families.
  package init?(_ peer: UnsafePointer<sockaddr>) {
    switch Int32(peer.pointee.sa_family) {
    case AF_INET:
      let address = UnsafeRawPointer(peer).loadUnaligned(as: sockaddr_in.self)
      self.init(v4: UInt32(bigEndian: address.sin_addr.s_addr))
    case AF_INET6:
      self.init(UnsafeRawPointer(peer).loadUnaligned(as: sockaddr_in6.self).sin6_addr)
    default: return nil
    }
  }

  package var isV4: Bool { high == 0 && low >> 32 == 0xffff }

  /// Whether it leads to this machine: `127.0.0.0/8` and `::1`.
  package var isLoopback: Bool { isV4 ? low >> 24 & 0xff == 127 : high == 0 && low == 1 }

  /// Whether a host, without brackets, leads to this machine. `127.example.org` is a name like any other.
  package static func isLoopback(host: some StringProtocol) -> Bool {
    host.lowercased() == "localhost" || NetworkAddress(String(host))?.isLoopback == true
  }
}

extension NetworkAddress: CustomStringConvertible {
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if isV4 {
      var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
      inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
    } else {
      var address = in6_addr()
      withUnsafeMutableBytes(of: &address) {
        $0.storeBytes(of: high.bigEndian, as: UInt64.self)
        $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
