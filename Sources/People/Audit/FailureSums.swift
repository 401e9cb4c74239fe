import Storage
import Synchronization
import Wire

/// Failures without a session, summed up: whoever guesses fills no disk with the audit. One entry for each address and
/// minute, and one for all addresses beyond a thousand in a minute.
final class FailureSums: Sendable {
  private struct Key: Hashable {
    let address: String
    let minute: Int64
  }

  static let mostAddresses = 1000
  private let sums = Mutex<[Key: Int64]>([:])

  func note(_ address: String, at time: Instant) {
    let minute = time.secondsSince1970 / 60
    sums.withLock { sums in
      let key = Key(address: address, minute: minute)
      let isKnown = sums[key] != nil || sums.count < Self.mostAddresses
      sums[isKnown ? key : Key(address: "others", minute: minute), default: 0] += 1
    }
  }

  /// Hands over the sums of minutes that are over, in order, as entries of the audit; nil hands over all.
  func take(at now: Instant?) -> [AuditDraft] {
    let present = now.map { $0.secondsSince1970 / 60 } ?? .max
    let taken = sums.withLock { sums in
      let taken = sums.filter { $0.key.minute < present }
      sums = sums.filter { $0.key.minute >= present }
      return taken
    }
    return taken.sorted { ($0.key.minute, $0.key.address) < ($1.key.minute, $1.key.address) }.map { key, count in
      var draft = AuditDraft(
        at: Instant(secondsSince1970: key.minute * 60) ?? .first, action: AuditAction.signIn.rawValue,
        outcome: "refused")
      draft.address = key.address
      draft.count = count
      return draft
    }
  }

  /// What could not be written counts on.
  func giveBack(_ drafts: [AuditDraft]) {
    sums.withLock { sums in
      for draft in drafts {
        let key = Key(address: draft.address, minute: draft.at.secondsSince1970 / 60)
        sums[key, default: 0] += draft.count ?? 0
      }
    }
  }
}
