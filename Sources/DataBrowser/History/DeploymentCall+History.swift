import DataModel
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

extension DeploymentCall {
  /// Entries of a history on one page, and deleted objects.
  private static let mostEntries = 30
  private static let mostDeleted = 50

  func history(_ name: String, _ id: ObjectID, _ view: HistoryView) async throws -> Response {
    if let first = view.first, let second = view.second { return try await states(name, id, first, second) }
    let card = DeploymentCard(deployment)
    let ((page, users), frame) = try await reading { read in
      let model = try Self.model(name, read)
      let plan = HistoryPlan(model.stored, id, before: view.before, limit: Self.mostEntries)
      let found = try read.snapshot.history(plan)
      let display = try read.displays(of: [id], in: model)[id]
      if found.entries.isEmpty, found.end == .whole, view.before == nil {
        throw PageRead.missing(id, model, in: self.id)
      }
      let entries = found.entries + (found.earlier.map { [$0] } ?? [])
      var states = try StateDrawing(read, model, found.layout).states(of: entries)
      for index in found.entries.indices {
        states[index].way = EntryWay(found.entries[index], after: found.entry(before: index))
      }
      let page = ObjectHistoryPage(
        card: card, label: model.stored.model.label,
        link: ObjectLink(model: name, id: id, display: display ?? states.first?.display ?? ""), isThere: display != nil,
        isEditable: visitor.may(.editor, in: self.id) == .allowed,
        fields: model.stored.columns.map(\.label), states: states, count: found.entries.count, end: found.end,
        isFirst: view.before == nil)
      return (page, try read.users(of: states.compactMap(\.origin)))
    }
    var shown = page
    shown.states = try await named(page.states, users)
    return answer(shown, in: frame)
  }

  /// Two states of an object side by side.
  private func states(_ name: String, _ id: ObjectID, _ first: Int64, _ second: Int64) async throws -> Response {
    let card = DeploymentCard(deployment)
    let ((page, users), frame) = try await reading { read in
      let model = try Self.model(name, read)
      let pages = try [min(first, second), max(first, second)].map { try read.entry(at: $0, of: id, model) }
      var states = try StateDrawing(read, model, pages[1].layout).states(of: pages.flatMap(\.entries))
      for (index, page) in pages.enumerated() {
        states[index].way = EntryWay(page.entries[0], after: page.entry(before: 0))
      }
      let page = StatesPage(
        card: card, label: model.stored.model.label,
        link: ObjectLink(model: name, id: id, display: states[1].display),
        fields: model.stored.columns.map(\.label), states: states)
      return (page, try read.users(of: states.compactMap(\.origin)))
    }
    var shown = page
    shown.states = try await named(page.states, users)
    return answer(shown, in: frame)
  }

  func deleted(_ name: String, before: Int64?) async throws -> Response {
    let card = DeploymentCard(deployment)
    let ((page, users), frame) = try await reading { read in
      let model = try Self.model(name, read)
      let found = try read.snapshot.deletions(DeletionPlan(model.stored, before: before, limit: Self.mostDeleted))
      let trimmed = try read.snapshot.oplogBounds().trimmed > 0
      let states = try StateDrawing(read, model, TableLayout(columns: [])).states(of: found.entries)
      let page = DeletedPage(
        card: card, model: name, label: model.stored.model.label, states: states, next: found.next,
        isLinking: found.isLinking, isTrimmed: trimmed, isFirst: before == nil)
      return (page, try read.users(of: states.compactMap(\.origin)))
    }
    var shown = page
    shown.states = try await named(page.states, users)
    return answer(shown, in: frame)
  }
}

extension PageRead {
  /// The entry of an object with this sequence, alone on its page.
  /// - Throws: `PageFault` where it is not kept, or not the object's.
  func entry(at sequence: Int64, of id: ObjectID, _ model: ModelView) throws -> HistoryPage {
    let page = try snapshot.history(HistoryPlan(model.stored, id, before: sequence + 1, limit: 1))
    guard page.entries.first?.sequence == sequence else {
      throw PageFault.notFound(
        "The history of this object has no entry \(sequence), or it is not kept any more.",
        ways: [Crumb("History", .history(call.id, model: model.name, id))])
    }
    return page
  }
}
