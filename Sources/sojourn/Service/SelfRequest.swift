import CCurl
import HTTPServer
import Synchronization
import Transfers

/// Asks the server for `/health/ready`, from outside as any client does: over a connection of its own that the
/// server must accept, with TLS where it listens for that. Any answer will do: one that says the server is not
/// ready is an answer as well.
///
/// `@unchecked Sendable` is safe: it is made by one thread, handed over under a lock, and from then on only touched
/// by the loop's thread.
final class SelfRequest: CurlTransfer, @unchecked Sendable {
  private let address: String
  private let milliseconds: Int
  private let completion: @Sendable (String?) -> Void
  private let memory = TransferMemory()

  /// `completion` is told why there was no answer, or nil.
  init(_ address: String, within milliseconds: Int, _ completion: @escaping @Sendable (String?) -> Void) {
    self.address = address
    self.milliseconds = milliseconds
    self.completion = completion
  }

  func prepare(_ handle: UnsafeMutableRawPointer) -> Bool {
    var isGood = memory.takeWords(of: handle)
    func check(_ code: CURLcode) { if code != CURLE_OK { isGood = false } }
    check(ccurl_set_text(handle, CURLOPT_URL, address + "/health/ready"))
    check(ccurl_set_text(handle, CURLOPT_PROXY, ""))
    // It knows whom it asks, and the certificate may name other hosts.
    check(ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0))
    check(ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0))
    check(ccurl_set_long(handle, CURLOPT_FRESH_CONNECT, 1))
    check(ccurl_set_long(handle, CURLOPT_FORBID_REUSE, 1))
    check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
    check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds))
    check(ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count })
    return isGood
  }

  func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
    completion(code == CURLE_OK ? nil : memory.reason(of: code))
  }

  func fail(_ reason: String) { completion(reason) }

  /// Where a server that listens at these hosts can be asked from its own machine; nil where nowhere.
  static func address(_ listeners: [(scheme: Listener.Scheme, host: String, port: UInt16)]) -> String? {
    // Without TLS first: it costs less.
    guard let chosen = listeners.first(where: { $0.scheme == .http }) ?? listeners.first else { return nil }
    let host =
      switch chosen.host {
      case "0.0.0.0": "127.0.0.1"
      case "::": "[::1]"
      case let host where host.contains(":"): "[\(host)]"
      case let host: host
      }
    return "\(chosen.scheme.rawValue)://\(host):\(chosen.port)"
  }
}
