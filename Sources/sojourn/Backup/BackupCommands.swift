import Administration
import CommandLineTable
import Glibc
import JSON
import StorageSQLite
import Synchronization
import Wire

/// `sojourn backup` and `sojourn restore`.
enum BackupCommands {
  static let backup = Command(
    "backup", summary: "Copies a data directory, while it is served or not.",
    discussion: [
      "Copies every deployment as it is at one moment, with credentials, keys and attachments, and writes "
        + "\(BackupManifest.name) last: a directory without it is not whole. Writes go on meanwhile. `sha256sum -c "
        + "\(BackupManifest.listName)` checks it anywhere."
    ],
    options: [
      Commands.dataDirectory, DataPlace.storage,
      CommandOption(
        "to", .path, placeholder: "DIR", required: true, help: "Where the backup goes; made where it is missing."),
      CommandOption("force", .flag, help: "Takes the place of an earlier backup in that directory."),
      Commands.json,
    ],
    examples: [CommandExample("sojourn backup --data-dir data --to /backups/today", "while the server runs")])

  static let restore = Command(
    "restore", summary: "Makes a data directory of a backup.",
    discussion: [
      "Checks every file, and lets each deployment begin another feed: what came after the backup is gone, and "
        + "programs that follow are told to load anew. Sequences go on above those of the backup and of its time."
    ],
    options: [
      CommandOption("from", .path, placeholder: "DIR", required: true, help: "The backup."),
      Commands.dataDirectory, DataPlace.storage, Commands.json,
    ],
    examples: [CommandExample("sojourn restore --from /backups/today --data-dir data", "then serve it")])

  static func runBackup(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    try refuseDatabase(command, "Back it up with: pg_dump --format=custom --file=FILE URL")
    let source = command.text("data-dir") ?? ""
    let target = command.text("to") ?? ""
    let start = ContinuousClock.now
    return finish {
      try prepare(target, for: source, force: command.flag("force"))
      let bar = Bar()
      let manifest = try Backup(source: source, target: target, clock: SystemClock(), progress: bar.add).run()
      try complete(target)
      bar.clear()
      if manifest.problems.isEmpty {
        BackupNote(directory: source).write(
          LastBackup(madeAt: manifest.createdAt, directory: BackupFiles.resolved(target) ?? target))
      }
      for problem in manifest.problems { Terminal.say("sojourn: \(problem)\n", to: 2) }
      let seconds = (ContinuousClock.now - start).components.seconds
      let count = manifest.deployments.count
      if command.flag("json") {
        print(manifest.json, terminator: "")
      } else {
        print(
          "\(count) deployment\(count == 1 ? "" : "s"), \(manifest.fileCount) files, \(manifest.bytes) bytes in "
            + "\(seconds) s: \(target)")
        if let store = manifest.attachmentsElsewhere {
          print("The attachments' bytes are not in it: they lie in \(store). Keep that for as long as the backup.")
        }
      }
      return manifest.problems.isEmpty
    }
  }

  private static func refuseDatabase(_ command: ParsedCommand, _ hint: String) throws(UsageError) {
    if case .database = DataPlace(command) {
      throw command.usageError("it is for data directories, and --storage names a database", hint: hint)
    }
  }

  static func runRestore(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    try refuseDatabase(command, "Restore what pg_dump wrote with: pg_restore --dbname=URL FILE")
    return finish {
      let bar = Bar()
      let target = command.text("data-dir") ?? ""
      let outcome = try Restore(
        source: command.text("from") ?? "", target: target, clock: SystemClock(), progress: bar.add
      ).run()
      bar.clear()
      for problem in outcome.manifest.problems { Terminal.say("sojourn: \(problem)\n", to: 2) }
      if command.flag("json") {
        let feeds = outcome.feeds.map { feed -> JSONNode in
          [
            "id": .text(feed.deployment), "feed": .text(feed.feedID), "sequences_above": .text(String(feed.floor)),
          ]
        }
        let restored: JSONNode = [
          "backup_created_at": .text(outcome.manifest.createdAt.description), "deployments": .array(feeds),
        ]
        print(restored.string)
      } else {
        print("The backup of \(outcome.manifest.createdAt) is restored: \(target)")
        if let store = outcome.manifest.attachmentsElsewhere {
          print("The attachments' bytes lie in \(store), which was not changed: serve it with the same settings.")
        }
        for feed in outcome.feeds {
          print("\(feed.deployment): a new feed; sequences go on above \(feed.floor).")
        }
      }
      return true
    }
  }

