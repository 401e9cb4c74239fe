import Administration
import Wire

/// What the server tells of itself and of the machine under it.
package struct ServerFigures: Sendable {
  /// A setting of the server: it holds from start to end.
  package struct Setting: Sendable {
    package var name: String
    /// Nil where nothing is set.
    package var value: String?
    /// Where it was set, in words.
    package var source: String
    /// Every place that can set it.
    package var places: String
    package var meaning: String

    package init(name: String, value: String?, source: String, places: String, meaning: String) {
      self.name = name
      self.value = value
      self.source = source
      self.places = places
      self.meaning = meaning
    }
  }

  /// A deployment's file and log.
  package struct DeploymentRow: Sendable {
    package var card: DeploymentCard
    /// Whether its writes succeed.
    package var isFit = true
    /// The sequence of the last change; 0 while there is none.
    package var lastSequence: Int64 = 0
    package var fileBytes = 0
    package var logBytes = 0
    package var waitingWrites = 0
    /// Programs that wait for the next change.
    package var followers = 0
    package var parked = 0

    package init(_ card: DeploymentCard) { self.card = card }
  }

  package var version = ""
  package var startedAt: Instant?
  /// What `/health/ready` says.
  package var isReady = true
  package var health = ""
  package var dataDirectory = ""
  /// Where attachments lie, where that is not the data directory.
  package var attachmentsElsewhere: String?
  package var disk: DiskSpace?
  package var addresses: [String] = []
  package var connections = 0
  package var mostConnections = 0
  /// Of request bodies.
  package var bodyBytes = 0
  package var mostBodyBytes = 0
  package var memoryBytes: Int?
  package var openFiles: Int?
  package var mostFiles = 0
  package var threads: Int?
  /// Where monitors read the figures; nil where nowhere.
  package var metricsAddress: String?
  package var deployments: [DeploymentRow] = []
  package var furtherDeployments = 0
  package var settings: [Setting] = []

  package init() {}
}

/// How pages ask for what only the process around them knows. Each is quick.
package struct ServerWatch: Sendable {
  package var figures: @Sendable () -> ServerFigures
  package var disk: @Sendable () -> DiskSpace?
  /// Deliveries of a deployment's webhooks that were given up.
  package var parked: @Sendable (_ deployment: String) -> Int

  package init(
    figures: @escaping @Sendable () -> ServerFigures, disk: @escaping @Sendable () -> DiskSpace?,
    parked: @escaping @Sendable (_ deployment: String) -> Int
  ) {
    self.figures = figures
    self.disk = disk
    self.parked = parked
  }

  /// Knows nothing.
  package static let none = ServerWatch(figures: { ServerFigures() }, disk: { nil }, parked: { _ in 0 })
}
