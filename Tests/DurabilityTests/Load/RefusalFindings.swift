import ServerUnderTest

/// What is wrong with a 503: it says in a sentence what is the case, and when to come again, and nothing of what
/// lies behind the server.
enum RefusalFindings {
  static func of(_ answer: Answer) -> [String] {
    var findings: [String] = []
    guard answer.status == 503 else { return ["\(answer.status) instead of 503: \(answer.text)"] }
    if answer[header: "retry-after"].flatMap({ Int($0) }) == nil { findings.append("a 503 without Retry-After") }
    if answer.type != "SERVICE_UNAVAILABLE" { findings.append("a 503 of the type \(answer.type)") }
    if !answer.detail.hasSuffix(".") { findings.append("a 503 without a sentence: \(answer.text)") }
    let text = answer.detail.lowercased()
    for word in internals where text.contains(word) { findings.append("a 503 that tells of «\(word)»: \(answer.text)") }
    return findings
  }

  /// Whether it says that the request may be done or not.
  static func isDoubt(_ answer: Answer) -> Bool { answer.detail.contains("may be done or not") }

  private static let internals = [
    "sqlstate", "postgres", "libpq", "127.0.0.1", "/tmp", "select", "backend", "pg_", "owner", "57p0", "fatal",
    "sslmode",
  ]
}