  /// Makes the target ready to take a backup, or says why it is not.
  private static func prepare(_ target: String, for source: String, force: Bool) throws {
    guard access(source + "/control.db", R_OK) == 0 else {
      throw BackupFault("\(source) is no data directory that can be read: there is no control.db.")
    }
    if try DatabaseCopy.deployments(inControl: source + "/control.db").isEmpty {
      throw BackupFault("There is no deployment in \(source): there is nothing to back up. Is it the right --data-dir?")
    }
    if let inside = BackupFiles.resolved(target), let whole = BackupFiles.resolved(source),
      (inside + "/").hasPrefix(whole + "/")
    {
      let name = inside == target ? target : "\(target) (\(inside))"
      throw BackupFault(
        inside == whole
          ? "\(name) is a data directory, the one to back up. Choose another directory for the backup."
          : "\(name) lies in the data directory: each backup would hold those before it, and one disk would hold both. "
            + "Choose a directory outside of \(source).")
    }
    try BackupFiles.make(folder: target)
    guard let entries = BackupFiles.entries(of: target) else { throw BackupFault("\(target) is no directory.") }
    let names = Set(entries.map(\.name))
    guard !names.contains("lock"), !names.contains("sojourn.sock") else {
      throw BackupFault("\(target) is a data directory. Choose another directory for the backup.")
    }
    guard names.isEmpty || force else {
      throw BackupFault("\(target) is not empty. Choose another directory, or replace what is there with --force.")
    }
    // Of a backup that could not even begin, there is only the draft of its mark.
    let isOurs =
      names.contains(BackupManifest.name) || names.contains(BackupFiles.incomplete)
      || names == [BackupFiles.incomplete + ".new"]
    guard names.isEmpty || isOurs else {
      throw BackupFault("\(target) holds something else than a backup; that is not replaced. Choose another directory.")
    }
    // From now on until it is whole, it is no backup. What is marked already needs no room for a mark: the
    // disk may be full of the very files that are removed next.
    if !names.contains(BackupFiles.incomplete) {
      try BackupFiles.put("A backup is being made here, or was cut off.\n", at: "\(target)/\(BackupFiles.incomplete)")
    }
    for name in [BackupManifest.name, BackupManifest.listName, "control.db"] { unlink("\(target)/\(name)") }
    for entry in BackupFiles.entries(of: target + "/deployments") ?? [] {
      unlink("\(target)/deployments/\(entry.name)")
    }
    BackupFiles.sync(folder: target)
  }

  /// It is whole: the mark goes, and stays away.
  private static func complete(_ target: String) throws {
    let mark = "\(target)/\(BackupFiles.incomplete)"
    guard unlink(mark) == 0 || errno == ENOENT else {
      throw BackupFault(
        "\(mark) cannot be removed, so that the backup counts as cut off: \(String(cString: strerror(errno))).")
    }
    BackupFiles.sync(folder: target)
  }

  private static func finish(_ body: () throws -> Bool) -> Int32 {
    do {
      return try body() ? 0 : 1
    } catch {
      Terminal.say("sojourn: \(AdminRefusal(error).sentence)\n", to: 2)
      return 1
    }
  }

  /// How many megabytes were copied, on standard error.
  private final class Bar: Sendable {
    private let printer = ProgressPrinter(unit: "MB")
    private let bytes = Mutex(0)

    func add(_ count: Int) {
      let sum = bytes.withLock { bytes in
        bytes += count
        return bytes
      }
      printer.update(ProgressBar.State(done: sum / 1_000_000))
    }

    func clear() { printer.clear() }
  }
}
