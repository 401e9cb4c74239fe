/// Times in sentences.
package enum TimeText {
  /// `2013-01-31 09:05:00 UTC`
  package static func text(_ instant: Instant) -> String {
    String(instant.description.dropLast().map { $0 == "T" ? " " : $0 }) + " UTC"
  }
}
