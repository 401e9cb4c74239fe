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
        changes: try read.lastChanges(Self.mostChanges)
      )
    }
    let page = OverviewPage(
      card: DeploymentCard(deployment), baseURL: baseURL, troubles: troubles, models: content.cards,
      furtherModels: content.total - content.cards.count, changes: content.changes)
    return answer(page, in: frame)
  }
}

extension PageRead {
  /// The last changes of models that the visitor sees, the latest first.
  func lastChanges(_ count: Int) throws -> [OverviewPage.Change] {
    let numbers = Set(models.all.map(\.stored.number))
    var entries: [Entry] = []
    let plan = OplogPlan(limit: count, models: numbers, isTail: true, hasOrigins: true)
    _ = try snapshot.oplog(plan, under: models.view.stored) { page in
      for entry in page.entries {
        let group = page.groups[entry.group]
        entries.append(
          Entry(
            model: group.number, id: group.rows.id(entry.row), sequence: entry.sequence, operation: entry.operation,
            origin: entry.origin))
      }
    }
    var displays: [ObjectID: String] = [:]
    for number in Set(entries.map(\.model)) {
      guard let model = models[number: number] else { continue }
      let ids = Set(entries.filter { $0.model == number }.map(\.id))
      displays.merge(try self.displays(of: Array(ids), in: model)) { first, _ in first }
    }
    return entries.reversed().compactMap { entry in
      guard let model = models[number: entry.model] else { return nil }
      return OverviewPage.Change(
        time: Instant(clampingMilliseconds: entry.sequence >> 10), model: model.name,
        modelLabel: model.stored.model.label, id: entry.id, display: displays[entry.id],
        operation: entry.operation.word, who: entry.origin.flatMap(OriginText.words))
    }
  }
}

/// An entry of the oplog as the overview tells it.
private struct Entry {
  let model: Int
  let id: ObjectID
  let sequence: Int64
  let operation: OplogEntry.Operation
  let origin: String?
}

/// Who made a change, as the oplog names them.
enum OriginText {
  /// Of a person's origin; nil for others.
  static func person(_ origin: String) -> PersonID? {
    origin.hasPrefix("person:") ? PersonID(String(origin.dropFirst(7))) : nil
  }

  /// For people; nil where nobody is named.
  static func words(_ origin: String) -> String? {
    if origin.isEmpty { return nil }
    if origin == "password" { return "API password" }
    for (prefix, word) in [("token:", "token"), ("device:", "device of"), ("person:", "person")] {
      if origin.hasPrefix(prefix) { return "\(word) \(origin.dropFirst(prefix.count))" }
    }
    return origin
  }
}

extension OplogEntry.Operation {
  var word: String {
    switch self {
    case .create: "created"
    case .update: "changed"
    case .delete: "deleted"
    }
  }
}
