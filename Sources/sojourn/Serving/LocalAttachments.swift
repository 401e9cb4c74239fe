import Accounts
import Attachments
import Storage

/// The attachments of a data directory: their bytes in `DIR/blobs`, addresses signed with a key that is
/// derived from `DIR/secret.key`.
enum LocalAttachments {
  /// Files that are read and written at a time.
  private static let threads = 4

  /// - Throws: `AccountFault`, `BlobFault`, `StorageError`.
  static func open(in directory: String, limit: Int = AttachmentService.usualLimit) throws -> AttachmentService {
    let key = try ServerKey.load(at: directory + "/secret.key")
    let threads = try BlockingThreads(count: threads)
    return AttachmentService(
      engine: try LocalBlobEngine(directory: directory + "/blobs", threads: threads),
      key: key.derived("attachment addresses"), threads: threads, limit: limit)
  }
}
