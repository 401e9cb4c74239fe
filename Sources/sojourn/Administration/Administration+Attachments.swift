import Crypto
import Deployments
import Attachments
import Storage
import Synchronization
import Wire

// Checking attachments, a part at a time.

extension Administration {
  /// How long one request looks: within the patience of those who wait for the socket.
  private static let checkingSeconds = 5
  /// Orphans that are named; of more only the bytes are counted.
  private static let mostNamed = 10_000

  func checkAttachments(_ request: AdminRequest) async throws -> String {
    let id = request.texts["deployment"] ?? ""
    let deployment = try deployments.deployment(id)
    let store = deployment.store
    let blobs = try deployment.blobs(in: attachments)
    let isRepairing = request.texts["repair"] == "true"
    let findings = try await AttachmentCheck(store, blobs).run(
      after: request.texts["after"].flatMap { ContentHash($0) }, until: .now + .seconds(Self.checkingSeconds),
      repairing: isRepairing)
    var recount = Recount()
    let orphans = Mutex<(hashes: [ContentHash], bytes: Int)>(([], 0))
    // All of it once, with the last part.
    if findings.next == nil {
      recount = try await store.recount(most: Self.mostNamed)
      if isRepairing, !recount.isClean { try await store.mendCounts(at: SystemClock().now.secondsSince1970) }
      try await AttachmentSweep(store, blobs, at: SystemClock().now).orphans(isRemoving: isRepairing) { found in
        orphans.withLock { orphans in
          orphans.bytes += found.reduce(0) { $0 + $1.size }
          orphans.hashes += found.prefix(max(Self.mostNamed - orphans.hashes.count, 0)).map(\.hash)
        }
      }
    }
    return orphans.withLock { Self.json(findings, recount, orphans: $0.hashes, bytes: $0.bytes) }
  }

  /// Bytes of deployments that there are not: neither registered nor with data of their own, which a person may
  /// have put aside together with the control file that knows it.
  func checkStrays(_ request: AdminRequest) async throws -> String {
    let unregistered = Set(try await deployments.engine.strays())
    let strays = try await attachments.deployments().filter {
      DeploymentID.isValid($0) && !deployments.isRegistered($0) && !unregistered.contains($0)
    }
    if request.texts["repair"] == "true" {
      for id in strays { try await attachments.remove(deployment: id) }
    }
    return "{\"strays\":[\(strays.sorted().map { "\"\($0)\"" }.joined(separator: ","))]}"
  }

  private static func json(
    _ findings: AttachmentCheck.Findings, _ recount: Recount, orphans: [ContentHash], bytes: Int
  ) -> String {
    var writer = ByteWriter()
    writer.append("{\"blobs\":")
    writer.append(integer: Int64(findings.blobs))
    writer.append(",\"bytes\":")
    writer.append(integer: findings.bytes)
    let miscounted = recount.links.map(\.name.description) + recount.blobs.map(\.name.description)
    for (key, names) in [
      ("missing", findings.missing.map(\.description)), ("damaged", findings.damaged.map(\.description)),
      ("found", findings.found.map(\.description)), ("orphaned", orphans.map(\.description)),
      ("miscounted", miscounted),
    ] {
      writer.append(",")
      writer.append(quoted: key)
      writer.append(":[")
      for (place, name) in names.enumerated() {
        if place > 0 { writer.append(",") }
        writer.append(quoted: name)
      }
      writer.append("]")
    }
    writer.append(",\"orphaned_bytes\":")
    writer.append(integer: Int64(bytes))
    writer.append(",\"next\":")
    if let next = findings.next { writer.append(quoted: next.description) } else { writer.append("null") }
    writer.append("}")
    return writer.string
  }
}
