import Crypto
import Deployments
import Storage
import Synchronization
import Wire

/// How failures slow whoever guesses: five at once, then one in 30 seconds, for each account and each address; never
/// a lock-out. Browsers that are known have a bucket of their own.
///
/// A try takes from its buckets before it is looked at, and puts back when it was right: as many at once as you like
/// are no way around.
final class SignInLimits: Sendable {
  enum Key: Hashable, Sendable {
    case person(PersonID)
    /// An address that nobody has, as a short hash.
    case unknown(SecretTags.Tag)
    /// IPv6 by its first 64 bits: the rest is the guesser's own choice.
    case address(high: UInt64, low: UInt64)
    /// Where the address cannot be told.
    case nowhere
    case browser(String)
    case session(SessionID)
  }

  private struct State {
    // People are apart from what strangers can make up, which would push them out of the table.
    var people = BucketTable<Key>(rate: SignInLimits.rate, burst: SignInLimits.burst)
    var others = BucketTable<Key>(rate: SignInLimits.rate, burst: SignInLimits.burst)
  }

  private static let rate = 1.0 / 30
  private static let burst = 5.0

  private let tags = SecretTags()
  private let state = Mutex(State())

  /// The buckets of a try to sign in.
  func keys(email: String, person: PersonID?, address: String, known: KnownBrowser?) -> [Key] {
    if let known { return [.browser(known.id)] }
    var folded = PersonRecord.key(ofEmail: email)
    let account =
      person.map { Key.person($0) } ?? folded.withUTF8 { .unknown(tags.tag(of: UnsafeRawBufferPointer($0))) }
    return [account, Self.key(ofAddress: address)]
  }

  static func key(ofAddress text: String) -> Key {
    guard let address = NetworkAddress(text) else { return .nowhere }
    return .address(high: address.high, low: address.isV4 ? address.low : 0)
  }

  /// In how many seconds a try may come; nil where it may now. Takes nothing.
  func wait(_ keys: [Key], atMilliseconds now: Int64) -> Int? {
    state.withLock { state in
      keys.compactMap { key in
        key.isPerson
          ? state.people.wait(for: key, atMilliseconds: now) : state.others.wait(for: key, atMilliseconds: now)
      }.max()
    }
  }

  /// Takes from each; where one has none, from none, and says in how many seconds there will be.
  func take(_ keys: [Key], atMilliseconds now: Int64) -> Int? {
    state.withLock { state in
      var taken: [Key] = []
      for key in keys {
        let wait =
          key.isPerson
          ? state.people.take(for: key, atMilliseconds: now) : state.others.take(for: key, atMilliseconds: now)
        if let wait {
          Self.putBack(taken, &state)
          return wait
        }
        taken.append(key)
      }
      return nil
    }
  }

  func putBack(_ keys: [Key]) { state.withLock { Self.putBack(keys, &$0) } }

  private static func putBack(_ keys: [Key], _ state: inout State) {
    for key in keys { key.isPerson ? state.people.putBack(for: key) : state.others.putBack(for: key) }
  }
}

extension SignInLimits.Key {
  fileprivate var isPerson: Bool { if case .person = self { true } else { false } }
}
