import Synchronization

/// What the webhooks of a deployment have done since the server started, and how they are now: for those who
/// watch over it.
package struct WebhookFigures: Sendable, Equatable {
  package var delivered = 0
  package var failed = 0
  package var parked = 0
  /// The age of the oldest change that waits; 0 where none does.
  package var lagMilliseconds: Int64 = 0

  package init() {}
}

/// The figures of one webhook: its runner writes them, and anybody reads them without waiting for it.
final class WebhookGauge: Sendable {
  private let delivered = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)
  private let parked = Atomic<Int>(0)
  /// The sequence of the oldest change that waits; 0 where none does.
  private let oldest = Atomic<Int64>(0)

  /// A request has ended.
  func note(isSuccess: Bool) {
    if isSuccess { delivered.add(1, ordering: .relaxed) } else { failed.add(1, ordering: .relaxed) }
  }

  func note(parked count: Int) { parked.store(count, ordering: .relaxed) }

  func note(oldest sequence: Int64?) { oldest.store(sequence ?? 0, ordering: .relaxed) }

  func measure(_ figures: inout WebhookFigures, at now: Int64) {
    figures.delivered += delivered.load(ordering: .relaxed)
    figures.failed += failed.load(ordering: .relaxed)
    figures.parked += parked.load(ordering: .relaxed)
    let oldest = oldest.load(ordering: .relaxed)
    if oldest > 0 { figures.lagMilliseconds = max(figures.lagMilliseconds, WebhookCursor.age(of: oldest, at: now)) }
  }
}
