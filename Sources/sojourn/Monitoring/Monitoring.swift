import API
import CommandLineTable
import DataBrowser
import Deployments
import HTTPServer
import Metrics
import Storage
import Webhooks

// One look from outside
//
// `/metrics` is read from the admin listener (`Monitoring.swift`), an HTTP server of its own that is there before
// the data is opened. `Metric.swift` is the one table: name, type, labels and help of each metric, for the page,
// for docs/metrics.md and for the tests.
//
// * On a request's way counting is a handful of relaxed additions in `CounterBank.swift`, sharded by thread:
//   nothing is locked or allocated. The handler's verdict names the route as a number, which the HTTP server hands
//   back when the answer has gone out (`FinishedExchange.kind`); `RequestMetrics.swift` counts it.
// * Storage counts on the writer's thread (`WriterMetrics.swift`); `ObjectStore.figures` is read when somebody
//   looks. Whoever else has figures adds a source to `MetricSources`, which is asked only then.
// * A writer whose disk took nothing is not fit: `/health/ready` is 503, and the writer tries a small write by
//   itself every two seconds until one succeeds, since clients that are sent elsewhere would never bring the news.

/// What the server tells those who watch over it: its health, and its figures at the admin listener.
///
/// The admin listener is there before the data is opened, so that a monitor sees the server start, and until
/// everything is closed.
final class Monitoring: Sendable {
  let health = ServerHealth()
  let requests = RequestMetrics(beside: RouteKind.labels)
  /// Whoever has figures to show adds a source.
  let sources = MetricSources()
  private let server: HTTPServer?

  /// - Throws: `UsageError` for an address that everyone could ask; `ServerError` where it cannot listen.
  init(_ command: ParsedCommand, log: ServerLog) throws {
    guard let address = command.listenAddresses("admin-listen").first else {
      server = nil
      return
    }
    let networks = try ServeConfiguration.networks("admin-network", command)
    if address.isEncrypted {
      throw command.usageError(
        "--admin-listen takes an http:// address, not \(address)",
        hint: "Put a proxy with a certificate in front of it where it is not in a network that you trust.")
    }
    if !address.isLoopback, networks.isEmpty {
      throw command.usageError(
        "\(address) would show figures to everyone",
        hint: "Listen on a loopback address, or name who may ask with --admin-network CIDR.")
    }
    var configuration = ServerConfiguration(
      listeners: [Listener(scheme: .http, host: address.host, port: address.port)])
    configuration.threads = 1
    configuration.limits.connections = 64
    configuration.limits.body = 1024
    configuration.restMilliseconds = 0
    let server = try HTTPServer(
      configuration: configuration, handler: MonitoringHandler(health: health, sources: sources, networks: networks))
    self.server = server
    sources.add { [requests, health] page in
      page.add(.build, [Commands.version], 1)
      page.add(.ready, [], health.report.isReady ? 1 : 0)
      requests.measure(&page)
      ProcessFigures.measure(&page)
    }
    for address in server.addresses {
      log.note("Figures for monitors at http://\(address.host):\(address.port)/metrics")
    }
  }

  /// Shows the figures of a server that serves, too.
  func watch(_ deployments: DeploymentRegistry, _ webhooks: WebhookEngine, _ server: HTTPServer) {
    sources.add { page in
      page.add(.connections, [], server.connectionCount)
      page.add(.bodyMemory, [], server.bodyBytesInUse)
    }
    sources.add { page in
      deployments.measure(&page)
      deployments.engine.measure(&page)
      webhooks.measure(&page, of: deployments.all.map(\.id))
    }
  }

  /// Where monitors read the figures; nil where nowhere.
  var address: String? {
    server?.addresses.first.map { "http://\($0.host.contains(":") ? "[\($0.host)]" : $0.host):\($0.port)" }
  }

  func close() async { await server?.shutdown(grace: 1) }
}
