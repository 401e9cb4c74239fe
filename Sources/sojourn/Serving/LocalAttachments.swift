import Attachments
import AttachmentsS3
import Deployments
import Glibc
import Storage
import Threads
import Wire

/// The attachments of a server or a command: their bytes in an object store, in `DIR/blobs` or, where nodes share a
/// database, in a folder that they share too; smaller pictures in `DIR/variants`, addresses signed with a key that is
/// derived from the server's.
struct LocalAttachments {
  let folder: WorkFolder
  let key: ServerKey
  /// Nil where the bytes lie in no object store.
  let store: S3Settings?
  /// Nil for a data directory.
  let database: SharedDatabase?

  init(_ folder: WorkFolder, key: ServerKey, store: S3Settings?, database: SharedDatabase?) {
    (self.folder, self.key, self.store, self.database) = (folder, key, store, database)
  }

  /// Files that are read and written at a time.
  private static let threads = 4

  /// - Throws: `DeploymentFault`, `BlobFault`, `StorageError`.
  func open(limit: Int = AttachmentService.usualLimit) throws -> AttachmentService {
    let threads = try BlockingThreads.forStorage(count: Self.threads)
    let variants = try PictureVariants(
      directory: folder.path + "/variants", job: PictureJob(program: Self.program), clock: SystemClock(),
      threads: threads)
    return AttachmentService(
      engine: try engine(threads), key: key.derived("attachment addresses"), variants: variants, threads: threads,
      limit: limit)
  }

  private func engine(_ threads: BlockingThreads) throws -> any BlobEngine {
    let elsewhere = ElsewhereNote(directory: folder.path)
    if let store {
      if database == nil { try elsewhere.write(store.description) }
      // On their way to the object store files gather here.
      return try S3BlobEngine(try S3Client(store, clock: SystemClock()), directory: folder.spool + "/blobs")
    }
    if let database {
      guard let shared = database.attachments else { return AbsentBlobEngine(reason: Self.nowhere) }
      return try LocalBlobEngine(directory: shared, isShared: true, threads: threads)
    }
    if let store = elsewhere.noted { return AbsentBlobEngine(reason: ElsewhereNote.reason(store)) }
    return try LocalBlobEngine(directory: folder.path + "/blobs", threads: threads)
  }

  static let nowhere =
    "this server has no place for attachments: it needs the settings of an object store (SOJOURN_S3_BUCKET and the "
    + "others), or --attachments DIR, a folder that all nodes share"

  /// This program, which makes pictures smaller when it is run for it.
  private static var program: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count)
    return count > 0 && count < path.count
      ? String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : "/proc/self/exe"
  }
}
