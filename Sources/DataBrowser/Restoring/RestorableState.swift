import Objects
import Storage
import Web
import Wire

/// An earlier state of an object beside its present one, of one moment.
struct RestorableState: Sendable {
  /// The entry behind which the object was in this state; of a deletion the state before it.
  let then: OplogEntry
  /// The last entry of the object; nil where it is not there.
  let now: OplogEntry?
  let restoration: Restoration
  fileprivate let layout: TableLayout

  /// What the form of its page sends back.
  var form: RestoreForm { RestoreForm(seen: now?.sequence, code: restoration.code) }

  /// Both, the earlier one first.
  func states(_ read: PageRead, _ model: ModelView) throws -> [ShownState] {
    var drawing = StateDrawing(read, model, layout)
    drawing.opensTabs = true
    var states = try drawing.states(of: [then] + (now.map { [$0] } ?? []))
    if then.operation == .create, let way = try read.way(of: then.id, at: then.sequence, model) { states[0].way = way }
    return states
  }
}

extension PageRead {
  /// The state of an object after the entry with this sequence, held against the present one.
  /// - Throws: `PageFault` where the entry is not kept any more, or is not the object's.
  func restorable(_ sequence: Int64, of id: ObjectID, _ model: ModelView) throws -> RestorableState {
    // By its sequence alone, so that it is found however many entries came behind it, linked or not.
    guard let then = try snapshot.oplog(from: sequence, limit: 1).first, then.sequence == sequence, then.id == id,
      then.model == model.stored.number
    else { throw try notRestorable(sequence, id, model) }
    let last = try snapshot.history(HistoryPlan(model.stored, id, limit: 1))
    var now: OplogEntry?
    if let row = try snapshot.object(model.stored, id) {
      // What was kept behind an entry that is kept is kept too.
      guard let entry = last.entries.first, entry.sequence == row.integer(0, RowPage.Lead.sequence) else {
        throw try notRestorable(sequence, id, model)
      }
      now = entry
    }
    let restoration = try restoration(of: then, over: now, model, last.layout)
    return RestorableState(then: then, now: now, restoration: restoration, layout: last.layout)
  }

  private func restoration(
    of then: OplogEntry, over now: OplogEntry?, _ model: ModelView, _ layout: TableLayout
  ) throws -> Restoration {
    let files = Set(model.stored.columns.filter(\.isAttachment).map(\.number))
    let ids = then.values.compactMap { stored -> ObjectID? in
      guard files.contains(stored.column), case .id(let id) = stored.value else { return nil }
      return id
    }
    let kept = ids.isEmpty ? [:] : try snapshot.attachments(ids)
    return Restoration(of: then.values, over: now?.values, model.stored, layout) { kept[$0] == nil }
  }

  /// Whether a state of an object is that of an earlier entry, as far as it could be brought back.
  func isRestored(_ entry: OplogEntry, to sequence: Int64, _ model: ModelView) throws -> Bool {
    guard sequence < entry.sequence, let then = try snapshot.oplog(from: sequence, limit: 1).first,
      then.sequence == sequence, then.id == entry.id, then.model == entry.model
    else { return false }
    let layout = try snapshot.history(HistoryPlan(model.stored, entry.id, limit: 1)).layout
    return try restoration(of: then, over: entry, model, layout).changes.isEmpty
  }

  private func notRestorable(_ sequence: Int64, _ id: ObjectID, _ model: ModelView) throws -> PageFault {
    let ways = [Crumb("History", Route.history(call.id, model: model.name, id))]
    guard try snapshot.oplogBounds().trimmed >= sequence else {
      return .notFound("The history of this object has no entry \(sequence).", ways: ways)
    }
    return PageFault(
      404, "That state is not kept any more",
      "The oplog, which has the earlier states of objects, was trimmed. The entry \(sequence) went with it, so that "
        + "nobody can restore the object to it.", next: "Its history shows the states that are still kept.", ways: ways)
  }
}
