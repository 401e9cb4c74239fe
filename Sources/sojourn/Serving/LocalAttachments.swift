import Attachments
import AttachmentsS3
import Deployments
import Glibc
import Storage
import Threads
import Wire

/// The attachments of a data directory: their bytes in `DIR/blobs` or in an object store, smaller pictures in
/// `DIR/variants`, addresses signed with a key that is derived from `DIR/secret.key`.
enum LocalAttachments {
  /// Files that are read and written at a time.
  private static let threads = 4

  /// `store` is nil where the bytes lie in the directory. `spool` takes files on their way to an object store.
  /// - Throws: `DeploymentFault`, `BlobFault`, `StorageError`.
  static func open(
    in directory: String, spool: String, store: S3Settings?, limit: Int = AttachmentService.usualLimit
  ) throws -> AttachmentService {
    let key = try ServerKey.load(at: directory + "/secret.key")
    let threads = try BlockingThreads.forStorage(count: threads)
    let variants = try PictureVariants(
      directory: directory + "/variants", job: PictureJob(program: program), clock: SystemClock(), threads: threads)
    return AttachmentService(
      engine: try engine(in: directory, spool: spool, store, threads), key: key.derived("attachment addresses"),
      variants: variants, threads: threads, limit: limit)
  }

  private static func engine(
    in directory: String, spool: String, _ store: S3Settings?, _ threads: BlockingThreads
  ) throws -> any BlobEngine {
    let elsewhere = ElsewhereNote(directory: directory)
    if let store {
      try elsewhere.write(store.description)
      return try S3BlobEngine(try S3Client(store, clock: SystemClock()), directory: spool + "/blobs")
    }
    if let store = elsewhere.noted { return ElsewhereBlobEngine(storeInWords: store) }
    return try LocalBlobEngine(directory: directory + "/blobs", threads: threads)
  }

  /// This program, which makes pictures smaller when it is run for it.
  private static var program: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count)
    return count > 0 && count < path.count
      ? String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : "/proc/self/exe"
  }
}
