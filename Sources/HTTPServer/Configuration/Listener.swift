/// An address to listen on.
package struct Listener: Sendable, Equatable {
  package enum Scheme: String, Sendable { case http, https }

  package var scheme: Scheme
  /// An IPv4 or IPv6 address, or `localhost`, which means both loopback addresses. `::` means every
  /// address of both families.
  package var host: String
  /// 0 lets the system choose a free port.
  package var port: UInt16

  package init(scheme: Scheme, host: String, port: UInt16) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }
}
