import Administration
import Attachments
import Deployments
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
