import DataModel
import Deployments
import Objects
import Storage
import Wire

extension ObjectForm {
  /// What becomes of the fields of a form, beside what is stored by now.
  struct Changes {
    /// Changed in the form, to be written.
    var mine: [ObjectField] = []
    /// Changed in the form and by others, and not decided yet.
    var conflicts: [ObjectField] = []
    /// Names of those that others alone have changed.
    var kept: [String] = []
  }

  /// Compares field by field. What was decided on a page of conflicts is settled first: then the field is as if the form
  /// had been opened now.
  mutating func changes(from values: [StoredValue], _ code: FieldCode) -> Changes {
    var changes = Changes()
    for field in fields {
      let now = code.text(of: values[field.position], field)
      settle(field, now, values[field.position])
      guard let opened = codes[field.position], let draft = drafts[field.position] else { continue }
      let isTheirs = now != opened
      if !isChanged(field, code) {
        if isTheirs { changes.kept.append(field.name) }
      } else if !isTheirs {
        changes.mine.append(field)
      } else if field.isPassword || draft.isLocked || code.text(of: draft, field) != now {
        changes.conflicts.append(field)
      }
    }
    return changes
  }

  /// Takes what was chosen, as long as what it was chosen against is what is stored.
  private mutating func settle(_ field: ObjectField, _ now: String, _ value: StoredValue) {
    guard let choice = choices[field.position], choice.seen == now else { return }
    settle(field.position, now, choice.isMine ? nil : field.draft(of: value))
  }
}

extension PageRead {
  /// What each of these fields was, is now, and who made it so.
  func conflicts(
    _ fields: [ObjectField], of id: ObjectID, _ model: ModelView, _ row: RowPage, since opened: Int64?
  ) throws -> [Int: FieldConflict] {
    let past = try opened.map { try states(of: id, model, since: $0) } ?? []
    // None where the oplog was trimmed, and where a form does not say when it was opened.
    let begin = past.first.flatMap { $0.sequence == opened ? $0 : nil }
    let code = code(model, id)
    var conflicts: [Int: FieldConflict] = [:]
    for field in fields {
      let slot = RowPage.Lead.count + field.position
      let now = row.value(0, slot)
      // The last entry behind which the value is the present one.
      let last = past.indices.last { $0 > 0 && past[$0].values[field.position] != past[$0 - 1].values[field.position] }
      conflicts[field.position] = FieldConflict(
        was: try begin.map { try words($0.values[field.position], field) }, now: try words(now, field),
        code: code.text(of: now, field), origin: last.flatMap { Origin(past[$0].origin) },
        at: last.map { Instant(ofSequence: past[$0].sequence) })
    }
    return conflicts
  }

  private func words(_ value: StoredValue, _ field: ObjectField) throws -> String {
    guard case .relationship(let target) = field.kind, case .id(let id) = value, let model = models[target] else {
      return field.words(of: value)
    }
    return field.words(of: value, name: try displays(of: [id], in: model)[id].flatMap(\.trimmed.nonEmpty))
  }

  private struct PastState {
    let sequence: Int64
    let origin: String
    let values: [StoredValue]
  }

  private static let mostStates = 1000

  /// The last states of an object from the entry with this sequence on, oldest first, as far as the oplog has them.
  private func states(of id: ObjectID, _ model: ModelView, since sequence: Int64) throws -> [PastState] {
    var states: [PastState] = []
    var plan = HistoryPlan(model.stored, id, limit: Self.mostStates)
    while true {
      let page = try snapshot.history(plan)
      let entries = page.entries.prefix { $0.sequence >= sequence }
      states += entries.map {
        PastState(sequence: $0.sequence, origin: $0.origin, values: model.stored.row(of: $0.values))
      }
      guard entries.count == page.entries.count, case .more(let before) = page.end, states.count < Self.mostStates
      else {
        return states.prefix(Self.mostStates).reversed()
      }
      plan.before = before
    }
  }
}
