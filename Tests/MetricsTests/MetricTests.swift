import Metrics
import Testing

@Suite("The table of metrics")
struct MetricTests {
  @Test("follows the rules of Prometheus for names, labels and help texts", arguments: Metric.allCases)
  func rules(metric: Metric) {
    let name = metric.name
    #expect(name.wholeMatch(of: /[a-z][a-z0-9_]*[a-z0-9]/) != nil && !name.contains("__"))
    #expect(name.hasPrefix("sojourn_") || name.hasPrefix("process_"))
    #expect((metric.kind == .counter) == name.hasSuffix("_total"))
    for suffix in ["_count", "_sum", "_bucket"] { #expect(!name.hasSuffix(suffix)) }
    for word in [
      "milliseconds", "microseconds", "minutes", "hours", "kilobytes", "megabytes", "counter", "gauge", "histogram",
    ] {
      #expect(!name.contains(word))
    }
    if case .histogram(.time) = metric.kind { #expect(name.hasSuffix("_seconds")) }
    #expect(Set(metric.labels).count == metric.labels.count)
    for label in metric.labels {
      #expect(label.wholeMatch(of: /[a-z][a-z_]*/) != nil && label != "le" && label != "job" && label != "instance")
    }
    #expect(metric.help.hasSuffix(".") && metric.help.count > 10)
  }

  @Test("has a page that names each metric once")
  func page() {
    for metric in Metric.allCases {
      #expect(MetricsDocumentation.page.components(of: "| `\(metric.name)` |") == 1)
    }
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
