import API
import HTTPServer
import Metrics
import Wire

/// Answers at the admin listener: `/metrics`, `/health/live` and `/health/ready`, in plain words where
/// something is not there. It shows figures and changes nothing.
final class MonitoringHandler: Handler {
  private let health: ServerHealth
  private let sources: MetricSources
  private let networks: [NetworkRange]

  /// `networks` are those who may ask beside this machine.
  init(health: ServerHealth, sources: MetricSources, networks: [NetworkRange]) {
    self.health = health
    self.sources = sources
    self.networks = networks
  }

  func verdict(on head: RequestHead) -> Verdict {
    guard isWelcome(head.remoteAddress) else {
      return .answer(Self.text(403, "This address may not ask here. The setting is SOJOURN_ADMIN_NETWORK.\n"))
    }
    guard head.method == .get || head.method == .head else {
      return .answer(Self.text(405, "Only GET and HEAD are answered here.\n", [("Allow", "GET, HEAD")]))
    }
    guard let segments = try? head.segments else { return .answer(Self.text(404, Self.contents)) }
    switch segments {
    case ["metrics"]:
      // Not on the connection's thread: it looks at files and asks every deployment.
      return .read { [sources] _ in
        Response(
          status: 200, headers: [("Content-Type", MetricPage.contentType), ("Cache-Control", "no-store")],
          body: .block(sources.page().text()))
      }
    case []: return .answer(Self.text(200, Self.contents))
    default: return .answer(health.response(to: segments) ?? Self.text(404, Self.contents))
    }
  }

  private static let contents = "Sojourn answers here: /metrics, /health/live, /health/ready\n"

  private func isWelcome(_ address: String) -> Bool {
    guard let address = NetworkAddress(address) else { return false }
    return Self.loopback.contains { $0.contains(address) } || networks.contains { $0.contains(address) }
  }

  private static let loopback = ["127.0.0.0/8", "::1"].compactMap { try? NetworkRange($0) }

  private static func text(
    _ status: Int, _ text: String, _ headers: [(name: String, value: String)] = []
  ) -> Response {
    Response(
      status: status,
      headers: [("Content-Type", TextType.plain), ("Cache-Control", "no-store")] + headers,
      body: .block(ByteBlock(Array(text.utf8))))
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    let status =
      switch failure {
      case .draining, .busy: 503
      case .unreadable(let status): status
      case .unexpected: 500
      default: 400
      }
    return Self.text(status, "The request cannot be read.\n")
  }

  /// Looks every few seconds are no news for the log.
  func finished(_ exchange: FinishedExchange) {}
}
