/// Whether writes come so thick that deliveries stand back: clients wait for writes, and for deliveries nobody
/// does. What is delivered later for it waits in the oplog.
///
/// The measure is how much of the time the writer is at work in a transaction. A few hundred writes a second
/// take a small part of it; clients that write without a pause take most.
struct WritingPressure {
  /// Between two looks, in milliseconds.
  private static let window: Int64 = 100
  /// The share of the time, in percent, from which on writing is thick.
  private static let thick: UInt64 = 50
  /// Milliseconds between the deliveries that are begun together meanwhile.
  static let pause: Int64 = 120

  private var last: (milliseconds: Int64, work: UInt64)?
  /// Until it is known, it is taken for high.
  private(set) var isHigh = true

  /// `work` is how many microseconds of transactions there were so far; it is asked for when it is time to look.
  mutating func look(at now: Int64, work: () -> UInt64) {
    guard let last else { return self.last = (now, work()) }
    let passed = now - last.milliseconds
    // A clock that was set back begins a new window.
    guard passed >= Self.window || passed < 0 else { return }
    let work = work()
    self.last = (now, work)
    guard passed > 0, work >= last.work else { return isHigh = false }
    isHigh = (work - last.work) / 10 >= UInt64(passed) * Self.thick
  }
}
