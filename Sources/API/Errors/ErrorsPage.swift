import HTTPServer
import Wire

/// `/docs/errors`: the error table as a page for people.
enum ErrorsPage {
  static let response: Response = {
    var writer = ByteWriter(capacity: 8192)
    writer.append(
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Errors of the API</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      :root{color-scheme:light dark}
      body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
      code{font-family:ui-monospace,monospace}
      section{border-top:1px solid #8886;padding:.5rem 0}
      </style></head><body>
      <h1>Errors of the API</h1>
      <p>Every error but one is JSON with <code>type</code>, <code>title</code>, <code>detail</code> and
      <code>see</code>. <code>type</code> is stable and for programs, <code>detail</code> for people. The one
      exception is 401: plain text, <code>HTTP Basic: Access denied.</code>, for credentials that are missing,
      malformed, wrong, revoked or expired.</p>

      """)
    for type in ErrorType.allCases {
      let statuses = [type.status].compactMap { $0 } + type.otherStatuses
      let shown = statuses.isEmpty ? "inside batch answers" : statuses.map(String.init).joined(separator: ", ")
      writer.append(
        text: """
          <section id="\(type.rawValue)"><h2><code>\(type.rawValue)</code></h2>
          <p><strong>\(type.title)</strong> Status: \(shown).</p><p>\(type.remedy)</p></section>

          """)
    }
    writer.append("</body></html>\n")
    return Response(
      status: 200,
      headers: [
        ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "max-age=3600"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
      ],
      body: .block(writer.detach()))
  }()
}
