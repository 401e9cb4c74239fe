/// The upper bounds between which a histogram counts, in whole units as they are measured, and how many of
/// those are one of the unit that is shown.
package enum HistogramScale: Sendable, Equatable {
  /// Measured in microseconds, shown in seconds.
  case time
  /// Measured and shown as a number of things.
  case number

  package var bounds: [UInt64] {
    switch self {
    case .time: Self.timeBounds
    case .number: Self.numberBounds
    }
  }

  package var divisor: Double { self == .time ? 1_000_000 : 1 }

  private static let timeBounds: [UInt64] = [
    250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
    10_000_000, 30_000_000,
  ]
  private static let numberBounds: [UInt64] = [1, 2, 4, 8, 16, 32, 64, 128, 256]
}

/// Counts how often a measured value lay between which bounds. Any thread may record; none waits.
package final class Histogram: Sendable {
  private let scale: HistogramScale
  private let bounds: [UInt64]
  /// One counter for each bound, one for what lies above all, one for the sum.
  private let bank: CounterBank

  package init(_ scale: HistogramScale) {
    self.scale = scale
    bounds = scale.bounds
    bank = CounterBank(scale.bounds.count + 2)
  }

  package func record(_ value: UInt64) {
    var index = 0
    while index < bounds.count, value > bounds[index] { index &+= 1 }
    bank.add(1, to: index)
    bank.add(value, to: bounds.count &+ 1)
  }

  /// In units as measured.
  package var sum: UInt64 { bank.value(bounds.count + 1) }

  package var figures: HistogramFigures {
    HistogramFigures(
      scale: scale, counts: (0...bounds.count).map { bank.value($0) }, sum: sum)
  }
}

/// What a histogram had counted at a moment.
package struct HistogramFigures: Sendable, Equatable {
  package let scale: HistogramScale
  /// Not added up: one for each bound, and one for what lies above all.
  package var counts: [UInt64]
  /// In units as measured.
  package var sum: UInt64

  package init(scale: HistogramScale, counts: [UInt64], sum: UInt64) {
    self.scale = scale
    self.counts = counts
    self.sum = sum
  }

  package init(_ scale: HistogramScale) {
    self.init(scale: scale, counts: Array(repeating: 0, count: scale.bounds.count + 1), sum: 0)
  }

  package var count: UInt64 { counts.reduce(0, &+) }

  package static func += (left: inout HistogramFigures, right: HistogramFigures) {
    for index in left.counts.indices where index < right.counts.count { left.counts[index] &+= right.counts[index] }
    left.sum &+= right.sum
  }
}
