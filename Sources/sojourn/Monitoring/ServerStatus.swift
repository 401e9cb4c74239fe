import API
import Administration
import CommandLineTable
import DataBrowser
import Deployments
import Glibc
import HTTPServer
import Metrics
import Storage
import Synchronization
import Webhooks
import Wire

/// What operators see of the server on its page: gathered when somebody looks, without waiting for anybody.
final class ServerStatus: Sendable {
  /// Deployments with a row of their own.
  private static let mostDeployments = 200

  private let command: ParsedCommand
  private let data: ServedData
  private let webhooks: WebhookEngine
  private let monitoring: Monitoring
  private let limits: TransportLimits
  /// Not when the process started: a script may have become the server.
  private let startedAt: Instant
  /// Once it listens.
  private let server = Mutex<HTTPServer?>(nil)

  init(
    _ command: ParsedCommand, _ data: ServedData, _ webhooks: WebhookEngine, _ monitoring: Monitoring,
    _ limits: TransportLimits
  ) {
    self.command = command
    self.data = data
    self.webhooks = webhooks
    self.monitoring = monitoring
    self.limits = limits
    startedAt = data.clock.now
  }

  func watch(_ server: HTTPServer) { self.server.withLock { $0 = server } }

  var forPages: ServerWatch {
    ServerWatch(
      figures: { [self] in figures }, disk: { [self] in disk },
      parked: { [webhooks] in webhooks.figures(of: $0)?.parked ?? 0 })
  }

  private var disk: DiskSpace? { DiskSpace(of: data.path) }

  private var figures: ServerFigures {
    var figures = ServerFigures()
    figures.version = Commands.version
    figures.startedAt = startedAt
    let health = monitoring.health.report
    (figures.isReady, figures.health) = (health.isReady, health.sentence)
    figures.dataDirectory = data.words
    figures.attachmentsElsewhere = data.attachmentsElsewhere
    figures.disk = disk
    if let server = server.withLock({ $0 }) {
      figures.addresses = server.addresses.map { "\($0.scheme.rawValue)://\($0.host):\($0.port)" }
      figures.connections = server.connectionCount
      figures.bodyBytes = server.bodyBytesInUse
    }
    (figures.mostConnections, figures.mostBodyBytes) = (limits.connections, limits.bodyMemory)
    figures.memoryBytes = ProcessFigures.memory?.resident
    (figures.openFiles, figures.threads) = (ProcessFigures.files, ProcessFigures.threads)
    figures.mostFiles = OpenFileLimit.now.soft
    figures.metricsAddress = monitoring.address
    let deployments = data.deployments.all
    figures.deployments = deployments.prefix(Self.mostDeployments).map(row)
    figures.furtherDeployments = deployments.count - figures.deployments.count
    figures.settings = command.told.map(Self.setting)
    return figures
  }

  private func row(_ deployment: Deployment) -> ServerFigures.DeploymentRow {
    let figures = deployment.store.figures
    var row = ServerFigures.DeploymentRow(DeploymentCard(deployment))
    row.isFit = figures.isFit
    row.lastSequence = figures.lastSequence
    row.fileBytes = Int(figures.ofEngine(.databaseBytes) ?? 0)
    row.logBytes = Int(figures.ofEngine(.logBytes) ?? 0)
    row.waitingWrites = figures.waitingWrites
    row.followers = figures.waitingReaders
    row.parked = webhooks.figures(of: deployment.id)?.parked ?? 0
    return row
  }

  private static func setting(_ option: ToldOption) -> ServerFigures.Setting {
    let source =
      switch option.source {
      case .commandLine: "on the command line"
      case .environment(let name): "by the environment variable \(name)"
      case .file(let line): "in the configuration file, line \(line)"
      case .defaultValue: "default"
      case nil: "not set"
      }
    return ServerFigures.Setting(
      name: option.name, value: option.value, source: source, places: option.places, meaning: option.help)
  }
}
