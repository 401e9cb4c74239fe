/// Why a server could not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
  case noListener
  case badHost(String)
  case cannotListen(host: String, port: UInt16, reason: String)
  /// One was passed to the process at an address that no listener has.
  case inheritedSocket(String)
  case certificateMissing
  case certificate(String)
  case library(String)

  package var description: String {
    switch self {
    case .noListener: "no address to listen on is configured"
    case .badHost(let host):
      "cannot listen on “\(host.prefix(100))”: give an IPv4 or IPv6 address or localhost"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host) port \(port): \(reason)"
    case .inheritedSocket(let address):
      "the process was given a socket at \(address), but no listener has that address: name it with --listen, or take it "
        + "out of the socket unit"
    case .certificateMissing: "an https listener needs a certificate and its private key"
    case .certificate(let reason): reason
    case .library(let reason): reason
    }
  }
}
