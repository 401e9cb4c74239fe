import Storage

/// The lease of a webhook's deliveries as its runner has it: when to ask for it, whether it is in force, and whether it
/// is another one.
struct DeliveryLease {
  /// Nil while another node has it, or nobody was asked. What is written under it is refused where somebody else has
  /// taken it since.
  private(set) var hold: LeaseHold?
  /// For how long it is taken.
  private let milliseconds: Int64
  private(set) var nextAsking: Int64 = .min
  /// When others may take it.
  private var end: Int64 = .min
  private var lastNumber: Int64?

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whether it is to be taken, or to be renewed: at half of its time.
  func isToAsk(at now: Int64) -> Bool { now >= nextAsking }

  /// Whether nobody else can have it, so that it may be sent under. What was sent is not to be taken back: a node that
  /// was cut off must ask first.
  func isInForce(at now: Int64) -> Bool { hold != nil && now < end }

  /// It was taken or renewed, having been asked for at `now`. True where it is not the one that was held before.
  mutating func took(_ hold: LeaseHold, at now: Int64) -> Bool {
    assert(hold.number >= lastNumber ?? 1, "numbers grow")
    defer { lastNumber = hold.number }
    self.hold = hold
    end = Self.later(now, milliseconds)
    nextAsking = Self.later(now, milliseconds == .max ? .max : milliseconds / 2)
    return hold.number != lastNumber
  }

  /// Another node has it.
  mutating func lost(at now: Int64) {
    hold = nil
    nextAsking = Self.later(now, min(milliseconds / 3, Self.longestPause))
  }

  /// Nobody knows: what is held is in force until its end.
  mutating func failed(at now: Int64) { nextAsking = Self.later(now, Self.pauseAfterFailure) }

  // In milliseconds: until it is asked for again.
  private static let longestPause: Int64 = 10_000
  private static let pauseAfterFailure: Int64 = 1000

  private static func later(_ now: Int64, _ pause: Int64) -> Int64 {
    let (sum, isOver) = now.addingReportingOverflow(pause)
    return isOver ? .max : sum
  }
}
