import Attachments
import DataModel
import Storage
import Wire

/// Writes the displays of objects out of their own values and those of related objects, which `load`
/// has fetched before: one query per related model and level, however many objects a page has. It looks up
/// their attachments on the way.
struct DisplayWriter: ~Copyable {
  private let view: DataModelView
  private(set) var attachments: AttachmentWriter
  /// Related objects by model; nil for an id that no object has.
  private var related: [[ObjectID: Row?]]
  /// Keeps the memory of `related` alive.
  private var pages: [RowPage] = []
  /// Displays of related objects that follow relationships themselves, so that cycles cost each object
  /// once per level and not once per path.
  private var known: [Known: [UInt8]] = [:]
  /// The display that is written.
  private var text = ByteWriter(capacity: 256)

  struct Row {
    let view: RowView
    let row: Int
    /// Whether the page has all columns, or only those that displays need.
    let isWhole: Bool

    /// The related object's id in this place; nil where there is none.
    fileprivate func id(_ place: DisplayPlan.Place) -> ObjectID? {
      let slot = place.slot(in: self)
      return view.kind(row, slot) == .id ? view.id(row, slot) : nil
    }
  }

  /// Bytes of related objects that are kept from page to page.
  private static let keptBytes = 8 << 20
  /// Bytes of a related object's text that are kept: so many that the display is full with them, and cut
  /// where it would be cut without this.
  private static let textBytes = DisplayPlan.bytes + 4

  /// Objects that are remembered for other answers, when no more were fetched at once.
  private static let rememberedAtOnce = 32

  private struct Known: Hashable {
    let model: Int
    let id: ObjectID
    let level: Int
  }

  /// What is to be written of some objects of a model, and so what must be fetched for it.
  private struct Errand: Hashable {
    let model: Int
    let want: Want

    enum Want: Hashable {
      /// Their display, at this level of nesting.
      case display(level: Int)
      /// The rest of a path, from `step` on, of part `part` of the display of model `origin`.
      case path(origin: Int, part: Int, step: Int, level: Int)
      /// Only a field.
      case nothing
    }
  }

  init(_ view: DataModelView, _ links: AttachmentLinks) {
    self.view = view
    attachments = AttachmentWriter(links)
    self.related = Array(repeating: [:], count: view.models.count)
  }

  // MARK: Fetching.

  /// Fetches the related objects that the displays of this page take. Displays of pages before it may no
  /// longer be written: what was fetched for them is forgotten once it is much.
  mutating func load(for page: RowPage, of model: ModelView, from snapshot: any Snapshot) throws {
    try attachments.load(for: page, of: model, from: snapshot)
    guard model.display.isRelated, let place = view.models.firstIndex(where: { $0 === model }) else { return }
    if pages.reduce(0, { $0 + $1.byteCount }) > Self.keptBytes { forget() }
    let rowView = page.view
    let rows = (0..<page.count).map { Row(view: rowView, row: $0, isWhole: true) }
    var errands: [(errand: Errand, rows: [Row])] = [(Errand(model: place, want: .display(level: 0)), rows)]
    while !errands.isEmpty {
      // Few: one for each part of a display.
      var next: [(errand: Errand, ids: [ObjectID])] = []
      for (errand, rows) in errands {
        for (place, onward) in follow(errand) {
          let found = next.firstIndex { $0.errand == onward } ?? next.count
          if found == next.count { next.append((onward, [])) }
          for row in rows {
            if let id = row.id(place) { next[found].ids.append(id) }
          }
        }
      }
      try fetch(next, from: snapshot)
      errands = []
      for (errand, ids) in next where errand.want != .nothing && isNeeded(errand) {
        let found = Set(ids).compactMap { related[errand.model][$0] ?? nil }
        if !found.isEmpty { errands.append((errand, found)) }
      }
    }
    withExtendedLifetime(page) {}
  }

  private mutating func forget() {
    related = Array(repeating: [:], count: related.count)
    known = [:]
    pages = []
  }

  /// Whether anything lies behind the objects themselves.
  private func isNeeded(_ errand: Errand) -> Bool {
    if case .display = errand.want { return view.models[errand.model].display.isRelated }
    return true
  }

  /// Which columns of these objects lead on, and to what.
  private func follow(_ errand: Errand) -> [(place: DisplayPlan.Place, Errand)] {
    switch errand.want {
    case .nothing: return []
    case .path(let origin, let part, let step, let level):
      return onward(origin: origin, part: part, step: step, level: level).map { [$0] } ?? []
    case .display(let level):
      let parts = view.models[errand.model].display.parts
      return parts.indices.compactMap { place in
        parts[place].path.isEmpty ? nil : onward(origin: errand.model, part: place, step: 0, level: level)
      }
    }
  }

  private func onward(origin: Int, part: Int, step: Int, level: Int) -> (place: DisplayPlan.Place, Errand)? {
    let display = view.models[origin].display
    let part = (place: part, value: display.parts[part])
    let here = display.steps[part.value.path.lowerBound + step]
    let want: Errand.Want
    if step + 1 < part.value.path.count {
      want = .path(origin: origin, part: part.place, step: step + 1, level: level)
    } else if part.value.kind == .display {
      guard level < DisplayPlan.nesting else { return nil }
      want = .display(level: level + 1)
    } else {
      want = .nothing
    }
    return (here.place, Errand(model: here.model, want: want))
  }

