import Synchronization

/// The name of the model that holds the app's users, as the store was told; its writer looks at it.
final class UserModelName: Sendable {
  private let name = Mutex<String?>(nil)

  var value: String? { name.withLock { $0 } }

  func set(_ name: String?) { self.name.withLock { $0 = name } }
}
