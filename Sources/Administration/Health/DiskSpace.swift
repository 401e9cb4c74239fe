import Glibc
import JSON
import Wire

/// The room on the disk of the data directory.
package struct DiskSpace: Sendable, Equatable, JSONRecord {
  package var freeBytes: Int
  package var totalBytes: Int

  package init(freeBytes: Int, totalBytes: Int) {
    self.freeBytes = freeBytes
    self.totalBytes = totalBytes
  }

  /// The disk under a directory: root's own reserve is not counted as free. Nil where that cannot be told.
  package init?(of path: String) {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let block = UInt64(status.f_frsize)
    freeBytes = Int(clamping: UInt64(status.f_bavail) &* block)
    totalBytes = Int(clamping: UInt64(status.f_blocks) &* block)
  }

  private static let leastBytes = 1 << 30
  private static let plentyBytes = 20 << 30

  /// Less than 1 GiB, or less than 20 GiB that are no twentieth of the disk.
  package var isNearlyFull: Bool {
    freeBytes < Self.leastBytes || (freeBytes < Self.plentyBytes && freeBytes < totalBytes / 20)
  }

  package var text: String { "\(ByteText.text(freeBytes)) free of \(ByteText.text(totalBytes))" }
}

extension DiskSpace {
  package static var blank: DiskSpace { DiskSpace(freeBytes: 0, totalBytes: 0) }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("free_bytes", &freeBytes, .count)
    try members.member("total_bytes", &totalBytes, .count)
  }
}
