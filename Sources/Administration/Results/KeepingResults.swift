import Crypto
import JSON

/// What a check of attachments found, in one part of them or in all.
package struct AttachmentFindings: Sendable, Equatable, JSONRecord {
  package var blobs = 0
  package var bytes: Int64 = 0
  /// Attachments' bytes that are not there.
  package var missing: [ContentHash] = []
  /// Bytes that are not what their name says.
  package var damaged: [ContentHash] = []
  /// Bytes that were noted as lost and are there, whole.
  package var found: [ContentHash] = []
  /// Bytes that are no attachment's, for a day; of many not all are named.
  package var orphaned: [ContentHash] = []
  /// Attachments and bytes whose count of those who need them is wrong, by name.
  package var miscounted: [String] = []
  package var orphanedBytes = 0
  /// Where to go on; nil when all was looked at.
  package var next: ContentHash?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("blobs", &blobs, .count)
    try members.member("bytes", &bytes, .count)
    try members.member("missing", &missing, .list(.hash))
    try members.member("damaged", &damaged, .list(.hash))
    try members.member("found", &found, .list(.hash))
    try members.member("orphaned", &orphaned, .list(.hash))
    try members.member("miscounted", &miscounted, .list(.text))
    try members.member("orphaned_bytes", &orphanedBytes, .count)
    try members.member("next", &next, .optional(.hash))
  }

  /// Adds what another part found.
  package mutating func add(_ part: AttachmentFindings) {
    blobs += part.blobs
    bytes += part.bytes
    missing += part.missing
    damaged += part.damaged
    found += part.found
    orphaned += part.orphaned
    miscounted += part.miscounted
    orphanedBytes += part.orphanedBytes
    next = part.next
  }
}

/// What a trimming of the oplog removed.
package struct Trimmed: Sendable, Equatable, JSONRecord {
  package var removed = 0
  /// False where it is to be asked for again.
  package var isDone = false
  /// The oldest sequence that is kept.
  package var oldest: Int64?
  /// The webhook that has yet to deliver what follows.
  package var heldBy: String?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("removed", &removed, .count)
    try members.member("done", &isDone, .flag)
    try members.member("oldest", &oldest, .optional(.decimal))
    try members.member("held_by", &heldBy, .optional(.text))
  }
}

extension AttachmentFindings { package static var blank: AttachmentFindings { AttachmentFindings() } }
extension Trimmed { package static var blank: Trimmed { Trimmed() } }
