import HTTPServer

/// Tells whether the process answers, and whether it can take requests.
final class HealthHandler: PublicHandler {
  let common: CommonAnswers
  private let health: ServerHealth

  init(_ services: APIServices) {
    common = CommonAnswers(services)
    health = services.health ?? ServerHealth(serving: services.deployments)
  }

  func response(to head: RequestHead, at segments: [String], kind: inout UInt8) -> Response? {
    guard let response = health.response(to: segments) else { return nil }
    kind = RouteLabel.health
    return response
  }
}
