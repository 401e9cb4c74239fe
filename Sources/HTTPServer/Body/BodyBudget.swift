import Synchronization

/// The memory that all request bodies together may hold.
final class BodyBudget: Sendable {
  private let limit: Int
  private let used = Atomic<Int>(0)

  init(limit: Int) { self.limit = limit }

  /// False when so much is not left; then nothing is taken.
  func take(_ bytes: Int) -> Bool {
    let (_, after) = used.wrappingAdd(bytes, ordering: .relaxed)
    if after <= limit { return true }
    used.wrappingSubtract(bytes, ordering: .relaxed)
    return false
  }

  func giveBack(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }

  var bytesInUse: Int { used.load(ordering: .relaxed) }
}
