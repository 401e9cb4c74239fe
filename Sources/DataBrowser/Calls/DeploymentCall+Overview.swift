import DataModel
import Deployments
import HTTPServer
import Objects
import Storage
import Wire

extension DeploymentCall {
  /// Models on the overview.
  private static let mostModels = 50
  private static let mostChanges = 10

  func overview() async throws -> Response {
    let troubles = try await troubles()
    let (content, frame) = try await reading { read in
      (
        cards: try read.models.all.prefix(Self.mostModels).map(read.card), total: read.models.all.count,
        last: try read.lastChanges(Self.mostChanges)
      )
    }
    let page = OverviewPage(
      card: DeploymentCard(deployment), baseURL: baseURL, troubles: troubles, models: content.cards,
      furtherModels: content.total - content.cards.count, changes: try await named(content.last))
    return answer(page, in: frame)
  }

  private func troubles() async throws -> [String] {
    let store = deployment.store
    var troubles: [String] = []
    if !store.isFit { troubles.append("Writes fail: the disk does not take them. The server's log says why.") }
    let names = Set(models(of: calls.view).all.map(\.name))
    for index in try await store.pendingIndexes() where names.contains(index.model) {
      troubles.append(
        "The index \(index.name) of \(index.model) is being built over \(Grouped.text(index.objects, "object")); "
          + "queries that it would serve are slower until then.")
    }
    for hook in try await store.webhooks() {
      guard hook.isEnabled, let since = hook.suspendedSince else { continue }
      let time = TimeText.text(Instant(clampingMilliseconds: since))
      troubles.append("The webhook \(hook.name) is suspended since \(time): its endpoint fails.")
    }
    return troubles
  }
}
