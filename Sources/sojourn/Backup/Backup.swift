import Administration
import Crypto
import Glibc
import Storage
import StorageSQLite
import Wire

// One backup
//
// `sojourn backup` works beside the server and not in it: a server that is killed, stopped or started meanwhile
// does not matter, and nothing in it waits. `DatabaseCopy.swift` opens a reader, holds one snapshot, and copies
// the pages with SQLite's backup interface; the connection never moves the log, also not when it is the last one
// to close, since the file may belong to another deployment by then. `Backup.swift` has the order: what follows an
// oplog (as positions do) before the deployment, the control file after all deployments (and those that came or
// went meanwhile are made good), attachments after the objects that name them, the manifest last. `Restore.swift`
// checks each file, renews each feed (`RestoredFeed.swift`), and gives the control file its name last: without it
// a server does not start on deployments.

/// Copies a data directory, whether a server has it or not.
///
/// It works beside the server, not in it: each database is read as one snapshot by a connection of its own,
/// so that nothing in the server waits for the copy, and a copy that is cut off leaves nothing behind there.
/// Order matters: what follows a deployment's oplog is copied before it, the control file after all
/// deployments, what objects refer to (blobs) after the objects; the manifest last.
struct Backup {
  let source: String
  let target: String
  let clock: any WallClock
  let progress: (Int) -> Void

  /// What is in the directory for the process that has it, and what is copied in another way.
  private static let unneeded: Set<String> = [
    "lock", "sojourn.sock", "tmp", "variants", UnfinishedDeletions.folder, "deployments", "control.db",
    "control.db-wal",
    "control.db-shm", "control.db-journal",
  ]
  private static let deepest = 8

  /// - Throws: `BackupFault`, `StorageError`.
  func run() throws -> BackupManifest {
    var list = BackupList()
    var bytes = 0
    func enter(_ path: String, _ copied: BackupFiles.Copied?) {
      guard let copied else { return }
      list.entries.append(.init(path: path, hash: copied.hash))
      bytes += copied.bytes
    }
    try BackupFiles.make(folder: target + "/deployments")
    var sequences: [String: Int64] = [:]
    var reasons: [String: String] = [:]
    var companions: [String: [String]] = [:]
    func copyDeployment(_ id: String) {
      do {
        companions[id] = try copyCompanions(of: id)
        sequences[id] = try DatabaseCopy.deployment(
          of: path(id, source), at: path(id, target), progress: progress)
      } catch let error as StorageError {
        reasons[id] = error.sentence
      } catch let fault as BackupFault {
        reasons[id] = fault.sentence
      } catch {
        reasons[id] = "\(error)"
      }
    }
    for id in try DatabaseCopy.deployments(inControl: source + "/control.db") { copyDeployment(id) }
    let ids = try DatabaseCopy.control(of: source + "/control.db", at: target + "/control.db")
    // Deployments come and go while others are copied.
    for id in ids where sequences[id] == nil && reasons[id] == nil { copyDeployment(id) }
    for id in Set(sequences.keys).subtracting(ids) {
      for file in [path(id, target)] + (companions[id] ?? []).map({ "\(target)/deployments/\($0)" }) { unlink(file) }
    }
    enter("control.db", try BackupFiles.hash(of: target + "/control.db"))
    for id in ids where sequences[id] != nil {
      enter("deployments/\(id).db", try BackupFiles.hash(of: path(id, target)))
      for name in companions[id] ?? [] {
        enter("deployments/\(name)", try BackupFiles.hash(of: "\(target)/deployments/\(name)"))
      }
    }
    BackupFiles.sync(folder: target + "/deployments")
    try copyFolder("", depth: 0, enter)
    try BackupFiles.put(list.text, at: "\(target)/\(BackupManifest.listName)")
    let manifest = BackupManifest(
      version: Commands.version, createdAt: clock.now,
      deployments: ids.compactMap { id in sequences[id].map { .init(id: id, lastSequence: $0) } },
      attachmentsElsewhere: ElsewhereNote(directory: source).noted,
      problems: ids.compactMap { id in reasons[id].map { "The deployment \(id) is not in this backup. \($0)" } },
      fileCount: list.entries.count, bytes: bytes, listHash: Hex.encode(SHA256.hash(list.text)))
    try BackupFiles.put(manifest.json, at: "\(target)/\(BackupManifest.name)")
    return manifest
  }

  private func path(_ id: String, _ directory: String) -> String { "\(directory)/deployments/\(id).db" }

  /// Files beside a deployment's own that are no index, no marker and no log of one.
  private func copyCompanions(of id: String) throws -> [String] {
    var names: [String] = []
    for entry in BackupFiles.entries(of: source + "/deployments") ?? [] where entry.kind == .file {
      let name = entry.name
      guard name.hasPrefix(id + "."), name != "\(id).db", !name.hasPrefix("\(id).search"),
        !name.hasPrefix("\(id).marker"), !["-wal", "-shm", "-journal"].contains(where: { name.hasSuffix($0) })
      else { continue }
      let (from, to) = ("\(source)/deployments/\(name)", "\(target)/deployments/\(name)")
      if Self.isDatabase(from) {
        try DatabaseCopy.other(of: from, at: to)
        names.append(name)
      } else if try BackupFiles.copy(from, to: to, progress: progress) != nil {
        names.append(name)
      }
    }
    return names
  }

  private static func isDatabase(_ path: String) -> Bool {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return false }
    defer { close(number) }
    var bytes = [UInt8](repeating: 0, count: 16)
    return read(number, &bytes, 16) == 16 && bytes == Array("SQLite format 3\0".utf8)
  }

  /// Uploads that have no name yet, `/blobs/ID/incoming`: they grow while they are copied, and nothing refers
  /// to them.
  static func isUnnamedUpload(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.count >= 2 && parts[0] == "blobs" && parts[1...].prefix(2).contains("incoming")
  }

  /// Everything else: keys, certificates, blobs.
  private func copyFolder(_ folder: String, depth: Int, _ enter: (String, BackupFiles.Copied?) -> Void) throws {
    for entry in BackupFiles.entries(of: source + folder) ?? [] {
      let path = "\(folder)/\(entry.name)"
      if depth == 0, Self.unneeded.contains(entry.name) { continue }
      if Self.isUnnamedUpload(path) { continue }
      guard BackupList.isInside(path.dropFirst()) else { continue }
      switch entry.kind {
      case .folder where depth < Self.deepest:
        try BackupFiles.make(folder: target + path)
        try copyFolder(path, depth: depth + 1, enter)
      case .file:
        // Blobs are named by their content and never change.
        let copied =
          path.hasPrefix("/blobs/")
          ? try BackupFiles.link(source + path, to: target + path, progress: progress)
          : try BackupFiles.copy(source + path, to: target + path, progress: progress)
        enter(String(path.dropFirst()), copied)
      case .folder, .other: continue
      }
    }
    BackupFiles.sync(folder: target + folder)
  }
}
