/// How often a mirror writes its files while changes trickle in: rewriting a large file for each change
/// would be all that it does.
struct MirrorPace {
  private var next = ContinuousClock.now

  var isDue: Bool { ContinuousClock.now >= next }

  /// The last writing took so long: ten times that is spent otherwise, and a second at least.
  mutating func note(_ duration: Duration) { next = .now + max(.seconds(1), duration * 10) }
}
