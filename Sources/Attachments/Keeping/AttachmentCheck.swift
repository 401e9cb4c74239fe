import Crypto
import Storage
import Wire

/// Holds a deployment's attachments against the bytes that are there: `sojourn fsck`.
package struct AttachmentCheck: Sendable {
  private let store: any AttachmentKeeping
  private let blobs: DeploymentBlobs

  package init(_ store: any AttachmentKeeping, _ blobs: DeploymentBlobs) {
    self.store = store
    self.blobs = blobs
  }

  package struct Findings: Sendable, Equatable {
    /// Blobs that were looked at, and their bytes.
    package var blobs = 0
    package var bytes: Int64 = 0
    /// Attachments' bytes that are not there.
    package var missing: [ContentHash] = []
    /// Bytes that are not what their name says.
    package var damaged: [ContentHash] = []
    /// Bytes that were noted as lost and are there, whole.
    package var found: [ContentHash] = []
    /// Where to go on; nil when all was looked at.
    package var next: ContentHash?

    package init(
      blobs: Int = 0, bytes: Int64 = 0, missing: [ContentHash] = [], damaged: [ContentHash] = [],
      found: [ContentHash] = []
    ) {
      self.blobs = blobs
      self.bytes = bytes
      self.missing = missing
      self.damaged = damaged
      self.found = found
    }
  }

  /// Looks at blobs behind `start`, until all are done or `deadline` is over. With `repairing`, attachments
  /// of missing and damaged bytes are noted as missing, damaged bytes are removed, so that the next upload of
  /// the same bytes is kept, and what was found again is noted.
  /// - Throws: `StorageError`, `BlobFault.unavailable`.
  package func run(
    after start: ContentHash?, until deadline: ContinuousClock.Instant, repairing: Bool
  ) async throws -> Findings {
    var findings = Findings()
    var last = start
    while true {
      let portion = try await store.blobs(after: last, most: 100)
      for blob in portion {
        last = blob.hash
        findings.blobs += 1
        try await look(at: blob, repairing: repairing, &findings)
        if ContinuousClock.now >= deadline {
          findings.next = last
          return findings
        }
      }
      if portion.count < 100 { return findings }
    }
  }

  private func look(at blob: BlobRecord, repairing: Bool, _ findings: inout Findings) async throws {
    guard let size = try await blobs.store.size(of: blob.hash) else {
      // What no attachment has any more may be on its way out.
      guard blob.attachments > 0 else { return }
      findings.missing.append(blob.hash)
      if repairing, !blob.isLost { try await store.note([blob.hash], areLost: true) }
      return
    }
    let isWhole: Bool
    do {
      isWhole = size == Int(blob.size) ? try await blobs.hashNow(of: blob.hash) == blob.hash : false
    } catch BlobFault.missing {
      return
    }
    findings.bytes += Int64(size)
    if isWhole {
      guard blob.isLost else { return }
      findings.found.append(blob.hash)
      if repairing { try await store.note([blob.hash], areLost: false) }
      return
    }
    findings.damaged.append(blob.hash)
    guard repairing else { return }
    try await blobs.holds.removing([blob.hash]) { free in
      guard !free.isEmpty else { return }
      try await store.note(free, areLost: true)
      for hash in free { try await blobs.remove(hash) }
    }
  }
}
