import DataModel
import Objects
import Storage
import Wire

/// The last changes of a deployment, as far as one snapshot knows them.
struct LastChanges: Sendable {
  var changes: [OverviewPage.Change] = []
  /// Who made each of them.
  var origins: [Origin?] = []
  var users: [ObjectID: String] = [:]
}

extension DeploymentCall {
  /// With the names of those who made them.
  func named(_ last: LastChanges) async throws -> [OverviewPage.Change] {
    let names = try await names(of: last.origins.compactMap { $0 }, users: last.users)
    return zip(last.changes, last.origins).map { change, origin in
      var change = change
      change.who = origin.map(names.words)
      return change
    }
  }
}

extension PageRead {
  /// The last changes of models that the visitor sees, the latest first.
  func lastChanges(_ count: Int) throws -> LastChanges {
    let numbers = Set(models.all.map(\.stored.number))
    var entries: [Entry] = []
    let plan = OplogPlan(limit: count, models: numbers, isTail: true, hasOrigins: true)
    _ = try snapshot.oplog(plan, under: models.view.stored) { page in
      for entry in page.entries {
        let group = page.groups[entry.group]
        entries.append(
          Entry(
            object: ObjectKey(model: group.number, id: group.rows.id(entry.row)), sequence: entry.sequence,
            operation: entry.operation, origin: entry.origin.flatMap(Origin.init)))
      }
    }
    entries.reverse()
    let displays = try displays(of: entries.map(\.object))
    var last = LastChanges()
    for entry in entries {
      guard let model = models[number: entry.object.model] else { continue }
      last.changes.append(
        OverviewPage.Change(
          time: Instant(ofSequence: entry.sequence), model: model.name,
          modelLabel: model.stored.model.label, id: entry.object.id, display: displays[entry.object],
          operation: try way(of: entry, model)))
      last.origins.append(entry.origin)
    }
    last.users = try users(of: last.origins.compactMap { $0 })
    return last
  }

  /// What a change did, in a word. Of a creation the entry before it says whether it was the first.
  private func way(of entry: Entry, _ model: ModelView) throws -> String {
    guard entry.operation == .create else { return entry.operation.word }
    return try way(of: entry.object.id, at: entry.sequence, model)?.word ?? entry.operation.word
  }

  /// Nil where it is not known what was there before the entry.
  func way(of id: ObjectID, at sequence: Int64, _ model: ModelView) throws -> EntryWay? {
    let page = try snapshot.history(HistoryPlan(model.stored, id, at: sequence))
    return page.entries.first.map { EntryWay($0, after: page.entry(before: 0)) }
  }

  /// Displays of objects of several models, of which two may have one id.
  private func displays(of objects: [ObjectKey]) throws -> [ObjectKey: String] {
    var displays: [ObjectKey: String] = [:]
    for number in Set(objects.map(\.model)) {
      guard let model = models[number: number] else { continue }
      let ids = Set(objects.filter { $0.model == number }.map(\.id))
      for (id, display) in try self.displays(of: Array(ids), in: model) {
        displays[ObjectKey(model: number, id: id)] = display
      }
    }
    return displays
  }
}

/// An object, by the number of its model: ids are unique in a model alone.
private struct ObjectKey: Hashable {
  let model: Int
  let id: ObjectID
}

/// An entry of the oplog as the overview tells it.
private struct Entry {
  let object: ObjectKey
  let sequence: Int64
  let operation: OplogEntry.Operation
  let origin: Origin?
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
