import Administration
import Attachments
import CommandLineTable
import Deployments
import Objects
import Storage
import StorageSQLite
import Wire

/// A data directory as a server has it open, from the lock to the attachments.
struct ServedData {
  let path: String
  /// Holds the lock.
  let directory: DataDirectory
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
  init(_ command: ParsedCommand, in directory: DataDirectory, connections: Int, log: ServerLog) async throws {
    path = command.text("data-dir") ?? ""
    self.directory = directory
    let clock = SystemClock()
    self.clock = clock
    var options = SQLiteObjectStore.Options()
    options.secondsPerRead = command.seconds("read-limit") ?? options.secondsPerRead
    options.report = { log.note($0) }
    let engine = try SQLiteEngine(
      directory, clock: clock, otherFiles: connections + 512, leastOtherFiles: 64, options: options)
    deployments = try await DeploymentRegistry(engine: engine, clock: clock)
    filesWanted = { engine.filesWanted(for: $0) }
    try await Self.warn(of: deployments, engine, log)
    attachments = try LocalAttachments.open(
      in: path, spool: directory.spool, store: try S3Options.settings(command),
      limit: command.bytes("attachment-limit") ?? AttachmentService.usualLimit)
    deletions = UnfinishedDeletions(directory: path)
    await deletions.finish(deployments, attachments) { log.warning($0) }
    spool = SpoolFolder(
      path: directory.spool, memory: SpoolMemory(limit: command.bytes("answer-memory") ?? 64 << 20))
  }

  /// Deployments, whether they can be used or not.
  var count: Int { deployments.all.count + deployments.allUnusable.count }

  /// Says what in the directory is not served.
  private static func warn(of deployments: DeploymentRegistry, _ engine: SQLiteEngine, _ log: ServerLog) async throws {
    let wanted = engine.filesWanted(for: deployments.all.count + deployments.allUnusable.count)
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
    let strays = try await engine.strayFiles()
    if !strays.isEmpty {
      log.warning(
        "No deployment is registered for \(strays.prefix(20).joined(separator: ", "))"
          + "\(strays.count > 20 ? " and \(strays.count - 20) more" : "") in \(engine.deploymentsDirectory): nothing "
          + "in there is served. Restore the control file that knows them from a backup, or move them away.")
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
