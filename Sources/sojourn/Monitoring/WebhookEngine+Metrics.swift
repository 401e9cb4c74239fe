import Metrics
import Webhooks

extension WebhookEngine {
  /// The figures of these deployments' webhooks; `ids` in the order of their creation.
  func measure(_ page: inout MetricPage, of ids: [String]) {
    let labels = DeploymentLabels(ids)
    /// Of those behind the first, the longest: a sum would say nothing.
    var longest: Int64?
    for id in ids {
      guard let figures = figures(of: id) else { continue }
      let name = labels[id]
      page.add(.webhookDeliveries, [name, "delivered"], figures.delivered)
      page.add(.webhookDeliveries, [name, "failed"], figures.failed)
      page.add(.webhookParked, [name], figures.parked)
      if name == DeploymentLabels.rest {
        longest = max(longest ?? 0, figures.lagMilliseconds)
      } else {
        page.add(.webhookLag, [name], Double(figures.lagMilliseconds) / 1000)
      }
    }
    if let longest { page.add(.webhookLag, [DeploymentLabels.rest], Double(longest) / 1000) }
  }
}
