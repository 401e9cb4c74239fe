import Crypto
import JSON

/// Which part of a deployment's attachments is to be held against the bytes that are there.
package struct AttachmentChecking: Sendable, Equatable, JSONRecord {
  /// Where the last part ended; nil begins.
  package var after: ContentHash?
  /// Notes what is missing or damaged, removes what is orphaned, and mends counts.
  package var isRepairing = false

  init() {}
  package static var blank: AttachmentChecking { AttachmentChecking() }

  package init(after: ContentHash?, isRepairing: Bool) {
    self.after = after
    self.isRepairing = isRepairing
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("after", &after, .optional(.hash))
    try members.member("repair", &isRepairing, .flag)
  }
}

extension JSONForm where Value == ContentHash {
  static var hash: JSONForm {
    JSONForm(
      expected: "64 lower-case hex digits", write: { .text($0.description) },
      scan: { $0.string.flatMap { ContentHash($0) } })
  }
}
