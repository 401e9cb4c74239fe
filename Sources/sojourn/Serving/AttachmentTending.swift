import Deployments
import Attachments
import Wire

/// Sweeps the attachments of all deployments every hour, and looks for files that are no attachment's once a
/// day.
struct AttachmentTending: Sendable {
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let clock: any WallClock
  let report: @Sendable (String) -> Void

  private static let hours = 24

  /// Until the task is cancelled.
  func run() async {
    var round = 0
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(3600))
      round += 1
      for deployment in deployments.all where !Task.isCancelled {
        do {
          let sweep = AttachmentSweep(deployment.store, try deployment.blobs(in: attachments), at: clock.now)
          _ = try await sweep.run()
          if round % Self.hours == 1 { try await sweep.orphans(isRemoving: true) }
        } catch {
          // It comes again in an hour.
          report("The attachments of deployment \(deployment.id) could not be swept: \(error)")
        }
      }
    }
  }
}
