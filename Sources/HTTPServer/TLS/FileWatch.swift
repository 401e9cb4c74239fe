import Glibc

/// Decides when files that somebody may replace at any time are to be read again.
///
/// Certificate and key are replaced one after the other, so a change counts once the files have stayed the
/// same from one look to the next.
package struct FileWatch: Sendable {
  /// What a file system says of a file; it differs after each change. Nil where there is none.
  package struct Stamp: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var seconds: Int64
    var nanoseconds: Int64

    package init(device: UInt64, inode: UInt64, size: Int64, seconds: Int64, nanoseconds: Int64) {
      self.device = device
      self.inode = inode
      self.size = size
      self.seconds = seconds
      self.nanoseconds = nanoseconds
    }

    /// Of the file behind `path`, through links.
    package init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      self.init(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
        seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    }
  }

  private var read: [Stamp?]
  private var seen: [Stamp?]

  /// `stamps` are those of the files as they were read.
  package init(_ stamps: [Stamp?]) {
    read = stamps
    seen = stamps
  }

  /// Takes the next look at the files: true when they are to be read now.
  package mutating func isDue(_ stamps: [Stamp?]) -> Bool {
    defer { seen = stamps }
    guard stamps != read, stamps == seen else { return false }
    read = stamps
    return true
  }
}
