import Deployments
import Storage
import Wire

// Trimming the oplog, a part at a time.

extension Administration {
  /// How long one command trims: within the patience of those who wait for the socket.
  private static let trimmingSeconds = 10
  /// What a clock in milliseconds counts.
  private static let mostSeconds: Int64 = 1 << 40

  func trim(_ trimming: OplogTrimming, of id: String) async throws -> AdminResult {
    let trim = try await deployments.trimOplog(
      of: id, try cut(trimming), evenIfNeeded: trimming.isForced, forSeconds: Self.trimmingSeconds)
    let oldest = try await deployments.deployment(id).store.read { try $0.oplogBounds().kept?.lowerBound }
    return .trimmed(Trimmed(removed: trim.removed, isDone: trim.isDone, oldest: oldest, heldBy: trim.heldBy))
  }

  private func cut(_ trimming: OplogTrimming) throws(AdminRefusal) -> OplogCut {
    switch trimming.cut {
    case .before(let sequence): return .before(sequence)
    case .olderThan(let seconds):
      guard seconds < Self.mostSeconds else { throw AdminRefusal("A trimming needs a sequence or an age.") }
      return .olderThan(milliseconds: SystemClock().milliseconds() - seconds * 1000)
    }
  }
}
