import Storage
import Synchronization
import Wire

/// Failures without a session and refusals, summed up: whoever guesses or knocks fills no disk with the audit. One entry
/// for each that differs in anything but the second, and one for all beyond a thousand in a minute.
final class FailureSums: Sendable {
  struct Key: Hashable {
    var action: AuditAction
    var address: String
    var person: PersonID?
    var deployment: String?
    var target = ""
    fileprivate var minute: Int64 = 0

    init(_ action: AuditAction, from address: String) {
      self.action = action
      self.address = address
    }
  }

  static let mostKeys = 1000
  private static let others = "others"
  private let sums = Mutex<[Key: Int64]>([:])

  /// Somebody could not sign in.
  func note(_ address: String, at time: Instant) { note(Key(.signIn, from: address), at: time) }

  func note(_ key: Key, at time: Instant) {
    var key = key
    key.minute = time.secondsSince1970 / 60
    sums.withLock { sums in
      if sums[key] == nil, sums.count >= Self.mostKeys {
        var rest = Key(key.action, from: Self.others)
        rest.minute = key.minute
        key = rest
      }
      sums[key, default: 0] += 1
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
    return taken.sorted { $0.key.rank < $1.key.rank }.map { AuditDraft($0, count: $1) }
  }

  /// What could not be written counts on.
  func giveBack(_ drafts: [AuditDraft]) {
    sums.withLock { sums in
      for draft in drafts {
        guard let key = Key(draft) else { continue }
        sums[key, default: 0] += draft.count ?? 0
      }
    }
  }
}

extension FailureSums.Key {
  fileprivate var rank: (Int64, String, String, String) { (minute, address, person?.text ?? "", target) }

  /// Nil for an entry that is no sum.
  fileprivate init?(_ draft: AuditDraft) {
    guard let action = AuditAction(rawValue: draft.action) else { return nil }
    self.init(action, from: draft.address)
    (person, deployment, target) = (draft.person, draft.deployment, draft.target)
    minute = draft.at.secondsSince1970 / 60
  }
}

extension AuditDraft {
  /// Whether it sums up the refusals of a minute. It has the time at which that minute began, and was written down when
  /// it was over, behind entries of later times.
  package var isSum: Bool { outcome == "refused" && count != nil }

  fileprivate init(_ key: FailureSums.Key, count: Int64) {
    self.init(
      at: Instant(secondsSince1970: key.minute * 60) ?? .first, action: key.action.rawValue, target: key.target,
      outcome: "refused")
    (person, deployment, address) = (key.person, key.deployment, key.address)
    self.count = count
  }
}
