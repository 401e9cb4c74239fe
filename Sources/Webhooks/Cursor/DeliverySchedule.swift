/// When a delivery that failed is tried again, and when it is given up (webhooks.md «Delivering»).
package enum DeliverySchedule {
  /// Pauses after the first failures, in milliseconds; then the last one over and over.
  package static let pauses: [Int64] = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]
  /// A delivery is parked when so many milliseconds have passed since its first try.
  package static let patience: Int64 = 72 * 3_600_000

  /// The pause after so many failures (from 1 on). `jitter`, 0…1, lengthens it by up to a fifth, so that
  /// deliveries that failed together do not come back together.
  package static func pause(afterFailures failures: Int, jitter: Double) -> Int64 {
    let pause = pauses[min(max(failures, 1), pauses.count) - 1]
    return pause + Int64(Double(pause) * 0.2 * min(max(jitter, 0), 1))
  }
}
