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
  /// of missing and damaged bytes are noted as missing, and what was found again is noted. Damaged bytes stay until
  /// the next upload of the same bytes replaces them; once they are noted, they count as missing.
  /// - Throws: `StorageError`, `BlobFault.unavailable`.
  package func run(
    after start: ContentHash?, until deadline: ContinuousClock.Instant, repairing: Bool
  ) async throws -> Findings {
    var findings = Findings()
    var last = start
    while true {
      let portion = try await store.blobs(after: last, most: 100)
      for blob in portion {
        last = blob.key.hash
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
    let key = blob.key
    let size = try await blobs.store.size(of: key)
    let isWhole: Bool
    do {
      isWhole = size == Int(blob.size) ? try await blobs.hashNow(of: key) == key.hash : false
    } catch BlobFault.missing {
      return
    }
    if isWhole || !blob.isLost { findings.bytes += Int64(size ?? 0) }
    switch (isWhole, blob.isLost) {
    case (true, false): break
    case (true, true):
      findings.found.append(key.hash)
      if repairing { try await store.note([key], areLost: false) }
    case (false, let isNoted) where isNoted || size == nil:
      // What no attachment has any more may be on its way out.
      guard blob.attachments > 0 else { return }
      findings.missing.append(key.hash)
      if repairing, !isNoted { try await store.note([key], areLost: true) }
    case (false, _):
      findings.damaged.append(key.hash)
      guard repairing else { return }
      try await store.note([key], areLost: true)
      try await blobs.forgetPictures(of: key.hash)
    }
  }
}
