import Administration
import Crypto
import Glibc
import Storage
import StorageSQLite
import Wire

/// Puts a backup into a data directory of its own, and lets each deployment begin another feed.
///
/// Every file is compared with its hash as it is copied. The control file gets its name last: a server does
/// not start on deployments without one, so what was cut off is never taken for whole.
struct Restore {
  let source: String
  let target: String
  let clock: any WallClock
  let progress: (Int) -> Void

  private static let mostManifest = 16 << 20
  private static let mostList = 1 << 30

  struct Outcome {
    let manifest: BackupManifest
    /// By deployment: the new feed's id, and the sequence above which it goes on.
    let feeds: [(deployment: String, feedID: String, floor: Int64)]
  }

  /// - Throws: `BackupFault`, `StorageError`; then what was copied is removed again.
  func run() throws -> Outcome {
    let mark = "\(source)/\(BackupFiles.incomplete)"
    guard try BackupFiles.text(of: mark, limit: Self.mostManifest) == nil else {
      throw BackupFault(
        "\(mark) says that this backup was cut off, or is being made. Make a new one, or choose another directory.")
    }
    guard let text = try BackupFiles.text(of: "\(source)/\(BackupManifest.name)", limit: Self.mostManifest) else {
      throw BackupFault(
        "\(source) has no \(BackupManifest.name): it is no backup, or one that was cut off. Make a new one, or choose "
          + "another directory.")
    }
    let manifest = try BackupManifest(text)
    guard let lines = try BackupFiles.text(of: "\(source)/\(BackupManifest.listName)", limit: Self.mostList),
      Hex.encode(SHA256.hash(lines)) == manifest.listHash
    else {
      throw BackupFault("\(BackupManifest.listName) of the backup is missing or damaged. Use another backup.")
    }
    let list = try BackupList(lines)
    guard list.entries.contains(where: { $0.path == "control.db" }) else {
      throw BackupFault("The backup has no control.db. Use another backup.")
    }
    if let entries = BackupFiles.entries(of: target), !entries.isEmpty {
      throw BackupFault("\(target) is not empty. Restore into a new directory, then serve that one.")
    }
    try BackupFiles.make(folder: target)
    var made: [String] = []
    do {
      let feeds = try fill(list, manifest, &made)
      return Outcome(manifest: manifest, feeds: feeds)
    } catch {
      for path in made.reversed() where unlink(path) != 0 { rmdir(path) }
      throw error
    }
  }

  private func fill(
    _ list: BackupList, _ manifest: BackupManifest, _ made: inout [String]
  ) throws -> [(deployment: String, feedID: String, floor: Int64)] {
    var folders: Set<String> = []
    var bytes = 0
    for folder in ["deployments", "tmp"] {
      made.append("\(target)/\(folder)")
      try BackupFiles.make(folder: "\(target)/\(folder)")
      folders.insert(folder)
    }
    var feeds: [(deployment: String, feedID: String, floor: Int64)] = []
    for entry in list.entries {
      var folder = ""
      for part in entry.path.split(separator: "/").dropLast() {
        folder += folder.isEmpty ? "\(part)" : "/\(part)"
        guard folders.insert(folder).inserted else { continue }
        made.append("\(target)/\(folder)")
        try BackupFiles.make(folder: "\(target)/\(folder)")
      }
      let isControl = entry.path == "control.db"
      let path = "\(target)/\(entry.path)\(isControl ? ".new" : "")"
      made.append(path)
      guard let copied = try BackupFiles.copy("\(source)/\(entry.path)", to: path, progress: progress) else {
        throw BackupFault("\(entry.path) is missing in the backup. Use another backup.")
      }
      guard copied.hash == entry.hash else {
        throw BackupFault("\(entry.path) of the backup is damaged: its content is not what it was. Use another backup.")
      }
      bytes += copied.bytes
      guard let id = Self.deployment(entry.path) else { continue }
      made += ["\(path)-wal", "\(path)-shm"]
      let renewed = try RestoredFeed.renew(at: path, milliseconds: clock.milliseconds())
      guard manifest.deployments.contains(.init(id: id, lastSequence: renewed.last)) else { throw Self.contradiction }
      feeds.append((id, renewed.feedID, renewed.floor))
    }
    guard list.entries.count == manifest.fileCount, bytes == manifest.bytes,
      feeds.count == manifest.deployments.count
    else { throw Self.contradiction }
    made += ["\(target)/control.db.new-wal", "\(target)/control.db.new-shm"]
    try RestoredPeople.signOut(at: "\(target)/control.db.new")
    for folder in folders { BackupFiles.sync(folder: "\(target)/\(folder)") }
    try BackupFiles.move("\(target)/control.db.new", to: "\(target)/control.db")
    return feeds
  }

  private static let contradiction = BackupFault(
    "\(BackupManifest.name) of the backup says something else than its files. Use another backup.")

  /// The deployment whose own file this is.
  private static func deployment(_ path: String) -> String? {
    guard path.hasPrefix("deployments/"), path.hasSuffix(".db") else { return nil }
    let id = path.dropFirst(12).dropLast(3)
    return id.contains("/") || id.contains(".") ? nil : String(id)
  }
}
