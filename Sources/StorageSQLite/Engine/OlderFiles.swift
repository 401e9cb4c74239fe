import Glibc

/// The files of a data directory that an earlier version wrote. Opening one brings it to this version's layout; this
/// looks at their heads alone, and changes nothing.
package enum OlderFiles {
  /// Where SQLite keeps `user_version`, in four bytes, the highest first.
  private static let versionOffset = 60
  private static let mark = Array("SQLite format 3\0".utf8)

  /// Files with a log beside them are not counted: their heads may be older than what the log has.
  package static func count(in directory: String) -> Int {
    let deployments = DataDirectory.deployments(in: directory)
    let old = DataDirectory.files(of: deployments).filter {
      isOlder(deployments + "/" + $0, than: Catalog.fileVersion)
    }
    return old.count + (isOlder(directory + "/control.db", than: ControlLayout.fileVersion) ? 1 : 0)
  }

  private static func isOlder(_ path: String, than version: Int64) -> Bool {
    var log = stat()
    if stat(path + "-wal", &log) == 0, log.st_size > 0 { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: versionOffset + 4)
    guard pread(descriptor, &head, head.count, 0) == head.count, head.starts(with: mark) else { return false }
    let found = head[versionOffset...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    // One of layout 0 was emptied or is none of ours.
    return (1..<version).contains(found)
  }
}
