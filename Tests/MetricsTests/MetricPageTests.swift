import Testing
import Threads
import Wire

@testable import Metrics

@Suite("A page of figures")
struct MetricPageTests {
  private func text(_ fill: (inout MetricPage) -> Void) -> String {
    var page = MetricPage()
    fill(&page)
    let block = page.text()
    return withExtendedLifetime(block) { String(decoding: block.bytes, as: UTF8.self) }
  }

  @Test("is empty without figures")
  func empty() { #expect(text { _ in } == "") }

  @Test("has help and type before the series, in the order of the table")
  func order() {
    let text = text { page in
      page.add(.connections, [], 3)
      page.add(.deployments, ["unusable"], 0)
      page.add(.deployments, ["served"], 2)
    }
    #expect(
      text == """
        # HELP sojourn_deployments \(Metric.deployments.help)
        # TYPE sojourn_deployments gauge
        sojourn_deployments{state="unusable"} 0
        sojourn_deployments{state="served"} 2
        # HELP sojourn_http_connections \(Metric.connections.help)
        # TYPE sojourn_http_connections gauge
        sojourn_http_connections 3

        """)
  }

  @Test("adds up what is added to one series again")
  func sums() {
    let text = text { page in
      page.add(.commits, ["other"], 2)
      page.add(.commits, ["other"], 3)
    }
    #expect(text.contains("sojourn_commits_total{deployment=\"other\"} 5\n"))
    #expect(text.ranges(of: "sojourn_commits_total{").count == 1)
  }

  @Test("escapes the values of labels")
  func escapes() {
    #expect(text { $0.add(.build, ["a\"b\\c\nd"], 1) }.contains(#"{version="a\"b\\c\nd"} 1"#))
  }

  @Test(
    "writes numbers as Prometheus reads them",
    arguments: [
      (0.0, "0"), (-1, "-1"), (0.25, "0.25"), (1_838_660_865_651_712, "1838660865651712"), (1e300, "1e+300"),
      (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
  func numbers(value: Double, text expected: String) {
    #expect(text { $0.add(.ready, [], value) }.hasSuffix("\nsojourn_ready \(expected)\n"))
  }

  @Test("adds up the buckets of a histogram, up to all of them")
  func histograms() {
    let histogram = Histogram(.number)
    for value: UInt64 in [1, 1, 2, 3, 256, 257, .max / 4] { histogram.record(value) }
    let text = text { $0.add(.groupWrites, ["d"], histogram.figures) }
    for (end, count) in [("1", 2), ("2", 3), ("4", 4), ("128", 4), ("256", 5), ("+Inf", 7)] {
      #expect(text.contains("sojourn_commit_group_writes_bucket{deployment=\"d\",le=\"\(end)\"} \(count)\n"), "\(end)")
    }
    #expect(text.contains("sojourn_commit_group_writes_count{deployment=\"d\"} 7\n"))
  }

  @Test("shows seconds where microseconds were measured")
  func seconds() {
    let histogram = Histogram(.time)
    histogram.record(1_500_000)
    let text = text { $0.add(.writeWait, ["d"], histogram.figures) }
    #expect(text.contains("sojourn_write_wait_seconds_sum{deployment=\"d\"} 1.5\n"))
    #expect(text.contains("le=\"0.00025\"} 0\n"))
    #expect(text.contains("le=\"2.5\"} 1\n"))
  }
}

@Suite("Counters")
struct CounterTests {
  @Test("lose nothing, whichever threads raise them")
  func threads() throws {
    let bank = CounterBank(3)
    let histogram = Histogram(.time)
    let threads = try (0..<8).map { _ in
      try OwnThread {
        for _ in 0..<20_000 {
          bank.add(2, to: 1)
          histogram.record(300)
        }
      }
    }
    for thread in threads { thread.join() }
    #expect((0..<3).map { bank.value($0) } == [0, 320_000, 0])
    #expect(histogram.figures.counts[1] == 160_000)
    #expect(histogram.figures.sum == 48_000_000)
  }

  @Test("that are not there are not counted")
  func outside() {
    let bank = CounterBank(1)
    for index in [-1, 1, .max, .min] { bank.add(1, to: index) }
    #expect(bank.value(0) == 0)
    #expect(bank.value(1) == 0)
  }

  @Test("of deployments behind the first share a label")
  func labels() {
    let labels = DeploymentLabels((0..<300).map { "d\($0)" })
    #expect(labels["d0"] == "d0")
    #expect(labels["d199"] == "d199")
    #expect(labels["d200"] == "other")
    #expect(labels["unknown"] == "other")
  }
}
