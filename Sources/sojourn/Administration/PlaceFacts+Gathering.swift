import API
import Administration
import Glibc
import HTTPServer
import Storage
import Wire

extension PlaceFacts {
  /// What a process finds that works in a folder. `files` are those of the certificate; `words` say where the data lies
  /// if not in that folder.
  init(in directory: String, _ files: LocalIdentity.Files?, words: String? = nil) {
    self.init()
    version = Commands.version
    self.directory = words ?? Self.whole(directory)
    disk = DiskSpace(of: directory)
    certificate = files.flatMap(ShownCertificate.init)
    lastBackup = BackupNote(directory: directory).noted
  }

  /// What a server knows.
  static func served(_ data: ServedData, _ identity: ServedIdentity?, _ health: HealthReport) -> PlaceFacts {
    var facts = PlaceFacts(in: data.path, identity?.files, words: data.database?.words)
    facts.source = .server
    facts.complaint = health.sentence == HealthReport(.serving).sentence ? nil : health.sentence
    facts.files = FileLimitFacts(
      limit: OpenFileLimit.now.hard, wanted: data.filesWanted(data.count), open: ProcessFigures.files)
    return facts
  }

  /// As it is written from everywhere: commands that are told must do so wherever they are given.
  private static func whole(_ path: String) -> String { BackupFiles.resolved(path) ?? path }
}

extension ShownCertificate {
  /// Nil where the server would have to make it first.
  fileprivate init?(_ files: LocalIdentity.Files) {
    if files.isOwn, access(files.certificate, F_OK) != 0 { return nil }
    do throws(ServerError) {
      let identity = try files.load()
      self.init(
        path: files.certificate, isOwn: files.isOwn, endsAt: identity.endsAt.flatMap { Instant(secondsSince1970: $0) })
    } catch {
      self.init(path: files.certificate, isOwn: files.isOwn, problem: error.description)
    }
  }
}
