/// docs/metrics.md, from the table.
package enum MetricsDocumentation {
  package static var page: String {
    var page = """
      # Metrics

      `sojourn serve --admin-listen http://127.0.0.1:9464` answers `/metrics` there, in the text format of
      Prometheus. [Operations](operations.md#monitoring) says how to turn it on, and which alerts to set. This page
      is written from the program's own table by `script/docs`.

      Series appear with their first figure. The label `deployment` names the first \(DeploymentLabels.most) deployments
      by their ids; the others are added up as `\(DeploymentLabels.rest)`. Numbers of objects are not among them:
      `count.json` tells each in constant time.

      Those of `sojourn_postgres_` are there where the data lies in PostgreSQL, and are this node's own. The label `kind`
      says what connections are for: reader, writer, listener, notifier or administrator.

      | metric | type | labels | what it says |
      |---|---|---|---|

      """
    for metric in Metric.allCases {
      let labels = metric.labels.isEmpty ? "–" : metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      page += "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(metric.help) |\n"
    }
    let seconds = HistogramScale.time.bounds.map { "\(Double($0) / HistogramScale.time.divisor)" }
    let numbers = HistogramScale.number.bounds.map(String.init)
    page += """

      Histograms of seconds count up to \(seconds.joined(separator: ", ")) and above; those of numbers up to
      \(numbers.joined(separator: ", ")) and above.

      """
    return page
  }
}
