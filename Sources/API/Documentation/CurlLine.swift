import HTTPServer
import JSON
import Wire

/// A request as a line for a shell that has the password in `SOJOURN_PASSWORD`.
struct CurlLine {
  /// `https://host/api/v4/{deployment-id}`
  let base: String

  func text(_ method: Method, _ path: String, body: JSONNode? = nil) -> String {
    let user = base.split(separator: "/").last.map(String.init) ?? ""
    // -g: brackets are meant as they stand.
    var line = "curl -g -u \"\(user):$SOJOURN_PASSWORD\""
    if method != .get { line += " -X \(method.name)" }
    line += " \(ShellWord.quoted(base + path))"
    if let body {
      var writer = ByteWriter(capacity: 512)
      body.append(to: &writer)
      line += " \\\n  -H 'Content-Type: application/json' -d \(ShellWord.quoted(writer.string))"
    }
    return line
  }
}
