import Crypto
import Storage
import Threads

/// Blobs in a directory on local disk, worked on by threads of its own.
package final class LocalBlobStore: BlobStore {
  private let blobs: LocalBlobs
  private let threads: BlockingThreads

  package init(_ blobs: LocalBlobs, threads: BlockingThreads) {
    self.blobs = blobs
    self.threads = threads
  }

  package func keep(_ intake: FilledIntake) async throws {
    try await threads.runForStorage { [blobs] in try blobs.keep(intake) }
  }

  package func content(of hash: ContentHash) async throws -> BlobContent {
    try await threads.runForStorage { [blobs] in
      let found = try blobs.open(hash)
      return .file(found.file, size: found.size)
    }
  }

  package func size(of hash: ContentHash) async throws -> Int? {
    try await threads.runForStorage { [blobs] in blobs.size(of: hash) }
  }

  package func remove(_ hash: ContentHash) async throws {
    try await threads.runForStorage { [blobs] in try blobs.remove(hash) }
  }

  package func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws {
    for byte in UInt8.min...UInt8.max {
      let found = try await threads.runForStorage { [blobs] in blobs.list(firstByte: byte) }
      if !found.isEmpty { try await portion(found) }
    }
  }
}
