import Deployments
import HTTPServer

/// What the API's sites have in common: how they tell errors, and where they count and log what they answered.
struct CommonAnswers: Sendable {
  let log: any APILog
  let metrics: RequestMetrics
  let publicURL: String?
  let browserHost: String?

  init(_ services: APIServices) {
    log = services.log
    metrics = services.metrics
    publicURL = services.publicURL
    browserHost = services.browserHost
  }

  /// `origins` are those that a deployment allows, where the request is about one.
  func answers(_ head: RequestHead, origins: AllowedOrigins? = nil) -> AnswerBuilder {
    AnswerBuilder(head: head, origins: origins, publicURL: publicURL)
  }
}

/// A handler that tells errors as JSON and is counted by routes.
protocol CommonHandler: Handler {
  var common: CommonAnswers { get }
}

extension CommonHandler {
  func verdict(on head: RequestHead) -> Verdict {
    var kind = RouteLabel.unmatched
    return verdict(on: head, kind: &kind)
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    if case .unexpected(let sentence) = failure { common.log.fault(sentence, requestID: head.requestID) }
    return common.answers(head).response(to: APIError(failure))
  }

  func finished(_ exchange: FinishedExchange) {
    common.metrics.note(exchange)
    common.log.request(exchange)
  }
}
