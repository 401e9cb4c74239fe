import Glibc
import ServerUnderTest
import Wire

/// Forms of the pages, sent to the real binary as a browser sends them.
enum PageForms {
  static let password = "kettle orbit mango"
  static let headers = ["Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"]

  static func body(_ fields: [(String, String)]) -> [UInt8] {
    Array(fields.map { "\(PercentText.encode($0.0))=\(PercentText.encode($0.1))" }.joined(separator: "&").utf8)
  }
}

extension ServerUnderTest {
  /// What comes after `mark` in the log, up to the end of the word.
  func word(after mark: String) throws -> String {
    for _ in 0..<2000 {
      let log = log
      if let found = log.firstRange(of: mark) {
        return String(log[found.upperBound...].prefix { $0.isLetter || $0.isNumber || "-_".contains($0) })
      }
      usleep(10_000)
    }
    throw TestFault("the log has no \(mark): \(log)")
  }

  func post(
    _ path: String, _ fields: [(String, String)], cookie: String? = nil, headers: [String] = []
  ) throws -> Answer {
    try connection().request(
      "POST", path, headers: PageForms.headers + headers + (cookie.map { ["Cookie: \($0)"] } ?? []),
      body: PageForms.body(fields))
  }

  /// The first operator joins by the link in the log.
  /// - Returns: the cookies of their browser, by what their names begin with: `sojourn-known` and `sojourn-80`.
  func firstOperator() throws -> (session: String, known: String) {
    let code = try word(after: "http://localhost:\(port)/databrowser/join/")
    let joined = try post(
      "/databrowser/join/\(code)", [("email", "ada@example.org"), ("name", "Ada"), ("password", PageForms.password)])
    let cookies = joined.headers.filter { $0.name == "set-cookie" }.compactMap {
      $0.value.split(separator: ";").first.map(String.init)
    }
    guard joined.status == 303, let known = cookies.first(where: { $0.contains("known") }),
      let session = cookies.first(where: { !$0.contains("known") })
    else { throw TestFault("nobody joined: \(joined)") }
    return (session, known)
  }
}
