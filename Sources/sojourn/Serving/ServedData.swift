import Administration
import Attachments
import AttachmentsS3
import CommandLineTable
import Deployments
import Objects
import Storage
import StorageSQLite
import Wire

/// The data as a server has it open, from the lock on its folder to the attachments.
struct ServedData {
  let folder: WorkFolder
  var path: String { folder.path }
  /// Nil where the data lies in the folder.
  let database: SharedDatabase?
  /// Nil where attachments lie in no object store.
  private let store: S3Settings?
  /// As people know the place.
  let words: String
  /// The server's own.
  let key: ServerKey
  let clock: any WallClock
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let deletions: UnfinishedDeletions
  /// Files that the process needs for so many deployments.
  let filesWanted: @Sendable (Int) -> Int
  /// Takes what is too much of large answers.
  let spool: SpoolFolder

  /// Opens what lies in the directory, says in the log what of it is not served, and finishes the deletions that a
  /// crash has cut off. `connections` is how many the server may have.
  init(_ command: ParsedCommand, in folder: WorkFolder, connections: Int, log: ServerLog) async throws {
    self.folder = folder
    var terms = OpenedStorage.Terms { log.note($0) }
    (terms.otherFiles, terms.leastOtherFiles) = (connections + 512, 64)
    terms.secondsPerRead = command.seconds("read-limit")
    clock = terms.clock
    let storage: OpenedStorage
    switch DataPlace(command) {
    case .directory: (database, storage) = (nil, try OpenedStorage(in: folder.directory, terms))
    case .database(let shared): (database, storage) = (shared, try OpenedStorage(shared, terms))
    }
    (words, key, filesWanted) = (storage.words, storage.key, storage.filesWanted)
    deployments = try await DeploymentRegistry(engine: storage.engine, clock: clock)
    try await Self.warn(of: deployments, storage, log)
    store = try S3Options.settings(command)
    attachments = try LocalAttachments(
      folder, key: key, store: store, database: database
    ).open(limit: command.bytes("attachment-limit") ?? AttachmentService.usualLimit)
    deletions = UnfinishedDeletions(directory: folder.path)
    await deletions.finish(deployments, attachments) { log.warning($0) }
    spool = SpoolFolder(
      path: folder.spool, memory: SpoolMemory(limit: command.bytes("answer-memory") ?? 64 << 20))
  }

  /// Where attachments lie if not in the data directory.
  var attachmentsElsewhere: String? {
    database.map { store?.description ?? $0.attachments ?? "nowhere: \(LocalAttachments.nowhere)" }
      ?? ElsewhereNote(directory: path).noted
  }

  /// Deployments, whether they can be used or not.
  var count: Int { deployments.all.count + deployments.allUnusable.count }

  /// Says what is wrong with the place, and what in it is not served.
  private static func warn(of deployments: DeploymentRegistry, _ storage: OpenedStorage, _ log: ServerLog) async throws
  {
    for remark in try storage.remarks() { log.warning(remark) }
    let wanted = storage.filesWanted(deployments.all.count + deployments.allUnusable.count)
    let limit = OpenFileLimit.now
    if limit.hard < wanted {
      log.warning(
        "This process may have \(limit.hard) files open (the hard limit, RLIMIT_NOFILE), and its deployments and connections "
          + "may need \(wanted). \(limit.advice(wanted: wanted))")
    }
    for unusable in deployments.allUnusable {
      log.error(
        "The deployment \(unusable.id) (\(CutText.cut(unusable.record.name))) is answered with 503; the others are "
          + "served. \(unusable.reason) Start the server again afterwards"
          + (unusable.isForWantOfFiles ? "." : ", or remove it with `sojourn deployment delete`."))
    }
    let (strays, advice) = try await storage.strays()
    if !strays.isEmpty {
      log.warning(
        "No deployment is registered for \(strays.prefix(20).joined(separator: ", "))"
          + "\(strays.count > 20 ? " and \(strays.count - 20) more" : "") \(advice)")
    }
  }
}

extension WorkFolder {
  /// Takes what `serve` is given: the data directory, or a folder beside the database.
  static func taken(by command: ParsedCommand) async throws -> WorkFolder {
    guard case .database = DataPlace(command) else { return WorkFolder(try await DataDirectory.taken(by: command)) }
    do {
      return try WorkFolder(temporary: command.text("temporary"))
    } catch DataDirectory.Refusal.unusable(let sentence) {
      throw ServeCommand.ServeFault(sentence: sentence)
    } catch DataDirectory.Refusal.inUse {
      throw ServeCommand.ServeFault(
        sentence:
          "Another process works in \(command.text("temporary") ?? "") already. Each node needs a --temporary of its own."
      )
    }
  }
}

extension DataDirectory {
  /// Takes the directory that `serve` is given.
  static func taken(by command: ParsedCommand) async throws -> DataDirectory {
    let path = command.text("data-dir") ?? ""
    if command.flag("require-existing"), let sentence = absence(at: path) {
      throw command.usageError(
        sentence, hint: "Is its volume mounted? Without --require-existing, serve makes what is missing.")
    }
    return try await taken(path)
  }

  /// Takes the data directory. A command that has it for a moment is waited for; a server, which
  /// answers at its socket, is not.
  private static func taken(_ path: String) async throws -> DataDirectory {
    var looks = 50
    while true {
      do throws(DataDirectory.Refusal) {
        return try DataDirectory(path)
      } catch {
        switch error {
        case .inUse(let process):
          looks -= 1
          let isServed = (try? UnixSocket.connected(to: socket(in: path))) != nil
          guard !isServed, looks > 0 else {
            throw ServeCommand.ServeFault(
              sentence:
                "Another process\(process.isEmpty ? "" : " (\(process))") serves \(path) already. Stop it "
                + "first, or choose another --data-dir.")
          }
          try await Task.sleep(for: .milliseconds(100))
        case .unusable(let sentence): throw ServeCommand.ServeFault(sentence: sentence)
        }
      }
    }
  }
}
