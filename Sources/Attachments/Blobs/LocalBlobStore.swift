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

  package func keep(_ intake: FilledIntake, at target: BlobTarget) async throws {
    try await threads.runForStorage { [blobs] in try blobs.keep(intake, at: target) }
  }

  package func content(of key: BlobKey) async throws -> BlobContent {
    try await threads.runForStorage { [blobs] in
      let found = try blobs.open(key)
      return .file(found.file, size: found.size)
    }
  }

  package func size(of key: BlobKey) async throws -> Int? {
    try await threads.runForStorage { [blobs] in blobs.size(of: key) }
  }

  package func remove(_ key: BlobKey) async throws {
    try await threads.runForStorage { [blobs] in try blobs.remove(key) }
  }

  package func list(_ portion: @Sendable ([KeptBlob]) async throws -> Void) async throws {
    for byte in UInt8.min...UInt8.max {
      let found = try await threads.runForStorage { [blobs] in blobs.list(firstByte: byte) }
      if !found.isEmpty { try await portion(found) }
    }
  }
}
