import Wire

/// The value of one series.
package enum MetricValue: Sendable, Equatable {
  case number(Double)
  case histogram(HistogramFigures)
}

/// The figures of a moment, in the text format of Prometheus (version 0.0.4).
///
/// Families come in the order of the table, each with its HELP and TYPE; those without a figure are left
/// out. No series stands twice: what is added to one again is added up, so that many deployments can share
/// the label `other`.
package struct MetricPage {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private struct Family {
    var order: [[String]] = []
    var series: [[String]: MetricValue] = [:]
  }

  private var families: [Metric: Family] = [:]

  package init() {}

  /// `labels` are the values of the metric's labels, in their order.
  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ value: Double) {
    add(metric, labels, .number(value))
  }

  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ value: Int) {
    add(metric, labels, .number(Double(value)))
  }

  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ figures: HistogramFigures) {
    add(metric, labels, .histogram(figures))
  }

  package mutating func add(_ metric: Metric, _ labels: [String], _ figure: MetricValue) {
    precondition(labels.count == metric.labels.count, "a series has a value for each label of its metric")
    var family = families[metric] ?? Family()
    families[metric] = nil
    switch (family.series[labels], figure) {
    case (nil, _):
      family.order.append(labels)
      family.series[labels] = figure
    case (.number(let before), .number(let more)): family.series[labels] = .number(before + more)
    case (.histogram(var sum), .histogram(let more)):
      sum += more
      family.series[labels] = .histogram(sum)
    case (.number, .histogram), (.histogram, .number): break
    }
    families[metric] = family
  }

  package func text() -> ByteBlock {
    var writer = ByteWriter(capacity: 16_384)
    for metric in Metric.allCases {
      guard let family = families[metric] else { continue }
      writer.append(text: "# HELP \(metric.name) \(Self.escaped(metric.help, quotes: false))\n")
      writer.append(text: "# TYPE \(metric.name) \(metric.kind.word)\n")
      for labels in family.order {
        let pairs = zip(metric.labels, labels).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
        switch family.series[labels] {
        case .number(let value)?: Self.line(metric.name, pairs, value, to: &writer)
        case .histogram(let figures)?: Self.lines(metric.name, pairs, figures, to: &writer)
        case nil: break
        }
      }
    }
    return writer.detach()
  }

  private static func lines(
    _ name: String, _ pairs: [String], _ figures: HistogramFigures, to writer: inout ByteWriter
  ) {
    var sum: UInt64 = 0
    for (bound, count) in zip(figures.scale.bounds, figures.counts) {
      sum &+= count
      let end = number(Double(bound) / figures.scale.divisor)
      line("\(name)_bucket", pairs + ["le=\"\(end)\""], Double(sum), to: &writer)
    }
    line("\(name)_bucket", pairs + ["le=\"+Inf\""], Double(figures.count), to: &writer)
    line("\(name)_sum", pairs, Double(figures.sum) / figures.scale.divisor, to: &writer)
    line("\(name)_count", pairs, Double(figures.count), to: &writer)
  }

  private static func line(_ name: String, _ pairs: [String], _ value: Double, to writer: inout ByteWriter) {
    writer.append(text: pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}")
    writer.append(" ")
    writer.append(text: number(value))
    writer.append("\n")
  }

  /// Whole numbers without a fraction, as long as a Double holds them exactly.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 9_007_199_254_740_992 ? String(Int64(value)) : "\(value)"
  }

  /// Backslashes and line ends, and quotes within labels, have another spelling.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
