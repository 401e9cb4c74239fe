import Deployments
import HTTPServer
import Wire

/// The pages that belong to no deployment's API, and the key that webhooks are verified with. All other paths have no
/// route.
final class PageHandler: PublicHandler {
  let common: CommonAnswers
  private let webhookKey: @Sendable (String) -> String?

  init(_ services: APIServices) {
    common = CommonAnswers(services)
    webhookKey = services.webhookKey
  }

  func response(to head: RequestHead, at segments: [String], kind: inout UInt8) -> Response? {
    guard let response = page(at: segments, head) else { return nil }
    kind = RouteLabel.page
    return response
  }

  private func page(at segments: [String], _ head: RequestHead) -> Response? {
    switch segments {
    case ["docs", "errors"]: ErrorsPage.response
    case [".well-known", "sojourn", "webhook-key.pem"]: key(head)
    case _ where segments.count == 2 && segments[0] == "enroll" && DeploymentID.isValid(segments[1]):
      EnrolmentPage.response
    default: nil
    }
  }

  /// The key that receivers of webhooks verify signatures with (webhooks.md «The request»).
  private func key(_ head: RequestHead) -> Response {
    let query = try? QueryPairs(head.rawQuery)
    let deployment = query?.pairs.last { $0.path == ["deployment"] && !$0.appends }?.value ?? ""
    guard let pem = webhookKey(deployment) else {
      return common.answers(head).response(
        to: APIError(
          .routeError,
          "There is no key for the deployment \"\(CutText.cut(deployment))\": it is made when a webhook is enabled first."
        ))
    }
    return Response(
      status: 200, headers: [("Content-Type", TextType.pem), ("Cache-Control", "max-age=300")],
      body: .block(ByteBlock(Array(pem.utf8))))
  }
}

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
