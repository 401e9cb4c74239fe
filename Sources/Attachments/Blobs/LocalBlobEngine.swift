import Glibc
import Storage
import Synchronization
import Threads

/// Blobs as files on local disk: `DIR/DEPLOYMENT/ab/cd/…`.
package final class LocalBlobEngine: BlobEngine {
  private let directory: String
  private let isShared: Bool
  private let threads: BlockingThreads
  private let opened = Mutex<[String: LocalBlobs]>([:])

  /// Makes the directory where it is missing.
  /// - Parameter isShared: whether other processes keep blobs there too.
  package init(directory: String, isShared: Bool = false, threads: BlockingThreads) throws(BlobFault) {
    self.directory = directory
    self.isShared = isShared
    self.threads = threads
    try LocalBlobs.make(directory)
  }

  package func store(of deployment: String) throws(BlobFault) -> any BlobStore {
    LocalBlobStore(try blobs(of: deployment), threads: threads)
  }

  package func intakeDirectory(of deployment: String) throws(BlobFault) -> String {
    try blobs(of: deployment).incoming
  }

  private func blobs(of deployment: String) throws(BlobFault) -> LocalBlobs {
    try opened.withLock { opened throws(BlobFault) in
      if let known = opened[deployment] { return known }
      // Once a process: it removes what lies half done, which may be in the making later.
      let blobs = try LocalBlobs(directory: path(of: deployment), isShared: isShared)
      opened[deployment] = blobs
      return blobs
    }
  }

  package func deployments() async throws -> [String] {
    try await threads.runForStorage { [directory] in LocalBlobs.names(in: directory).filter { $0 != "." && $0 != ".." }
    }
  }

  package func remove(deployment: String) async throws {
    opened.withLock { $0[deployment] = nil }
    let path = path(of: deployment)
    try await threads.runForStorage { try LocalBlobs.removeAll(path) }
  }

  private func path(of deployment: String) -> String { "\(directory)/\(deployment)" }
}
