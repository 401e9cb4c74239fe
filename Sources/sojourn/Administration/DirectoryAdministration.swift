import Administration
import Attachments
import AttachmentsS3
import CommandLineTable
import Deployments
import People
import StorageSQLite
import Wire

/// Does administrative commands in a data directory that this process has taken.
enum DirectoryAdministration {
  static func perform(
    _ command: AdminCommand, in directory: DataDirectory, store: S3Settings?, _ certificate: LocalIdentity.Files?
  ) async throws(AdminRefusal) -> AdminResult {
    let path = directory.path
    let deployments = try await opened("The data in \(path) cannot be opened") {
      var options = SQLiteObjectStore.Options()
      options.report = { Terminal.say("sojourn: \($0)\n", to: 2) }
      let clock = SystemClock()
      return try await DeploymentRegistry(
        engine: SQLiteEngine(directory, clock: clock, options: options), clock: clock, opening: command.opening)
    }
    let attachments = try await opened("The attachments in \(path) cannot be opened") {
      try LocalAttachments.open(in: path, spool: directory.spool, store: store)
    }
    let people = try await opened("People in \(path) cannot be opened") {
      try await PeopleWiring.resting(deployments, in: path)
    }
    let result: Result<AdminResult, AdminRefusal>
    do throws(AdminRefusal) {
      let webhooks = try await opened("Webhooks cannot be looked after") {
        try WebhookWiring.resting(deployments, attachments, in: path)
      }
      var administration = Administration(
        deployments: deployments, attachments: attachments, deletions: UnfinishedDeletions(directory: path),
        webhooks: webhooks, people: people)
      administration.facts = { PlaceFacts(in: path, certificate) }
      result = .success(try await administration.perform(try administration.naming(command)))
    } catch {
      result = .failure(error)
    }
    await people.close()
    await deployments.close()
    attachments.close()
    return try result.get()
  }

  private static func opened<Opened>(
    _ problem: String, _ open: () async throws -> Opened
  ) async throws(AdminRefusal) -> Opened {
    do {
      return try await open()
    } catch {
      throw AdminRefusal(error, problem)
    }
  }
}
