import Accounts
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
    let store = try accounts.account(id).store
    let blobs = try attachments.blobs(of: id)
    let isRepairing = request.texts["repair"] == "true"
    let findings = try await AttachmentCheck(store, blobs).run(
      after: request.texts["after"].flatMap { ContentHash($0) }, until: .now + .seconds(Self.checkingSeconds),
      repairing: isRepairing)
    let orphans = Mutex<(hashes: [ContentHash], bytes: Int)>(([], 0))
    // All of it once, with the last part.
    if findings.next == nil {
      try await AttachmentSweep(store, blobs, at: SystemClock().now).orphans(isRemoving: isRepairing) { found in
        orphans.withLock { orphans in
          orphans.bytes += found.reduce(0) { $0 + $1.size }
          orphans.hashes += found.prefix(max(Self.mostNamed - orphans.hashes.count, 0)).map(\.hash)
        }
      }
    }
    return orphans.withLock { Self.json(findings, orphans: $0.hashes, bytes: $0.bytes) }
  }

  private static func json(_ findings: AttachmentCheck.Findings, orphans: [ContentHash], bytes: Int) -> String {
    var writer = ByteWriter()
    writer.append("{\"blobs\":")
    writer.append(integer: Int64(findings.blobs))
    writer.append(",\"bytes\":")
    writer.append(integer: findings.bytes)
    for (key, hashes) in [
      ("missing", findings.missing), ("damaged", findings.damaged), ("found", findings.found), ("orphaned", orphans),
    ] {
      writer.append(",")
      writer.append(quoted: key)
      writer.append(":[")
      for (place, hash) in hashes.enumerated() {
        if place > 0 { writer.append(",") }
        writer.append(quoted: hash.description)
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
