import Storage
import Wire

// The audit.

extension People {
  /// What an entry says of whoever is signed in, or of nobody.
  package func entry(
    _ action: AuditAction, by person: PersonID?, _ browser: Browser, target: String = "", outcome: String = "done"
  ) -> AuditDraft {
    var draft = AuditDraft(at: now, action: action.rawValue, target: CutText.cut(target, to: 300), outcome: outcome)
    draft.person = person
    draft.address = CutText.cut(browser.address)
    return draft
  }

  /// Where an entry says that a command on the server comes from.
  package static let commandAddress = "command"

  /// Enters something that is about to be done elsewhere, or was. Where this throws, it must not be done.
  package func record(_ draft: AuditDraft) async throws {
    try await performUnlessChanged(PeoplePlan([], audit: [draft]))
  }

  /// Reports what was entered together with a change that is not of people.
  package func tell(_ entries: [AuditEntry]) {
    for entry in entries { report(entry) }
  }

  /// Somebody who is signed in was refused something. It is entered within a minute or two, summed up.
  package func refused(
    _ visitor: Visitor, _ target: String, in deployment: String?, from browser: Browser
  ) {
    var key = FailureSums.Key(.refusal, from: CutText.cut(browser.address))
    (key.person, key.deployment, key.target) = (visitor.person.id, deployment, CutText.cut(target, to: 300))
    failures.note(key, at: now)
  }

  package func audit(_ want: AuditWant) async throws -> [AuditEntry] {
    var want = want
    want.limit = min(max(want.limit, 0), 1000)
    return try await store.audit(want)
  }

  /// What a look at the whole audit has found.
  package struct Verification: Sendable, Equatable {
    /// The entries that are there, and the last of them: whoever keeps its hash can tell later that it was not altered.
    package var count: Int64
    package var first: Int64?
    package var last: AuditAnchor?
    /// The first entry that does not follow the one before it; nil where all do.
    package var broken: Int64?
    /// The entry whose hash was asked for; of one that was trimmed, where it is the anchor.
    package var known: Int64?
  }

  /// Holds each entry against the one before it, and looks for one with a hash that somebody has kept.
  package func verifyAudit(knowing hash: [UInt8]? = nil) async throws -> Verification {
    var anchor = try await store.auditAnchor()
    var verification = Verification(count: 0)
    if hash == anchor.hash { verification.known = anchor.number }
    while true {
      let entries = try await store.audit(AuditWant(.oldest(after: anchor.number), limit: 1000))
      for entry in entries {
        if verification.first == nil { verification.first = entry.number }
        verification.count += 1
        if !entry.follows(anchor), verification.broken == nil { verification.broken = entry.number }
        // What follows is held against what is there, so that the first fault is the one that is told.
        anchor = entry.anchor
        if hash == anchor.hash { verification.known = anchor.number }
      }
      if entries.count < 1000 { break }
    }
    verification.last = verification.count == 0 ? nil : anchor
    return verification
  }
}
