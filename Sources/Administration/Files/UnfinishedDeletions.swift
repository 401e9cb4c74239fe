import Attachments
import Deployments
import Glibc
import Storage
import Wire

/// Notes of deployments that are being deleted, `DIR/deleting/ID`: so that one that was cut off, by a crash or by
/// an object store that did not answer, is finished at the next start.
///
/// A note is on disk before the control file forgets the deployment, and goes when nothing of it is left. So at
/// a start a note of a deployment that is registered tells of a deletion that was never begun.
package struct UnfinishedDeletions {
  /// In the data directory; no part of a backup.
  package static let folder = "deleting"

  private let directory: String

  package init(directory: String) { self.directory = directory }

  private var path: String { "\(directory)/\(Self.folder)" }

  /// Where the disk takes no note the deletion goes on without one: it may be what makes room.
  package func begin(_ id: String) {
    do {
      try BackupFiles.make(folder: path)
      BackupFiles.sync(folder: directory)
      try BackupFiles.put("This deployment is being deleted.\n", at: "\(path)/\(id)")
    } catch {
      unlink("\(path)/\(id)")
    }
  }

  package func end(_ id: String) {
    unlink("\(path)/\(id)")
    BackupFiles.sync(folder: path)
  }

  /// Removes what is left of deployments whose deletion was cut off, and says so.
  package func finish(_ deployments: DeploymentRegistry, _ attachments: AttachmentService, report: (String) -> Void)
    async
  {
    for entry in BackupFiles.entries(of: path) ?? [] where entry.kind == .file {
      let id = entry.name
      guard DeploymentID.isValid(id), !deployments.isRegistered(id) else {
        end(id)
        continue
      }
      do {
        try await deployments.engine.remove(deployment: id)
        try await attachments.remove(deployment: id)
        end(id)
        report("What was left of the deployment \(id), whose deletion was cut off, is removed.")
      } catch {
        report(
          "What is left of the deployment \(id), whose deletion was cut off, could not be removed: "
            + Sentence.of(error))
      }
    }
  }
}