  private mutating func fetch(_ wanted: [(errand: Errand, ids: [ObjectID])], from snapshot: any Snapshot) throws {
    var missing: [(model: Int, ids: [ObjectID])] = []
    for (errand, ids) in wanted {
      let place = missing.firstIndex { $0.model == errand.model } ?? missing.count
      if place == missing.count { missing.append((errand.model, [])) }
      for id in ids where related[errand.model][id] == nil {
        related[errand.model][id] = .some(nil)
        missing[place].ids.append(id)
      }
    }
    for (model, ids) in missing where !ids.isEmpty {
      let stateVersion = snapshot.stateVersion(of: view.models[model].stored)
      let unknown = stateVersion.map { recall(ids, of: model, at: $0) } ?? ids
      if !unknown.isEmpty { try fetch(unknown, of: model, at: stateVersion, from: snapshot) }
    }
  }

  /// Takes what is remembered of these objects; those that are not.
  private mutating func recall(_ ids: [ObjectID], of model: Int, at stateVersion: Int) -> [ObjectID] {
    var unknown: [ObjectID] = []
    for (id, page) in zip(ids, view.models[model].related.pages(ids, at: stateVersion)) {
      guard let page else {
        unknown.append(id)
        continue
      }
      pages.append(page)
      related[model][id] = Row(view: page.view, row: 0, isWhole: false)
    }
    return unknown
  }

  private mutating func fetch(
    _ ids: [ObjectID], of model: Int, at stateVersion: Int?, from snapshot: any Snapshot
  ) throws {
    let stored = view.models[model]
    // Large objects come page by page, and of a long text only what can show is kept.
    let texts = stored.display.columns.indices.filter { stored.isText(stored.display.columns[$0]) }
    let slots = texts.map { RowPage.Lead.count + $0 }
    let known = pages.count
    try snapshot.objects(stored.stored, ids: ids, columns: stored.display.columns) { page in
      let page = page.cutting(slots, to: Self.textBytes)
      pages.append(page)
      let rows = page.view
      for row in 0..<page.count {
        related[model][rows.id(row, RowPage.Lead.id)] = Row(view: rows, row: row, isWhole: false)
      }
    }
    // Many at once are those of a long list, and not the same again next time.
    if ids.count <= Self.rememberedAtOnce, let stateVersion, snapshot.stateVersion(of: stored.stored) == stateVersion {
      for page in pages[known...] { stored.related.keep(page, at: stateVersion) }
    }
  }

  // MARK: Writing.

  /// The display of the object in this row, as text: good until the next one is written.
  mutating func display(of model: ModelView, _ view: RowView, _ row: Int) -> UnsafeRawBufferPointer {
    text.removeAll()
    append(model.display, Row(view: view, row: row, isWhole: true), level: 0)
    cut()
    return UnsafeRawBufferPointer(start: text.base, count: text.count)
  }

  private mutating func append(_ plan: DisplayPlan, _ row: Row, level: Int) {
    for index in 0..<plan.parts.count where text.count <= DisplayPlan.bytes {
      let part = plan.parts[index]
      if part.kind == .literal {
        text.append(plan.literal(part))
      } else if let end = end(of: part, in: plan, from: row) {
        append(part, of: plan, end, level: level)
      }
    }
  }

  /// The object at the end of a part's path.
  private func end(of part: DisplayPlan.Part, in plan: DisplayPlan, from start: Row) -> Row? {
    var row = start
    for index in part.path {
      let step = plan.steps[index]
      guard let id = row.id(step.place), let found = related[step.model][id] ?? nil else { return nil }
      row = found
    }
    return row
  }

  private mutating func append(_ part: DisplayPlan.Part, of plan: DisplayPlan, _ row: Row, level: Int) {
    if part.kind == .field {
      let slot = part.place.slot(in: row)
      if !row.view.isNull(row.row, slot) { plan.formats[part.format].append(row.view, row.row, slot, to: &text) }
      return
    }
    guard level < DisplayPlan.nesting else { return }
    let nested = view.models[part.model].display
    guard nested.isRelated else { return append(nested, row, level: level + 1) }
    let key = Known(model: part.model, id: row.view.id(row.row, RowPage.Lead.id), level: level + 1)
    if let display = known[key] { return text.append(display) }
    let start = text.count
    append(nested, row, level: level + 1)
    known[key] = text.withBytes { Array($0[start...]) }
  }

  /// Cuts what is too long, between two characters.
  private mutating func cut() {
    guard text.count > DisplayPlan.bytes else { return }
    let end = text.withBytes { bytes in
      var end = DisplayPlan.bytes
      while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      return end
    }
    text.truncate(to: end)
  }
}

extension ModelView {
  /// Whether the column holds a text as it is printed, and not keys or JSON.
  fileprivate func isText(_ column: Int) -> Bool {
    if case .field(let field) = stored.columns[column].source { field.type == .text } else { false }
  }
}
