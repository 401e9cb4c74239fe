import Synchronization

/// What the store and its writer both need to know of app users.
package final class UserSharing: Sendable {
  private let wanted: Mutex<String?>
  private let revision = Atomic<Int>(0)

  /// `stored` is the name of their model as it is stored.
  package init(stored: String?) { wanted = Mutex(stored) }

  /// The name of the model that holds them, as the store was told last. The writer stores it with its next group.
  package var model: String? { wanted.withLock { $0 } }

  /// Whether that is another one than before.
  package func want(_ name: String?) -> Bool {
    wanted.withLock { wanted in
      defer { wanted = name }
      return wanted != name
    }
  }

  /// How often sessions may have ended; raised after the commit that ended them, before it is answered.
  package var sessionRevision: Int { revision.load(ordering: .acquiring) }

  package func noteEndedSessions() { revision.add(1, ordering: .releasing) }
}
