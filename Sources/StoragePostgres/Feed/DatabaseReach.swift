/// Whether a node reaches its database: told once when it has not for two tries in a row, and once when it does again.
/// One session that ends is no news.
struct DatabaseReach {
  private var failures = 0
  private(set) var isCutOff = false

  /// What is to be told of a try that failed, in a sentence; nil for nothing.
  mutating func failed(_ reason: String) -> String? {
    failures += 1
    guard failures == 2 else { return nil }
    isCutOff = true
    return "The database cannot be reached, so that requests which need it are answered with 503. \(reason)"
  }

  /// The same of one that did not.
  mutating func answered() -> String? {
    failures = 0
    guard isCutOff else { return nil }
    isCutOff = false
    return "The database answers again."
  }
}
