import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Wire

/// Filters that lost their `q`.
extension ObjectRequest {
  /// Those that were ignored. A day is a day whatever is set in it.
  private static let notes = DeploymentSlot<OncePerDay>(.deployment)

  /// Refuses them, or passes them over where the deployment is set so.
  func check(_ query: QueryPairs, for known: [String], on model: ModelView) throws(ClientFault) {
    guard let lost = LostFilter.first(in: query, on: model.stored, besides: known) else { return }
    let deployment = request.deployment
    let setting = DeploymentSetting.lostFilters
    guard deployment.value(of: setting) == LostFilters.ignore.rawValue else {
      throw lost.refused(on: model.stored, unless: "\(setting.rawValue) is \(LostFilters.ignore.rawValue)")
    }
    if deployment.value(in: Self.notes, make: OncePerDay.init).isFirst(at: request.clock.now) {
      // Without its value, which may be personal.
      request.tools.log.warning(
        "A list or count of \(model.name) in the deployment \(deployment.id) was asked for with \(lost.name)=…, which is a filter only as \(lost.filter)=…: it was ignored, and every object matches. The setting \(setting.rawValue)=\(LostFilters.refuse.rawValue) refuses such requests. Until tomorrow no more are logged.",
        requestID: request.head.requestID)
    }
  }
}
