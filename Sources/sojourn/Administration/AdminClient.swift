import Deployments
import Attachments
import AttachmentsS3
import CommandLineTable
import Glibc
import Storage
import StorageSQLite
import Wire

/// The command's end: over the socket when a server has the data directory, else by taking the
/// directory itself. The same code performs the request either way. `store` is where attachments lie, for
/// requests that look at their bytes.
enum AdminClient {
  static func perform(
    _ request: AdminRequest, in path: String, store: S3Settings? = nil
  ) async -> AdminAnswer {
    // A mistyped directory is not to become one that was made just now.
    if request.action != .createDeployment, let sentence = DataDirectory.absence(at: path) {
      return .nowhere("\(sentence) Is --data-dir right? `sojourn deployment create` makes one.")
    }
    // Between a look at the socket and one at the lock a server may come or go: look again.
    for _ in 0..<100 {
      do {
        if let answer = try overSocket(request, path) { return answer }
        return try await alone(request, path, store)
      } catch let fault as UnixSocket.Fault {
        return .refused(fault.sentence)
      } catch DataDirectory.Refusal.unusable(let sentence) {
        return .refused(sentence)
      } catch DataDirectory.Refusal.inUse {
        usleep(100_000)
      } catch {
        return .refused("It failed: \(error)")
      }
    }
    return .refused(
      "Another process has \(path) and does not answer at its socket. Is a server starting, or another command running?"
    )
  }

  private static func overSocket(_ request: AdminRequest, _ path: String) throws -> AdminAnswer? {
    guard let socket = try UnixSocket.connected(to: DataDirectory.socket(in: path)) else { return nil }
    guard socket.send(request.bytes), let bytes = socket.receive(), let answer = AdminAnswer(bytes) else {
      return .refused("The server that has \(path) gave no answer. Its log may say why.")
    }
    return answer
  }

  private static func alone(
    _ request: AdminRequest, _ path: String, _ store: S3Settings?
  ) async throws -> AdminAnswer {
    let directory = try DataDirectory(path)
    let deployments: DeploymentRegistry
    do {
      let clock = SystemClock()
      var options = SQLiteObjectStore.Options()
      options.report = { Terminal.say("sojourn: \($0)\n", to: 2) }
      deployments = try await DeploymentRegistry(
        engine: SQLiteEngine(directory, clock: clock, options: options), clock: clock, opening: request.opening)
    } catch let error as StorageError {
      return .refused(error.sentence)
    } catch {
      return .refused("The data in \(path) cannot be opened: \(error)")
    }
    let attachments: AttachmentService
    do {
      attachments = try LocalAttachments.open(in: path, spool: directory.spool, store: store)
    } catch let fault as DeploymentFault {
      return .refused(fault.sentence)
    } catch let fault as BlobFault {
      return .refused(fault.sentence)
    } catch {
      return .refused("The attachments in \(path) cannot be opened: \(error)")
    }
    let answer: AdminAnswer
    do {
      let webhooks = try WebhookWiring.resting(deployments, attachments, in: path)
      answer = await Administration(
        deployments: deployments, attachments: attachments, deletions: UnfinishedDeletions(directory: path),
        webhooks: webhooks
      ).perform(request)
    } catch let fault as DeploymentFault {
      answer = .refused(fault.sentence)
    } catch {
      answer = .refused("Webhooks cannot be looked after: \(error)")
    }
    await deployments.close()
    attachments.close()
    return answer
  }
}
