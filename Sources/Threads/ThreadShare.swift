/// Which of a number of threads may take up work, as a value.
///
/// Where work is short and takes the processor, more threads at it than processors only take these from each other;
/// where it waits for a disk, a lock or a slow machine, more of them get more done. So up to `eager` take up work at
/// once, and what goes on for longer than `patience` no longer counts: then another may, up to all that there are.
struct ThreadShare {
  /// By thread: when it took up what it does.
  private var begun: [ContinuousClock.Instant?]
  private let eager: Int
  private let patience: Duration

  static var patience: Duration { .milliseconds(5) }

  init(count: Int, eager: Int, patience: Duration = patience) {
    precondition(eager > 0, "nothing would ever be taken up")
    begun = Array(repeating: nil, count: count)
    (self.eager, self.patience) = (min(eager, count), patience)
  }

  mutating func begin(_ thread: Int, at now: ContinuousClock.Instant) { begun[thread] = now }

  mutating func end(_ thread: Int) { begun[thread] = nil }

  /// Nil where a thread that has nothing to do may take something up; else when that is to be asked again, unless
  /// another ends before.
  func due(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    if eager == begun.count { return nil }
    var young = 0
    var oldest: ContinuousClock.Instant?
    for case let began? in begun where now - began < patience {
      young += 1
      oldest = oldest.map { min($0, began) } ?? began
    }
    return young < eager ? nil : oldest.map { $0 + patience }
  }
}
