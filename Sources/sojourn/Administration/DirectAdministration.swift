import Administration
import Attachments
import AttachmentsS3
import CommandLineTable
import Deployments
import People
import Storage
import StorageSQLite
import Wire

/// Does administrative commands on data that this process has open itself: in a data directory that it has taken, or
/// in a database.
struct DirectAdministration {
  private let folder: WorkFolder
  private let database: SharedDatabase?
  private let store: S3Settings?
  private let certificate: LocalIdentity.Files?
  /// As people know the place.
  private let words: String

  init(_ directory: DataDirectory, store: S3Settings?, _ certificate: LocalIdentity.Files?) {
    folder = WorkFolder(directory)
    (database, words) = (nil, directory.path)
    (self.store, self.certificate) = (store, certificate)
  }

  init(_ database: SharedDatabase, store: S3Settings?) throws(AdminRefusal) {
    do {
      folder = try WorkFolder(temporary: nil)
    } catch {
      throw AdminRefusal(error)
    }
    (self.database, words) = (database, database.words)
    (self.store, certificate) = (store, nil)
  }

  func perform(_ command: AdminCommand) async throws(AdminRefusal) -> AdminResult {
    defer { folder.removeIfPassing() }
    let storage = try await opened("The data in \(words) cannot be opened") {
      let terms = OpenedStorage.Terms { Terminal.say("sojourn: \($0)\n", to: 2) }
      return try database.map { try OpenedStorage($0, terms) } ?? OpenedStorage(in: folder.directory, terms)
    }
    let deployments = try await opened("The data in \(words) cannot be opened") {
      try await DeploymentRegistry(engine: storage.engine, clock: SystemClock(), opening: command.opening)
    }
    let attachments = try await opened("The attachments in \(words) cannot be opened") {
      try LocalAttachments(folder, key: storage.key, store: store, database: database).open()
    }
    let people = try await opened("People in \(words) cannot be opened") {
      try await PeopleWiring.resting(deployments, key: storage.key)
    }
    let result: Result<AdminResult, AdminRefusal>
    do throws(AdminRefusal) {
      let webhooks = try await opened("Webhooks cannot be looked after") {
        try WebhookWiring.resting(deployments, attachments, key: storage.key, spool: folder.spool)
      }
      var administration = Administration(
        deployments: deployments, attachments: attachments, deletions: UnfinishedDeletions(directory: folder.path),
        webhooks: webhooks, people: people)
      administration.facts = { PlaceFacts(in: folder.path, certificate, words: database?.words) }
      result = .success(try await administration.perform(try administration.naming(command)))
    } catch {
      result = .failure(error)
    }
    await people.close()
    await deployments.close()
    attachments.close()
    return try result.get()
  }

  private func opened<Opened>(
    _ problem: String, _ open: () async throws -> Opened
  ) async throws(AdminRefusal) -> Opened {
    do {
      return try await open()
    } catch {
      throw AdminRefusal(error, problem)
    }
  }
}
