import HTTPServer
import Wire

/// `/docs/errors`: the error table as a page for people.
enum ErrorsPage {
  static let response: Response = {
    let block = HTMLPage.block(title: "Errors of the API") { writer in
      writer.appendElement("h1", "Errors of the API")
      writer.appendParagraph(
        "Every error but one is JSON with `type`, `title`, `detail` and `see`. `type` is stable and for programs, `detail` for people."
      )
      writer.append("<section id=\"401\"><h2>401</h2>\n<p><strong>The credentials are not good here.</strong></p>\n")
      writer.appendParagraph(
        "The one error that is no JSON: plain text, `HTTP Basic: Access denied.`, for credentials that are missing, malformed, wrong, revoked or expired, and for a token of another deployment."
      )
      writer.append("</section>\n")
      for type in ErrorType.allCases { append(type, to: &writer) }
    }
    return Response(
      status: 200, headers: HTMLPage.headers + [("Cache-Control", "max-age=3600")], body: .block(block))
  }()

  private static func append(_ type: ErrorType, to writer: inout ByteWriter) {
    let statuses = [type.status].compactMap { $0 } + type.otherStatuses
    let shown = statuses.isEmpty ? "inside batch answers" : statuses.map(String.init).joined(separator: ", ")
    writer.append("<section id=\"")
    writer.append(html: type.rawValue)
    writer.append("\"><h2>")
    writer.appendElement("code", type.rawValue)
    writer.append("</h2>\n<p>")
    writer.appendElement("strong", type.title)
    writer.append(html: " Status: \(shown).")
    writer.append("</p>\n")
    writer.appendParagraph(type.remedy)
    writer.append("</section>\n")
  }
}
