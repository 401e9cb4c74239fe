/// Why a server could not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
  case noListener
  case badHost(String)
  case cannotListen(host: String, port: UInt16, reason: String)
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
    case .certificateMissing: "an https listener needs a certificate and its private key"
    case .certificate(let reason): reason
    case .library(let reason): reason
    }
  }
}
