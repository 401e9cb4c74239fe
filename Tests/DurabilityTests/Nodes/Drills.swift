import Foundation

/// How long the drills last: short in each run of the tests, long where `SOJOURN_DRILLS=full` asks for it
/// (`script/test --drills`).
enum Drills {
  static let isFull = ProcessInfo.processInfo.environment["SOJOURN_DRILLS"] == "full"
  /// `SOJOURN_SEED` varies the run.
  static let seed = ProcessInfo.processInfo.environment["SOJOURN_SEED"].flatMap { UInt64($0) } ?? 1
}
