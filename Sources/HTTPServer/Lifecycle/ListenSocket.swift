import CMicrohttpd
import Glibc
import Wire

/// A socket that accepts connections.
struct ListenSocket: Sendable {
  let descriptor: OwnedDescriptor
  let scheme: Listener.Scheme
  let host: String
  let port: UInt16
  /// Whoever started the process keeps it open: what waits in its queue is for the next process.
  let isInherited: Bool

  /// The addresses of a listener: one, or both loopback addresses for `localhost`. The second may be
  /// missing, where the system has no IPv6. An address that is among `inherited` is taken from there.
  static func open(_ listener: Listener, inherited: inout InheritedSockets) throws(ServerError) -> [ListenSocket] {
    guard listener.host.lowercased() == "localhost" else {
      guard let address = NetworkAddress(listener.host) else { throw .badHost(listener.host) }
      let isV6 = listener.host.contains(":")
      return [try ListenSocket(listener, address: address, isV6: isV6, inherited: &inherited)]
    }
    let four = try ListenSocket(
      listener, address: NetworkAddress(v4: 0x7f00_0001), isV6: false, inherited: &inherited)
    var second = listener
    second.port = four.port
    let six: ListenSocket
    do throws(ServerError) {
      six = try ListenSocket(second, address: NetworkAddress(high: 0, low: 1), isV6: true, inherited: &inherited)
    } catch {
      return [four]
    }
    return [four, six]
  }

  private init(
    _ listener: Listener, address: NetworkAddress, isV6: Bool, inherited: inout InheritedSockets
  ) throws(ServerError) {
    scheme = listener.scheme
    host = isV6 ? "[\(address)]" : address.description
    if let taken = inherited.take(address, port: listener.port) {
      descriptor = OwnedDescriptor(taken)
      port = listener.port
      isInherited = true
      return
    }
    isInherited = false
    func failure(_ number: Int32) -> ServerError {
      .cannotListen(
        host: listener.host, port: listener.port,
        reason: ListenSocket.reason(number, port: listener.port))
    }
    let number = sojourn_socket(isV6 ? AF_INET6 : AF_INET)
    guard number >= 0 else { throw failure(errno) }
    descriptor = OwnedDescriptor(number)
    var yes: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    // `::` takes both families; any other IPv6 address is IPv6 alone.
    var only: Int32 = address == NetworkAddress(high: 0, low: 0) ? 0 : 1
    if isV6 { setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, socklen_t(4)) }
    let status = ListenSocket.withAddress(address, isV6: isV6, port: listener.port) { bind(number, $0, $1) }
    guard status == 0, listen(number, 4096) == 0 else { throw failure(errno) }
    port = ListenSocket.boundPort(number)
  }

  private static func withAddress(
    _ address: NetworkAddress, isV6: Bool, port: UInt16,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    if isV6 {
      var six = sockaddr_in6()
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &six.sin6_addr) {
        $0.storeBytes(of: address.high.bigEndian, as: UInt64.self)
        $0.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      return withUnsafePointer(to: six) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
    var four = sockaddr_in()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = port.bigEndian
    four.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
    return withUnsafePointer(to: four) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// The port lies at the same offset in the addresses of both families.
  private static func boundPort(_ number: Int32) -> UInt16 {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &size) }
    }
    return status == 0 ? UInt16(bigEndian: address.sin6_port) : 0
  }

  private static func reason(_ number: Int32, port: UInt16) -> String {
    switch number {
    case EADDRINUSE: "another process uses this port"
    case EACCES where port < 1024: "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE"
    case EADDRNOTAVAIL: "this machine does not have that address"
    case EAFNOSUPPORT: "this machine has no IPv6"
    default: String(cString: strerror(number))
    }
  }
}
