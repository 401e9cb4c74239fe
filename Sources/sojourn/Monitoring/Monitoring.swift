import API
import Deployments
import CommandLineTable
import HTTPServer
import Metrics
import Webhooks

/// What the server tells those who watch over it: its health, and its figures at the admin listener.
///
/// The admin listener is there before the data is opened, so that a monitor sees the server start, and until
/// everything is closed.
final class Monitoring: Sendable {
  let health = ServerHealth()
  let requests = RequestMetrics()
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
      webhooks.measure(&page, of: deployments.all.map(\.id))
    }
  }

  func close() async { await server?.shutdown(grace: 1) }
}
