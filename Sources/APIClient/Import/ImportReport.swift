import CommandLineTable
import JSON

/// The final word of an import, for people and for programs.
struct ImportReport {
  let summary: ImportSummary
  let error: ImportError?
  let rejects: String
  let elapsed: Duration

  /// Some lines, with line ends.
  var text: String {
    let seconds = max(elapsed / .seconds(1), 0.001)
    let time = seconds < 60 ? "\(Int(seconds)).\(Int(seconds * 10) % 10) s" : ProgressBar.clock(seconds)
    var lines = [
      "Stored \(rows(summary.stored)) in \(time) "
        + "(\(ProgressBar.grouped(Int(Double(summary.stored) / seconds))) rows/s)."
    ]
    if summary.refused > 0 { lines.append("Refused \(rows(summary.refused)).") }
    if summary.empty > 0 { lines.append("Skipped \(rows(summary.empty)) without a value.") }
    if summary.unconfirmed > 0 {
      lines.append("No answer came for \(rows(summary.unconfirmed)): stored or not.")
    }
    if summary.refused + summary.unconfirmed > 0 { lines.append("See \(rejects), with the reasons.") }
    if let stop = summary.stop {
      lines.append("The import ended early: \(stop.error).")
      if case .file = stop.error {
      } else {
        lines.append("From line \(ProgressBar.grouped(stop.line)) on nothing was sent.")
      }
      if let hint = stop.error.hint { lines.append(hint) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: String {
    let report: JSONNode = [
      "rows": .integer(Int64(summary.rows)), "stored": .integer(Int64(summary.stored)),
      "refused": .integer(Int64(summary.refused)), "unconfirmed": .integer(Int64(summary.unconfirmed)),
      "empty": .integer(Int64(summary.empty)), "seconds": .number((elapsed / .milliseconds(1)).rounded() / 1000),
      "rejects": summary.refused + summary.unconfirmed > 0 ? .text(rejects) : .null,
      "error": error.map { .text("\($0)") } ?? .null,
      "unsent_from_line": summary.stop.map { .integer(Int64($0.line)) } ?? .null,
    ]
    return report.string + "\n"
  }

  private func rows(_ count: Int) -> String { "\(ProgressBar.grouped(count)) \(count == 1 ? "row" : "rows")" }
}
