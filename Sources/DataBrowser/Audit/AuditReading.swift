import People
import Storage
import Wire

/// Reads the audit from the newest entry on, and stops in time: a filter that fits few of many entries holds nobody up.
struct AuditReading: Sendable {
  /// Entries that one call of the store looks at: sessions are looked up on the same thread.
  private static let perCall: Int64 = 5000
  private static let mostPerCall = 1000

  let people: People
  /// But for its order and its limits.
  var want: AuditWant
  /// What the target must hold, whatever the case of its letters; empty lets all pass.
  var target = ""

  struct Found: Sendable {
    var entries: [AuditEntry] = []
    /// Older ones are below this number; nil where there are none.
    var next: Int64?
    /// Whether it stopped before it had looked at all that it could have.
    var isStopped = false
  }

  /// - Parameters:
  ///   - before: where it begins; nil is the newest.
  ///   - limit: entries at most.
  ///   - most: entries that are looked at, at most.
  func read(before: Int64?, limit: Int, lookingAt most: Int64) async throws -> Found {
    let anchor = try await people.store.auditAnchor().number
    guard let newest = try await people.audit(AuditWant(.newest(before: nil), limit: 1)).first?.number else {
      return Found()
    }
    let wanted = CaseFolding.folded(target)
    var found = Found()
    var below = min(before ?? .max, newest + 1)
    let last = max(below - most, anchor + 1)
    while below > last {
      let (entries, seen) = try await call(below: below, downTo: last)
      for entry in entries where wanted.isEmpty || CaseFolding.folded(entry.draft.target).contains(wanted) {
        if found.entries.count == limit {
          found.next = found.entries.last?.number
          return found
        }
        found.entries.append(entry)
      }
      below = seen
    }
    if below > anchor + 1 { (found.next, found.isStopped) = (below, true) }
    return found
  }

  /// What is wanted of the next entries, and down to which number it was looked at.
  private func call(below: Int64, downTo last: Int64) async throws -> ([AuditEntry], seen: Int64) {
    var want = want
    want.order = .newest(before: below)
    let reach = min(Self.perCall, below - last)
    want.reach = reach
    want.limit = Self.mostPerCall
    let entries = try await people.audit(want)
    return (entries, entries.count < want.limit ? below - reach : entries.last?.number ?? last)
  }
}
