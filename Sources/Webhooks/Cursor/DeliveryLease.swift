import Storage

/// The lease of a webhook's deliveries as its runner has it: when to ask for it, and whether it is another one.
struct DeliveryLease {
  /// Nil while another node has it, or nobody was asked.
  private(set) var hold: LeaseHold?
  /// For how long it is taken.
  private let milliseconds: Int64
  private var nextAsking: Int64 = .min
  private var lastNumber: Int64?

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whether it is to be taken, or to be renewed: at half of its time.
  func isToAsk(at now: Int64) -> Bool { now >= nextAsking }

  /// It was taken or renewed. True where it is not the one that was held before.
  mutating func took(_ hold: LeaseHold, at now: Int64) -> Bool {
    assert(hold.number >= lastNumber ?? 1, "numbers grow")
    defer { lastNumber = hold.number }
    self.hold = hold
    nextAsking = Self.later(now, milliseconds == .max ? .max : milliseconds / 2)
    return hold.number != lastNumber
  }

  /// Another node has it.
  mutating func lost(at now: Int64) {
    hold = nil
    nextAsking = Self.later(now, min(milliseconds / 3, Self.longestPause))
  }

  /// Nobody knows: what is held still counts, as long as nobody else takes it.
  mutating func failed(at now: Int64) { nextAsking = Self.later(now, Self.pauseAfterFailure) }

  // In milliseconds: until it is asked for again.
  private static let longestPause: Int64 = 10_000
  private static let pauseAfterFailure: Int64 = 1000

  private static func later(_ now: Int64, _ pause: Int64) -> Int64 {
    let (sum, isOver) = now.addingReportingOverflow(pause)
    return isOver ? .max : sum
  }
}
