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
    let troubles = await troubles()
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
}
