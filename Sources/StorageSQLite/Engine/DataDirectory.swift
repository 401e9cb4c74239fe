import Glibc
import Wire

/// The directory that holds all of a server's data. One process at a time has it: the one that holds
/// the lock on `DIR/lock`, which the kernel takes back when the process ends, however it ends.
package final class DataDirectory: Sendable {
  package let path: String
  private let lock: OwnedDescriptor

  package enum Refusal: Error, Sendable {
    /// Another process has it; its process id where it said so.
    case inUse(processID: String)
    case unusable(String)
  }

  /// Takes the directory, making it (mode 0700) where it is missing. One that holds no deployments is the working
  /// folder of a process whose data lies elsewhere.
  package init(_ path: String, holdsDeployments: Bool = true) throws(Refusal) {
    self.path = path
    try Self.make(path)
    let descriptor = MadeFile.open(path + "/lock", O_RDWR, 0o600)
    guard descriptor >= 0 else { throw .unusable("\(path)/lock cannot be opened: \(Self.reason).") }
    lock = OwnedDescriptor(descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var text = [UInt8](repeating: 0, count: 20)
      let count = read(descriptor, &text, text.count)
      let digits = text.prefix(max(count, 0)).prefix { $0 >= 48 && $0 <= 57 }
      throw .inUse(processID: String(decoding: digits, as: UTF8.self))
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
    for folder in (holdsDeployments ? [deployments] : []) + [spool] { try Self.make(folder) }
  }

  /// A sentence where there is no data directory; nil where there is one, or where that cannot be seen.
  package static func absence(at path: String) -> String? {
    if access(path + "/control.db", F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) { return nil }
    // One whose control file was lost is damaged, and not absent: opening it says what to do.
    if access(path + "/lock", F_OK) == 0, access(path + "/deployments", F_OK) == 0 { return nil }
    return access(path, F_OK) == 0
      ? "\(path) is no data directory: it has no control.db." : "There is no data directory \(path)."
  }

  package var deployments: String { Self.deployments(in: path) }
  static func deployments(in path: String) -> String { path + "/deployments" }
  /// The names of the files of deployments, registered or not.
  var deploymentFiles: [String] { Self.files(of: deployments) }
  static func files(of deployments: String) -> [String] {
    guard let folder = opendir(deployments) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".db") { names.append(name) }
    }
    return names
  }
  /// For temporary files, which are unlinked as soon as they are open.
  package var spool: String { Self.spool(in: path) }
  package static func spool(in path: String) -> String { path + "/tmp" }
  /// Where the administrative socket of the server that has the directory listens.
  package static func socket(in path: String) -> String { path + "/sojourn.sock" }

  private static func make(_ path: String) throws(Refusal) {
    if MadeFile.folder(path, 0o700) == 0 { return sync(parentOf: path) }
    if errno == EEXIST { return }
    throw .unusable("The directory \(path) cannot be made: \(reason).")
  }

  /// Puts a new directory's name on disk; SQLite does so only for the files in it. Where a file system
  /// cannot sync a directory it keeps names in order itself.
  static func sync(parentOf path: String) {
    let descriptor = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
