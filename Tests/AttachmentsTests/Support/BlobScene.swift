import ServerUnderTest
import Storage
import Threads
import Wire

@testable import Attachments

/// A store on local disk, in a directory of its own, and smaller pictures beside it.
final class BlobScene: Sendable {
  let folder: TemporaryDirectory
  let threads: BlockingThreads
  let store: LocalBlobStore
  let clock = ManualClock(milliseconds: 1_800_000_000_000)

  init() throws {
    folder = try TemporaryDirectory()
    threads = try BlockingThreads(count: 2)
    store = LocalBlobStore(try LocalBlobs(directory: folder.path + "/blobs"), threads: threads)
  }

  deinit { threads.close() }

  func variants(_ program: String, most: Int = 2, waiting: Int = 64) throws -> PictureVariants {
    try PictureVariants(
      directory: folder.path + "/variants", job: PictureJob(program: program), clock: clock, threads: threads,
      most: most, waiting: waiting)
  }

  func filled(_ bytes: [UInt8], limit: Int = 100_000_000) throws -> FilledIntake {
    var intake = try BlobIntake(directory: folder.path + "/blobs/incoming", limit: limit)
    try bytes.withUnsafeBytes { try intake.append($0) }
    return try intake.finish()
  }

  func keep(_ bytes: [UInt8]) async throws -> BlobKey {
    let intake = try filled(bytes)
    try await store.keep(intake)
    return BlobKey(intake.hash)
  }

  static func bytes(of file: OwnedDescriptor, size: Int) throws -> [UInt8] {
    try FileSource(descriptor: file.number, count: size).bytes(at: 0, most: size)
  }
}

extension BlobStore {
  /// In the first generation.
  func keep(_ intake: FilledIntake) async throws {
    try await keep(intake, at: BlobTarget(generation: BlobKey.firstGeneration, isLost: false))
  }
}
