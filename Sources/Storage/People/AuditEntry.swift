import Crypto
import Wire

/// What somebody did, to be entered into the audit.
package struct AuditDraft: Sendable, Equatable {
  package var at: Instant
  /// Nil where nobody was signed in, and for commands.
  package var person: PersonID?
  package var deployment: String?
  package var address: String
  package var action: String
  package var target: String
  /// With `?` in place of its values.
  package var filter: String?
  package var count: Int64?
  /// A sequence, or the number of a job.
  package var reference: String?
  package var outcome: String

  package init(at: Instant, action: String, target: String = "", outcome: String = "done") {
    self.at = at
    self.action = action
    self.target = target
    self.outcome = outcome
    address = ""
  }
}

/// An entry of the audit. Each carries a hash of itself and of the one before, so that to whoever kept a later hash
/// it can be proved that it was not altered.
package struct AuditEntry: Sendable, Equatable {
  /// From 1 on, without gaps.
  package var number: Int64
  package var draft: AuditDraft
  package var hash: [UInt8]

  package init(number: Int64, draft: AuditDraft, hash: [UInt8]) {
    self.number = number
    self.draft = draft
    self.hash = hash
  }

  /// The entry that follows `anchor`.
  package init(_ draft: AuditDraft, after anchor: AuditAnchor) {
    number = anchor.number + 1
    self.draft = draft
    hash = AuditEntry.hash(of: draft, number: number, after: anchor.hash)
  }

  package var anchor: AuditAnchor { AuditAnchor(number: number, hash: hash) }

  /// Whether it is the entry that follows `anchor`, as it was written.
  package func follows(_ anchor: AuditAnchor) -> Bool { self == AuditEntry(draft, after: anchor) }

  /// Every member goes in with its length, so that no two entries are the same bytes.
  private static func hash(of draft: AuditDraft, number: Int64, after previous: [UInt8]) -> [UInt8] {
    var bytes = previous
    func append(_ integer: Int64?) {
      bytes.append(integer == nil ? 0 : 1)
      withUnsafeBytes(of: (integer ?? 0).bigEndian) { bytes.append(contentsOf: $0) }
    }
    func append(_ text: String?) {
      append(text.map { Int64($0.utf8.count) })
      if let text { bytes.append(contentsOf: text.utf8) }
    }
    append(number)
    append(draft.at.secondsSince1970)
    append(draft.person?.text)
    append(draft.deployment)
    append(draft.address)
    append(draft.action)
    append(draft.target)
    append(draft.filter)
    append(draft.count)
    append(draft.reference)
    append(draft.outcome)
    return SHA256.hash(bytes)
  }
}

/// What an entry is chained to: the number and the hash of the one before.
package struct AuditAnchor: Sendable, Equatable {
  package var number: Int64
  package var hash: [UInt8]

  package init(number: Int64, hash: [UInt8]) {
    self.number = number
    self.hash = hash
  }

  /// Before the first entry.
  package static let start = AuditAnchor(number: 0, hash: [UInt8](repeating: 0, count: SHA256.byteCount))
}

/// Which entries of the audit are asked for; nil sets no condition.
package struct AuditWant: Sendable, Equatable {
  package enum Order: Sendable, Equatable {
    /// The newest first, below this number.
    case newest(before: Int64?)
    /// The oldest first, above this number.
    case oldest(after: Int64)
  }

  package var order: Order
  package var limit: Int
  /// How many entries are looked at from where the order begins, whether they are wanted or not; nil looks at all.
  package var reach: Int64?
  package var person: PersonID?
  package var deployment: String?
  package var action: String?
  package var target: String?
  package var from: Instant?
  package var to: Instant?

  package init(_ order: Order, limit: Int) {
    self.order = order
    self.limit = limit
  }

  package func covers(_ draft: AuditDraft) -> Bool {
    (person == nil || person == draft.person) && (deployment == nil || deployment == draft.deployment)
      && (action == nil || action == draft.action) && (target == nil || target == draft.target)
      && (from.map { $0 <= draft.at } ?? true) && (to.map { draft.at <= $0 } ?? true)
  }
}
