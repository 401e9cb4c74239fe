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
