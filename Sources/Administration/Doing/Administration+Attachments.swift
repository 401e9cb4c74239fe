import Attachments
import Crypto
import Deployments
import Storage
import Synchronization
import Wire

// Checking attachments, a part at a time.

extension Administration {
  /// How long one command looks: within the patience of those who wait for the socket.
  private static let checkingSeconds = 5
  /// Orphans that are named; of more only the bytes are counted.
  private static let mostNamed = 10_000

  func check(_ checking: AttachmentChecking, of id: String) async throws -> AdminResult {
    let deployment = try deployments.deployment(id)
    let blobs = try deployment.blobs(in: attachments)
    let part = try await AttachmentCheck(deployment.store, blobs).run(
      after: checking.after, until: .now + .seconds(Self.checkingSeconds), repairing: checking.isRepairing)
    var findings = AttachmentFindings(
      blobs: part.blobs, bytes: part.bytes, missing: part.missing, damaged: part.damaged, found: part.found,
      next: part.next)
    // All of it once, with the last part.
    if part.next == nil {
      let recount = try await deployment.store.recount(most: Self.mostNamed)
      if checking.isRepairing, !recount.isClean {
        try await deployment.store.mendCounts(at: SystemClock().now.secondsSince1970)
      }
      findings.miscounted = recount.links.map(\.name.description) + recount.blobs.map(\.name.description)
      (findings.orphaned, findings.orphanedBytes) = try await orphans(
        deployment.store, blobs, isRemoving: checking.isRepairing)
    }
    return .attachments(findings)
  }

  private func orphans(
    _ store: any ObjectStore, _ blobs: DeploymentBlobs, isRemoving: Bool
  ) async throws -> (hashes: [ContentHash], bytes: Int) {
    let orphans = Mutex<(hashes: [ContentHash], bytes: Int)>(([], 0))
    try await AttachmentSweep(store, blobs, at: SystemClock().now).orphans(isRemoving: isRemoving) { found in
      orphans.withLock { orphans in
        orphans.bytes += found.reduce(0) { $0 + $1.size }
        orphans.hashes += found.prefix(max(Self.mostNamed - orphans.hashes.count, 0)).map(\.key.hash)
      }
    }
    return orphans.withLock { $0 }
  }

  /// Bytes of deployments that there are not: neither registered nor with data of their own, which a person may
  /// have put aside together with the control file that knows it.
  func checkStrays(isRepairing: Bool) async throws -> AdminResult {
    let unregistered = Set(try await deployments.engine.strays())
    let strays = try await attachments.deployments().filter {
      DeploymentID.isValid($0) && !deployments.isRegistered($0) && !unregistered.contains($0)
    }
    if isRepairing {
      for id in strays { try await attachments.remove(deployment: id) }
    }
    return .strays(strays.sorted())
  }
}
