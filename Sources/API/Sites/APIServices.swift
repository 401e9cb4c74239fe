import Attachments
import Deployments
import HTTPServer
import Objects
import Wire

/// What the API is served with. What may be left out has a value that a test can do with.
package struct APIServices: Sendable {
  package let deployments: DeploymentRegistry
  package let attachments: AttachmentService
  /// Takes what is too much of large answers.
  package let spool: SpoolFolder
  package let clock: any WallClock
  package let log: any APILog
  /// Begins every URL that answers print; nil takes the request's scheme and host.
  package var publicURL: String?
  /// The host of the pages, in lower case, where they have one of their own: the API, and attachments with it, are not
  /// there.
  package var browserHost: String?
  /// Those of the server, for the documentation.
  package var limits = TransportLimits()
  /// Bounds what reading bodies takes at once, in bytes.
  package var readingMemory = 512 << 20
  /// That of a server that serves, where it is not given.
  package var health: ServerHealth?
  package var metrics = RequestMetrics()
  /// Knows the public key of a deployment's webhooks, as PEM.
  package var webhookKey: @Sendable (String) -> String? = { _ in nil }

  package init(
    deployments: DeploymentRegistry, attachments: AttachmentService, spool: SpoolFolder, clock: any WallClock,
    log: any APILog
  ) {
    self.deployments = deployments
    self.attachments = attachments
    self.spool = spool
    self.clock = clock
    self.log = log
  }
}
