import Synchronization

/// What the store and its writer both need to know of app users.
final class UserSharing: Sendable {
  private let name = Mutex<String?>(nil)
  private let revision = Atomic<Int>(0)

  /// The name of the model that holds them, as the store was told.
  var model: String? { name.withLock { $0 } }

  func setModel(_ name: String?) { self.name.withLock { $0 = name } }

  /// How often sessions may have ended; raised after the commit that ended them, before it is answered.
  var sessionRevision: Int { revision.load(ordering: .acquiring) }

  func noteEndedSessions() { revision.add(1, ordering: .releasing) }
}
