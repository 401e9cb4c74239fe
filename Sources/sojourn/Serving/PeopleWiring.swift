import CommandLineTable
import Deployments
import HTTPServer
import People
import Storage
import Wire

/// Puts people together from the control store, the names of deployments and the server's key.
enum PeopleWiring {
  static func open(
    _ deployments: DeploymentRegistry, key: ServerKey, _ settings: PeopleSettings, baseURL: String? = nil,
    report: @escaping @Sendable (AuditEntry) -> Void = { _ in }
  ) throws -> People {
    var foundation = People.Foundation(
      store: deployments.engine.people, clock: SystemClock(), key: key, settings: settings)
    foundation.baseURL = baseURL ?? foundation.baseURL
    foundation.deploymentNames = { deployments.allNames }
    foundation.report = report
    return try People(foundation)
  }

  /// For a command that has the data open itself: its links begin where pages were served last.
  static func resting(_ deployments: DeploymentRegistry, key: ServerKey) async throws -> People {
    try open(
      deployments, key: key, PeopleSettings(), baseURL: try await deployments.engine.people.fact(.pagesURL))
  }

  // MARK: Settings of `serve`.

  static let options = [
    CommandOption(
      "second-factor", .choice(PeopleSettings.SecondFactor.allCases.map(\.rawValue)),
      environment: "SOJOURN_SECOND_FACTOR", key: "second-factor",
      default: PeopleSettings.SecondFactor.administrators.rawValue,
      help:
        "Who must have a second factor to use the pages: operators and administrators, or all. none only where "
        + "nobody but this machine can reach the server."),
    CommandOption(
      "session-idle", .duration(60...604_800), environment: "SOJOURN_SESSION_IDLE", key: "session-idle",
      default: "8h", help: "How long somebody stays signed in to the pages without a request."),
    CommandOption(
      "session-length", .duration(60...2_592_000), environment: "SOJOURN_SESSION_LENGTH", key: "session-length",
      default: "7d", help: "How long somebody stays signed in to the pages at most."),
    CommandOption(
      "audit-keep", .age(86_400...315_360_000), environment: "SOJOURN_AUDIT_KEEP", key: "audit-keep",
      default: "400d", help: "How long entries of the audit are kept."),
  ]

  static func settings(
    _ command: ParsedCommand, _ configuration: ServerConfiguration
  ) throws -> PeopleSettings {
    var settings = PeopleSettings()
    settings.secondFactor =
      command.text("second-factor").flatMap(PeopleSettings.SecondFactor.init) ?? settings.secondFactor
    settings.idleSeconds = command.seconds("session-idle").map { Int64($0) } ?? settings.idleSeconds
    settings.sessionSeconds = command.seconds("session-length").map { Int64($0) } ?? settings.sessionSeconds
    settings.auditDays = command.seconds("audit-keep").map { Int64($0) / Instant.secondsInDay } ?? settings.auditDays
    let publicURL = ServeConfiguration.publicURL(command)
    let isLocal = command.listenAddresses("listen").allSatisfy(\.isLoopback)
    if settings.secondFactor == .none, !isLocal || publicURL != nil || !configuration.trustedProxies.isEmpty {
      throw command.usageError(
        "--second-factor none is for a server that nobody but this machine can reach",
        hint: "Leave it out, or listen on loopback addresses alone, without --public-url and --trusted-proxy.")
    }
    return settings
  }

  /// Where links to the pages begin: at the public URL; else at a listener whose certificate nobody has to trust
  /// first, where there is one on this machine; else at the first.
  static func baseURL(publicURL: String?, _ listeners: [Listener]) -> String {
    if let publicURL { return publicURL }
    guard let plain = listeners.first(where: { $0.scheme == .http && $0.host.hasPrefix("127.") }) else {
      return ServeConfiguration.ownURL(ServerConfiguration(listeners: listeners))
    }
    return "http://localhost:\(plain.port)"
  }
}
