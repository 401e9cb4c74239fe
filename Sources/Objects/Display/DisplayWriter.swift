import Storage
import Wire

/// Writes the displays of objects out of their own values and those of related objects, which `load`
/// has fetched before: one query per related model and level, however many objects a page has.
///
/// Not thread-safe: one answer has one.
final class DisplayWriter {
  private let view: DataModelView
  /// Related objects by model; nil for an id that no object has.
  private var related: [[ObjectID: Row?]]
  /// Displays of related objects that follow relationships themselves, so that cycles cost each object
  /// once per level and not once per path.
  private var known: [Known: [UInt8]] = [:]
  private var scratch = ByteWriter(capacity: 256)

  struct Row {
    let page: RowPage
    let row: Int
    /// Whether the page has all columns, or only those that displays need.
    let isWhole: Bool
  }

  private struct Known: Hashable {
    let model: Int
    let id: ObjectID
    let level: Int
  }

  /// What is to be written of some objects, and so what must be fetched for it.
  private enum Want: Hashable {
    /// Their display, at this level of nesting.
    case display(level: Int)
    /// The rest of a path, from `step` on, of part `part` of the display of model `origin`.
    case path(origin: Int, part: Int, step: Int, level: Int)
    /// Only a field.
    case nothing
  }

  private struct Errand: Hashable {
    let model: Int
    let want: Want
  }

  init(_ view: DataModelView) {
    self.view = view
    self.related = Array(repeating: [:], count: view.models.count)
  }

  // MARK: Fetching.

  /// Fetches the related objects that the displays of this page take.
  func load(for page: RowPage, of model: ModelView, from snapshot: any Snapshot) throws {
    guard model.display.isRelated, let place = view.models.firstIndex(where: { $0 === model }) else { return }
    let rows = (0..<page.count).map { Row(page: page, row: $0, isWhole: true) }
    var errands: [Errand: [Row]] = [Errand(model: place, want: .display(level: 0)): rows]
    while !errands.isEmpty {
      var next: [Errand: Set<ObjectID>] = [:]
      for (errand, rows) in errands {
        for (column, onward) in follow(errand) {
          for row in rows {
            if let id = id(row, column, of: errand.model) { next[onward, default: []].insert(id) }
          }
        }
      }
      try fetch(next, from: snapshot)
      errands = [:]
      for (errand, ids) in next where errand.want != .nothing {
        let found = ids.compactMap { related[errand.model][$0] ?? nil }
        if !found.isEmpty { errands[errand] = found }
      }
    }
  }

  /// Which columns of these objects lead on, and to what.
  private func follow(_ errand: Errand) -> [(column: Int, Errand)] {
    switch errand.want {
    case .nothing: return []
    case .path(let origin, let part, let step, let level):
      guard case .value(let value) = view.models[origin].display.parts[part] else { return [] }
      return onward(value, origin: origin, part: part, step: step, level: level).map { [$0] } ?? []
    case .display(let level):
      return view.models[errand.model].display.parts.enumerated().compactMap { place, part in
        guard case .value(let value) = part, !value.path.isEmpty else { return nil }
        return onward(value, origin: errand.model, part: place, step: 0, level: level)
      }
    }
  }

  private func onward(
    _ value: DisplayPlan.Value, origin: Int, part: Int, step: Int, level: Int
  ) -> (column: Int, Errand)? {
    let here = value.path[step]
    let want: Want
    if step + 1 < value.path.count {
      want = .path(origin: origin, part: part, step: step + 1, level: level)
    } else if case .display = value.content {
      guard level < DisplayPlan.nesting else { return nil }
      want = .display(level: level + 1)
    } else {
      want = .nothing
    }
    return (here.column, Errand(model: here.model, want: want))
  }

  private func fetch(_ wanted: [Errand: Set<ObjectID>], from snapshot: any Snapshot) throws {
    var missing: [Int: Set<ObjectID>] = [:]
    for (errand, ids) in wanted {
      for id in ids where related[errand.model][id] == nil { missing[errand.model, default: []].insert(id) }
    }
    for (model, ids) in missing {
      for id in ids { related[model][id] = .some(nil) }
      let view = view.models[model]
      let page = try snapshot.objects(view.stored, ids: Array(ids), columns: view.display.columns)
      for row in 0..<page.count {
        related[model][page.id(row, RowPage.Lead.id)] = Row(page: page, row: row, isWhole: false)
      }
    }
  }

  // MARK: Writing.

  /// Appends the display of the object in this row, escaped for a JSON text.
  func appendEscaped(displayOf model: ModelView, _ page: RowPage, _ row: Int, to writer: inout ByteWriter) {
    scratch.removeAll()
    append(model.display, Row(page: page, row: row, isWhole: true), level: 0)
    cut()
    scratch.withBytes { writer.append(escapedUTF8: $0) }
  }

  private func append(_ plan: DisplayPlan, _ row: Row, level: Int) {
    for part in plan.parts where scratch.count <= DisplayPlan.bytes {
      switch part {
      case .literal(let text): scratch.append(text.bytes)
      case .value(let value): append(value, from: row, of: plan, level: level)
      }
    }
  }

  private func append(_ value: DisplayPlan.Value, from start: Row, of plan: DisplayPlan, level: Int) {
    var row = start
    var plan = plan
    for step in value.path {
      guard let id = Self.id(row, step.column, of: plan), let found = related[step.model][id] ?? nil else {
        return
      }
      row = found
      plan = view.models[step.model].display
    }
    switch value.content {
    case .field(let format, let column):
      let slot = Self.slot(row, column, of: plan)
      if !row.page.isNull(row.row, slot) { format.append(row.page, row.row, slot, to: &scratch) }
    case .display:
      guard level < DisplayPlan.nesting else { return }
      plan.isRelated
        ? appendKnown(plan, row, model: value.model, level: level + 1) : append(plan, row, level: level + 1)
    }
  }

  private func appendKnown(_ plan: DisplayPlan, _ row: Row, model: Int, level: Int) {
    let key = Known(model: model, id: row.page.id(row.row, RowPage.Lead.id), level: level)
    if let text = known[key] { return scratch.append(text) }
    let start = scratch.count
    append(plan, row, level: level)
    known[key] = scratch.withBytes { Array($0[start...]) }
  }

  /// Cuts what is too long, between two characters.
  private func cut() {
    guard scratch.count > DisplayPlan.bytes else { return }
    let end = scratch.withBytes { bytes in
      var end = DisplayPlan.bytes
      while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      return end
    }
    scratch.truncate(to: end)
  }

  private func id(_ row: Row, _ column: Int, of model: Int) -> ObjectID? {
    Self.id(row, column, of: view.models[model].display)
  }

  private static func id(_ row: Row, _ column: Int, of plan: DisplayPlan) -> ObjectID? {
    let slot = slot(row, column, of: plan)
    return row.page.kind(row.row, slot) == .id ? row.page.id(row.row, slot) : nil
  }

  private static func slot(_ row: Row, _ column: Int, of plan: DisplayPlan) -> Int {
    RowPage.Lead.count + (row.isWhole ? column : plan.slots[column])
  }
}
