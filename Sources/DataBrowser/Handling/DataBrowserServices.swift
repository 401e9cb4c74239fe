import Administration
import Attachments
import Deployments
import HTTPServer
import Objects
import People
import Wire

/// What the pages are served with.
package struct DataBrowserServices: Sendable {
  package let deployments: DeploymentRegistry
  package let attachments: AttachmentService
  package let visits: any VisitSource
  package let people: People
  /// Takes what is too much of large answers.
  package let spool: SpoolFolder
  package let clock: any WallClock
  package let log: any PageLog
  /// Begins every address that pages print in full; nil takes the request's scheme and host.
  package var publicURL: String?
  /// Scheme and host of the pages, where they have a host of their own (`host`).
  package var pagesURL: String?
  /// The host that serves pages, in lower case; nil serves them at every one.
  package var host: String?
  /// Whether browsers that came by https are told to come by nothing else from then on.
  package var isStrict = false
  /// Counts a request that is over.
  package var count: @Sendable (FinishedExchange) -> Void = { _ in }
  /// What only the process around the pages knows.
  package var server = ServerWatch.none
  /// Makes and deletes deployments, as commands do; nil where the pages cannot.
  package var administration: Administration?

  package init(
    deployments: DeploymentRegistry, attachments: AttachmentService, visits: any VisitSource, people: People,
    spool: SpoolFolder,
    clock: any WallClock, log: any PageLog
  ) {
    self.deployments = deployments
    self.attachments = attachments
    self.visits = visits
    self.people = people
    self.spool = spool
    self.clock = clock
    self.log = log
  }
}
