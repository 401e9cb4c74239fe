import Storage
import Wire

/// Histories read from a list of all entries that there ever were: what an engine must agree with.
struct PlainHistory {
  private(set) var entries: [OplogEntry] = []
  /// The last entry that was trimmed; 0 where none was.
  var trimmed: Int64 = 0

  /// Takes in what came to a store's oplog since it was asked last.
  mutating func follow(_ scene: Scene) async throws {
    let next = (entries.last?.sequence ?? -1) + 1
    entries += try await scene.store.read { try $0.oplog(from: next, limit: 1_000_000) }
  }

  private func kept(_ model: Int, _ id: ObjectID) -> [OplogEntry] {
    entries.filter { $0.model == model && $0.id == id && $0.sequence > trimmed }.reversed()
  }

  private func isThere(_ model: Int, _ id: ObjectID) -> Bool {
    entries.last { $0.model == model && $0.id == id }.map { $0.operation != .delete } ?? false
  }

  /// Where the whole history of an object ends, by its oldest entry.
  private func end(_ model: Int, _ id: ObjectID) -> HistoryPage.End {
    guard let oldest = kept(model, id).last else { return isThere(model, id) ? .trimmed : .whole }
    return oldest.operation == .create ? .whole : .trimmed
  }

  func page(_ plan: HistoryPlan) -> (entries: [OplogEntry], earlier: OplogEntry?, end: HistoryPage.End) {
    let number = plan.model.number
    let rest = kept(number, plan.id).filter { $0.sequence < plan.before ?? .max }
    let page = Array(rest.prefix(plan.limit))
    guard rest.count > plan.limit, let last = page.last else { return (page, nil, end(number, plan.id)) }
    return (page, rest[plan.limit], .more(before: last.sequence))
  }

  /// An entry and the one before it, as far as they are kept.
  func entry(at sequence: Int64) -> [OplogEntry] {
    guard let entry = entries.first(where: { $0.sequence == sequence }) else { return [] }
    return Array(kept(entry.model, entry.id).drop { $0.sequence > sequence }.prefix(2))
  }

  func changes(_ plan: ChangePlan) -> ChangePage {
    let range = entries.filter { $0.sequence > trimmed && $0.sequence >= plan.start && $0.sequence < plan.end }
    var page = ChangePage()
    for entry in plan.isNewestFirst ? range.reversed() : range {
      if page.changes.count == plan.limit || page.reach.examined == plan.examined {
        page.reach.hasMore = true
        break
      }
      page.reach.last = entry.sequence
      page.reach.examined += 1
      let isMeant = plan.operation.map { $0 == entry.operation } ?? true
      let isOf = plan.origin.map { match in Array(entry.origin.utf8).withUnsafeBytes { match.holds($0) } } ?? true
      guard isMeant, isOf, plan.models.contains(entry.model) else { continue }
      page.changes.append(
        .init(sequence: entry.sequence, model: entry.model, operation: entry.operation, id: entry.id))
    }
    return page
  }

  /// Newest first.
  func deletions(of model: Int, before: Int64?) -> [OplogEntry] {
    var seen: Set<ObjectID> = []
    return entries.reversed().filter { entry in
      entry.model == model && seen.insert(entry.id).inserted && entry.operation == .delete && entry.sequence > trimmed
        && entry.sequence < before ?? .max
    }
  }
}

extension Scene {
  func history(_ plan: HistoryPlan) async throws -> HistoryPage { try await store.read { try $0.history(plan) } }

  /// All of it, however many pages that is.
  func history(_ model: StoredModel, _ number: Int, limit: Int = 100) async throws -> HistoryPage {
    var page = try await history(HistoryPlan(model, .numbered(number), limit: limit))
    while case .more(let before) = page.end {
      let next = try await history(HistoryPlan(model, .numbered(number), before: before, limit: limit))
      page.entries += next.entries
      (page.earlier, page.end) = (next.earlier, next.end)
    }
    return page
  }

  /// All of them, however many pages that is.
  func deletions(_ model: StoredModel, limit: Int = 100) async throws -> [OplogEntry] {
    var entries: [OplogEntry] = []
    var before: Int64?
    repeat {
      let plan = DeletionPlan(model, before: before, limit: limit)
      let page = try await store.read { try $0.deletions(plan) }
      try require(!page.isLinking, "a new store links nothing")
      try require(page.entries.count <= limit, "a page of \(limit) has \(page.entries.count)")
      entries += page.entries
      before = page.next
    } while before != nil
    return entries
  }

  /// Trims as far as may be.
  func trim(before sequence: Int64) async throws {
    while try await !store.trimOplog(.before(sequence)).isDone {}
  }
}
