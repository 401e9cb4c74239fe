import Administration
import Crypto
import Glibc
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
    "lock", "sojourn.sock", "tmp", "variants", BackupNote.name, BackupNote.name + ".new", UnfinishedDeletions.folder,
    "deployments", "control.db",
    "control.db-wal",
    "control.db-shm", "control.db-journal",
  ]
  private static let deepest = 8

  /// The files that lie in the backup so far.
  private struct Contents {
    var list = BackupList()
    var bytes = 0

    mutating func enter(_ path: String, _ copied: BackupFiles.Copied?) {
      guard let copied else { return }
      list.entries.append(.init(path: path, hash: copied.hash))
      bytes += copied.bytes
    }
  }

  /// What became of one deployment.
  private enum Copy {
    /// With the names of the files beside it.
    case done(lastSequence: Int64, companions: [String])
    case failed(String)

    var lastSequence: Int64? { if case .done(let last, _) = self { last } else { nil } }
    var problem: String? { if case .failed(let problem) = self { problem } else { nil } }
  }

  /// - Throws: `BackupFault`, `StorageError`.
  func run() throws -> BackupManifest {
    try BackupFiles.make(folder: target + "/deployments")
    let (ids, copies) = try copyDeployments()
    var contents = Contents()
    contents.enter("control.db", try BackupFiles.hash(of: target + "/control.db"))
    for id in ids { try list(id, copies[id], in: &contents) }
    BackupFiles.sync(folder: target + "/deployments")
    try copyFolder("", depth: 0, &contents)
    let list = contents.list.text
    try BackupFiles.put(list, at: "\(target)/\(BackupManifest.listName)")
    let manifest = BackupManifest(
      version: Commands.version, createdAt: clock.now,
      deployments: ids.compactMap { id in copies[id]?.lastSequence.map { .init(id: id, lastSequence: $0) } },
      attachmentsElsewhere: ElsewhereNote(directory: source).noted,
      problems: ids.compactMap { id in
        copies[id]?.problem.map { "The deployment \(id) is not in this backup. \($0)" }
      },
      fileCount: contents.list.entries.count, bytes: contents.bytes, listHash: Hex.encode(SHA256.hash(list)))
    try BackupFiles.put(manifest.json, at: "\(target)/\(BackupManifest.name)")
    return manifest
  }

  /// Copies the deployments and then the control file. Gives the deployments that the control file's copy names, and
  /// what became of each.
  private func copyDeployments() throws -> (ids: [String], copies: [String: Copy]) {
    var copies: [String: Copy] = [:]
    for id in try DatabaseCopy.deployments(inControl: source + "/control.db") { copies[id] = copyDeployment(id) }
    let ids = try DatabaseCopy.control(of: source + "/control.db", at: target + "/control.db")
    // Deployments come and go while others are copied.
    for id in ids where copies[id] == nil { copies[id] = copyDeployment(id) }
    for (id, copy) in copies where !ids.contains(id) {
      guard case .done(_, let companions) = copy else { continue }
      for file in [path(id, target)] + companions.map({ "\(target)/deployments/\($0)" }) { unlink(file) }
    }
    return (ids, copies)
  }

  private func copyDeployment(_ id: String) -> Copy {
    do {
      let companions = try copyCompanions(of: id)
      let last = try DatabaseCopy.deployment(of: path(id, source), at: path(id, target), progress: progress)
      return .done(lastSequence: last, companions: companions)
    } catch {
      return .failed(Sentence.of(error))
    }
  }

  private func list(_ id: String, _ copy: Copy?, in contents: inout Contents) throws {
    guard case .done(_, let companions) = copy else { return }
    contents.enter("deployments/\(id).db", try BackupFiles.hash(of: path(id, target)))
    for name in companions {
      contents.enter("deployments/\(name)", try BackupFiles.hash(of: "\(target)/deployments/\(name)"))
    }
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
  private func copyFolder(_ folder: String, depth: Int, _ contents: inout Contents) throws {
    for entry in BackupFiles.entries(of: source + folder) ?? [] {
      let path = "\(folder)/\(entry.name)"
      if depth == 0, Self.unneeded.contains(entry.name) { continue }
      if Self.isUnnamedUpload(path) { continue }
      guard BackupList.isInside(path.dropFirst()) else { continue }
      switch entry.kind {
      case .folder where depth < Self.deepest:
        try BackupFiles.make(folder: target + path)
        try copyFolder(path, depth: depth + 1, &contents)
      case .file:
        // Blobs are named by their content and never change.
        let copied =
          path.hasPrefix("/blobs/")
          ? try BackupFiles.link(source + path, to: target + path, progress: progress)
          : try BackupFiles.copy(source + path, to: target + path, progress: progress)
        contents.enter(String(path.dropFirst()), copied)
      case .folder, .other: continue
      }
    }
    BackupFiles.sync(folder: target + folder)
  }
}
