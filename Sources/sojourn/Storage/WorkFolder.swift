import Administration
import CommandLineTable
import Glibc
import StorageSQLite
import Wire

/// Where a process keeps what is its alone: temporary files, smaller pictures, the socket of administration, a
/// certificate of its own. That is the data directory where data lies in one; beside a database it is a folder that is
/// named for it, or one that goes with the process.
struct WorkFolder: Sendable {
  /// Holds the lock.
  let directory: DataDirectory
  private let passing: PassingFolder?

  var path: String { directory.path }
  var spool: String { directory.spool }

  init(_ directory: DataDirectory) {
    self.directory = directory
    passing = nil
  }

  /// Beside a database; nil makes a folder that goes with the process.
  /// - Throws: `DataDirectory.Refusal`, `ServeFault`.
  init(temporary path: String?) throws {
    let made = try path == nil ? PassingFolder() : nil
    passing = made
    directory = try DataDirectory(path ?? made?.path ?? "", holdsDeployments: false)
  }

  func removeIfPassing() { passing?.remove() }
}

/// A folder that is removed, with all in it, when nobody holds it any more.
private final class PassingFolder: Sendable {
  let path: String

  init() throws(ServeCommand.ServeFault) {
    let parent = Terminal.variable("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/sojourn-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ServeCommand.ServeFault(
        sentence: "No folder for temporary files can be made in \(parent): \(String(cString: strerror(errno))). Name "
          + "another with TMPDIR.")
    }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { remove() }

  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    for entry in BackupFiles.entries(of: path) ?? [] {
      let below = "\(path)/\(entry.name)"
      if entry.kind == .folder { remove(below) } else { unlink(below) }
    }
    rmdir(path)
  }
}
