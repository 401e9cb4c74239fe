import Administration
import Crypto
import JSON
import Wire

/// What a backup says of itself, in `manifest.json`: written last, so that a directory without it is no
/// backup, or one that was cut off.
///
/// The files stand in a list of their own, `files.sha256`, in the form that `sha256sum -c` reads; the
/// manifest has that list's hash.
struct BackupManifest: Equatable {
  static let name = "manifest.json"
  static let listName = "files.sha256"
  static let format: Int64 = 1

  struct Deployment: Equatable {
    var id: String
    /// Of the oplog; 0 where it is empty.
    var lastSequence: Int64
  }

  /// Of the program that made it.
  var version: String
  var createdAt: Instant
  var deployments: [Deployment]
  /// The object store that has the attachments, in words, where they are no part of the backup; else nil.
  var attachmentsElsewhere: String?
  /// Deployments that could not be copied, and why.
  var problems: [String]
  var fileCount: Int
  var bytes: Int
  /// Of `files.sha256`, in hex.
  var listHash: String

  var json: String {
    var writer = ByteWriter()
    writer.append("{\"sojourn_backup\":")
    writer.append(integer: Self.format)
    writer.append(",\"version\":")
    writer.append(quoted: version)
    writer.append(",\"created_at\":\"")
    writer.append(instant: createdAt)
    writer.append("\",\n\"deployments\":[")
    for (index, deployment) in deployments.enumerated() {
      writer.append(index == 0 ? "\n{\"id\":" : ",\n{\"id\":")
      writer.append(quoted: deployment.id)
      writer.append(",\"last_sequence\":\"")
      writer.append(integer: deployment.lastSequence)
      writer.append("\"}")
    }
    writer.append("],\n")
    if let attachmentsElsewhere {
      writer.append("\"attachments_elsewhere\":")
      writer.append(quoted: attachmentsElsewhere)
      writer.append(",\n")
    }
    writer.append("\"problems\":[")
    for (index, problem) in problems.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: problem)
    }
    writer.append("],\n\"files\":")
    writer.append(integer: Int64(fileCount))
    writer.append(",\"bytes\":")
    writer.append(integer: Int64(bytes))
    writer.append(",\"files_sha256\":")
    writer.append(quoted: listHash)
    writer.append("}\n")
    return writer.string
  }

  init(
    version: String, createdAt: Instant, deployments: [Deployment], attachmentsElsewhere: String? = nil,
    problems: [String], fileCount: Int, bytes: Int, listHash: String
  ) {
    self.attachmentsElsewhere = attachmentsElsewhere
    self.version = version
    self.createdAt = createdAt
    self.deployments = deployments
    self.problems = problems
    self.fileCount = fileCount
    self.bytes = bytes
    self.listHash = listHash
  }

  /// - Throws: `BackupFault` where the text is no manifest, or one of a later version.
  init(_ text: String) throws(BackupFault) {
    let broken = BackupFault("\(Self.name) of the backup is damaged, or none of Sojourn.")
    guard let root = try? JSONDocument.read(Array(text.utf8)).root,
      let format = root["sojourn_backup"]?.number?.integer
    else { throw broken }
    guard format == Self.format else {
      throw BackupFault("The backup was made by a later version of Sojourn. Restore it with that version.")
    }
    guard let version = root["version"]?.string, let createdAt = root["created_at"]?.string.flatMap({ Instant($0) }),
      let list = root["deployments"]?.elements, let problems = root["problems"]?.elements,
      let files = root["files"]?.number?.integer, let bytes = root["bytes"]?.number?.integer,
      let listHash = root["files_sha256"]?.string, ContentHash(listHash) != nil
    else { throw broken }
    var deployments: [Deployment] = []
    for item in list {
      guard let id = item["id"]?.string, let last = item["last_sequence"]?.string.flatMap({ Int64($0) }), last >= 0
      else { throw broken }
      deployments.append(Deployment(id: id, lastSequence: last))
    }
    self.init(
      version: version, createdAt: createdAt, deployments: deployments,
      attachmentsElsewhere: root["attachments_elsewhere"]?.string, problems: problems.compactMap(\.string),
      fileCount: Int(files), bytes: Int(bytes), listHash: listHash)
  }
}

/// The files of a backup with the hashes of their contents.
struct BackupList: Equatable {
  struct Entry: Equatable {
    /// Relative to the backup's directory.
    var path: String
    var hash: String
  }

  var entries: [Entry] = []

  /// As `sha256sum` prints it.
  var text: String { entries.map { "\($0.hash)  \($0.path)\n" }.joined() }

  init() {}

  /// - Throws: `BackupFault` for a line that is none, and for a path that would lead out of the directory.
  init(_ text: String) throws(BackupFault) {
    for line in text.split(separator: "\n") {
      let hash = line.prefix(64)
      let path = line.dropFirst(66)
      guard line.dropFirst(64).hasPrefix("  "), ContentHash(String(hash)) != nil, Self.isInside(path) else {
        throw BackupFault(
          "\(BackupManifest.listName) of the backup has a line that is wrong: \(CutText.cut(String(line))).")
      }
      entries.append(Entry(path: String(path), hash: String(hash)))
    }
  }

  /// Whether a path stays in its directory, and can be a line.
  static func isInside(_ path: some StringProtocol) -> Bool {
    guard !path.isEmpty, path.utf8.count <= 1000, !path.utf8.contains(where: { $0 < 32 }) else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".."
    }
  }
}
