/// When to try again to connect, after it failed: later each time, and one at a time, so that a database that comes
/// back is not run over, and that who waits hears soon what is wrong.
struct PostgresBackoff {
  private var failures = 0
  private var nextTry: ContinuousClock.Instant?
  private var isTrying = false
  private var lastFault: PostgresFault?

  private static let first = Duration.milliseconds(100)
  private static let longest = Duration.seconds(5)

  /// Nil where it may be tried now; else why it failed last.
  mutating func begin(_ now: ContinuousClock.Instant) -> PostgresFault? {
    guard let lastFault, let nextTry else { return nil }
    if isTrying || now < nextTry { return lastFault }
    isTrying = true
    return nil
  }

  mutating func succeed() { self = PostgresBackoff() }

  mutating func fail(_ fault: PostgresFault, _ now: ContinuousClock.Instant) {
    isTrying = false
    // Those that failed at the same time count once.
    if let nextTry, now < nextTry { return }
    lastFault = fault
    let doubled = Self.first * (1 << min(failures, 10))
    nextTry = now + min(doubled, Self.longest)
    failures += 1
  }
}
