import Metrics

/// What a store has done since it was opened, and what it does now: for those who watch over it.
package struct StoreFigures: Sendable {
  /// From the beginning of a group's transaction until it was on disk: one for each commit.
  package var commitDuration = HistogramFigures(.time)
  /// Writes that a commit took together.
  package var groupWrites = HistogramFigures(.number)
  /// How long each write waited before its group began.
  package var writeWait = HistogramFigures(.time)
  /// Writes that wait now.
  package var waitingWrites = 0
  /// Groups that failed.
  package var writeFailures = 0
  /// Tasks that wait for the oplog to go on.
  package var waitingReaders = 0
  /// Of the oplog; 0 while there was none.
  package var lastSequence: Int64 = 0
  /// Attachments that objects link.
  package var attachments = AttachmentTotals()
  /// Whether the last write, or the last try of one, succeeded.
  package var isFit = true
  /// What this engine alone has to tell, such as the size of a log: whoever shows it need not know what it is.
  package var ofEngine: [EngineFigure] = []

  package init() {}

  /// The number of this name that the engine has; nil where it has none.
  package func ofEngine(_ metric: Metric, _ word: String? = nil) -> Double? {
    guard case .number(let number)? = value(metric, word) else { return nil }
    return number
  }

  /// The histogram of this name that the engine has; nil where it has none.
  package func histogram(ofEngine metric: Metric) -> HistogramFigures? {
    guard case .histogram(let figures)? = value(metric, nil) else { return nil }
    return figures
  }

  private func value(_ metric: Metric, _ word: String?) -> MetricValue? {
    ofEngine.first { $0.metric == metric && $0.word == word }?.value
  }
}

/// A figure of an engine's own.
package struct EngineFigure: Sendable, Equatable {
  /// One of those that each deployment has.
  package var metric: Metric
  /// The value of the metric's second label; nil where it has one alone.
  package var word: String?
  package var value: MetricValue

  package init(_ metric: Metric, _ value: Int, word: String? = nil) { self.init(metric, Double(value), word: word) }

  package init(_ metric: Metric, _ value: Double, word: String? = nil) {
    self.metric = metric
    self.word = word
    self.value = .number(value)
  }

  package init(_ metric: Metric, _ figures: HistogramFigures) {
    self.metric = metric
    value = .histogram(figures)
  }

  /// The values of the metric's labels, in their order.
  package func labels(of deployment: String) -> [String] { [deployment] + (word.map { [$0] } ?? []) }
}
