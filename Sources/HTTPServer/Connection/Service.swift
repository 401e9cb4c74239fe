import Glibc
import Synchronization

/// What all connections of a server share.
final class Service: Sendable {
  enum Stage: UInt8 {
    case running
    /// No new connections; what runs is finished, and connections close after their answer.
    case draining
    /// Time is up: whoever waits is told so.
    case ending
  }

  let configuration: ServerConfiguration
  /// With limits that this server can keep.
  let sites: Sites
  let forwarding: Forwarding
  let identifiers: RequestIdentifiers
  let bodies: BodyBudget
  let connections: ConnectionTable
  /// What TLS clients are shown; nil where there is no https.
  let identity: ShownIdentity?
  private let stageWord = Atomic<UInt8>(Stage.running.rawValue)

  init(configuration: ServerConfiguration, sites: Sites) throws(ServerError) {
    identity = if let identity = configuration.identity { try ShownIdentity(identity) } else { nil }
    self.configuration = configuration
    self.sites = sites.within(configuration.limits)
    forwarding = Forwarding(trusted: configuration.trustedProxies)
    var generator = SystemRandomNumberGenerator()
    identifiers = RequestIdentifiers(using: &generator)
    bodies = BodyBudget(limit: configuration.limits.bodyMemory)
    connections = ConnectionTable()
  }

  var limits: TransportLimits { configuration.limits }

  var stage: Stage {
    get { Stage(rawValue: stageWord.load(ordering: .relaxed)) ?? .ending }
    set { stageWord.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// The answer as it goes out: coded, with the fields that every answer has.
  func prepare(_ response: Response, to head: RequestHead, closing: Bool = false) -> PreparedAnswer? {
    let coded =
      configuration.compression
      ? response.coded(for: head, temporaryDirectory: configuration.temporaryDirectory) : response
    return PreparedAnswer(coded, to: head, closing: closing || stage != .running)
  }

  /// Nanoseconds of the monotonic clock.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

/// An address that is listened on, as its connections see it.
final class Endpoint: Sendable {
  let service: Service
  let scheme: Listener.Scheme

  init(service: Service, scheme: Listener.Scheme) {
    self.service = service
    self.scheme = scheme
  }
}
