import Wire

/// Where a server listens: `https://127.0.0.1:8443`, `http://[::1]:8080`.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
  package let isEncrypted: Bool
  /// An IPv4 or IPv6 address in numbers, without brackets. `localhost` is read as `127.0.0.1`.
  package let host: String
  /// 0 asks the system for a free one.
  package let port: UInt16

  package init(isEncrypted: Bool, host: String, port: UInt16) {
    self.isEncrypted = isEncrypted
    self.host = host
    self.port = port
  }

  package var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }

  /// True when only programs on this machine can connect.
  package var isLoopback: Bool { NetworkAddress.isLoopback(host: host) }

  package var description: String {
    "\(isEncrypted ? "https" : "http")://\(isIPv6 ? "[\(host)]" : host):\(port)"
  }

  static func read(_ text: String) -> Result<ListenAddress, OptionFault> {
    func fault(_ why: String) -> Result<ListenAddress, OptionFault> {
      .failure(OptionFault("'\(CutText.cut(text))' \(why); an example: https://127.0.0.1:8443"))
    }
    let isEncrypted: Bool
    var rest: Substring
    if text.hasPrefix("https://") {
      isEncrypted = true
      rest = text.dropFirst(8)
    } else if text.hasPrefix("http://") {
      isEncrypted = false
      rest = text.dropFirst(7)
    } else {
      return fault("does not begin with https:// or http://")
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard let colon = rest.lastIndex(of: ":"), let port = PortText.read(rest[rest.index(after: colon)...]) else {
      return fault("has no port from 0 to 65535")
    }
    var host = String(rest[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard host.contains(":"), NetworkAddress(host) != nil else { return fault("has no IPv6 address in brackets") }
    } else {
      if host == "localhost" { host = "127.0.0.1" }
      guard !host.contains(":"), NetworkAddress(host) != nil else {
        return fault("has no address in numbers (0.0.0.0 and [::] mean all)")
      }
    }
    return .success(ListenAddress(isEncrypted: isEncrypted, host: host, port: port))
  }
}
