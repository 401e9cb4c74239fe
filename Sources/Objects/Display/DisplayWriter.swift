import Attachments
import DataModel
import Storage
import Wire

/// Writes the displays of objects out of their own values and those of related objects, which `load`
/// has fetched before: one call of the snapshot per level of what is not remembered, for all models, however many objects
/// a page has. The objects' attachments come with the first.
struct DisplayWriter: ~Copyable {
  typealias Row = RelatedTable.Row

  private let view: DataModelView
  private(set) var attachments: AttachmentWriter
  private var related = RelatedTable()
  /// Keeps the memory of `related` alive.
  private var pages: [RowPage] = []
  /// Displays of related objects that follow relationships themselves, so that cycles cost each object
  /// once per level and not once per path.
  private var known: [Known: [UInt8]] = [:]
  /// State versions that are known of the snapshot, and are final, by index of the model.
  private var versionedModels: [Int] = []
  private var versions: [Int?] = []
  /// The display that is written.
  private var text = ByteWriter(capacity: 256)

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
  }

  // MARK: Fetching.

  /// Takes state versions that came with what was read of the snapshot, which are not to be asked for any more.
  mutating func take(_ versions: [Int?], of models: [Int]) {
    assert(versions.count == models.count, "each model has its version")
    versionedModels = models
    self.versions = versions
  }

  /// Fetches the related objects that the displays of this page take, and its attachments. Displays of pages before it
  /// may no longer be written: what was fetched for them is forgotten once it is much.
  mutating func load(for page: RowPage, of model: ModelView, from snapshot: any Snapshot) throws {
    begin()
    var links: [ObjectID] = []
    var next: [Wanted] = []
    add(page, of: model, to: &next, &links)
    try load(next, attachments: links, from: snapshot)
    withExtendedLifetime(page) {}
  }

  /// The same for pages of several models at once.
  mutating func load(for pages: [(page: RowPage, model: ModelView)], from snapshot: any Snapshot) throws {
    begin()
    var links: [ObjectID] = []
    var next: [Wanted] = []
    for (page, model) in pages { add(page, of: model, to: &next, &links) }
    try load(next, attachments: links, from: snapshot)
    withExtendedLifetime(pages) {}
  }

  private mutating func begin() {
    if pages.reduce(0, { $0 + $1.byteCount }) > Self.keptBytes { forget() }
  }

  private mutating func add(
    _ page: RowPage, of model: ModelView, to next: inout [Wanted], _ links: inout [ObjectID]
  ) {
    attachments.ask(for: page, of: model, &links)
    guard model.display.isRelated, let index = view.index(ofNumber: model.stored.number) else { return }
    let rows = page.view
    for (column, errand) in follow(Errand(model: index, want: .display(level: 0))) {
      let found = Self.index(of: errand, among: &next)
      for row in 0..<page.count { add(Row(view: rows, row: row, isWhole: true), column, to: &next[found]) }
    }
  }

  /// One call for each level that is not remembered; the attachments come with the first.
  private mutating func load(_ first: [Wanted], attachments ids: [ObjectID], from snapshot: any Snapshot) throws {
    var links = ids
    var next = first
    repeat {
      try fetch(next, attachments: links, from: snapshot)
      links = []
      next = onward(from: next)
    } while !next.isEmpty
  }

  /// Objects of one model that a level leads to.
  private struct Wanted {
    let errand: Errand
    /// Those that were not asked for before.
    var missing: [ObjectID] = []
    /// All of them, each once where they lie one behind the other; empty where nothing lies behind them.
    var all: [ObjectID] = []
  }

  private static func index(of errand: Errand, among wanted: inout [Wanted]) -> Int {
    // Few: one for each part of a display.
    if let known = wanted.firstIndex(where: { $0.errand == errand }) { return known }
    wanted.append(Wanted(errand: errand))
    return wanted.count - 1
  }

  /// Notes the object that this row leads to. Rows that lead to the same one often follow each other.
  private mutating func add(_ row: Row, _ column: DisplayPlan.Column, to wanted: inout Wanted) {
    guard let id = row.id(column) else { return }
    if related.ask(for: id, of: wanted.errand.model) { wanted.missing.append(id) }
    if leadsOn(wanted.errand), wanted.all.last != id { wanted.all.append(id) }
  }

  /// What lies behind these objects, which were fetched.
  private mutating func onward(from wanted: [Wanted]) -> [Wanted] {
    var next: [Wanted] = []
    for each in wanted where !each.all.isEmpty {
      let ways = follow(each.errand)
      let indexes = ways.map { Self.index(of: $0.1, among: &next) }
      for id in Set(each.all) {
        guard let row = related.row(id, of: each.errand.model) else { continue }
        for (way, index) in zip(ways, indexes) { add(row, way.column, to: &next[index]) }
      }
    }
    return next
  }

  private mutating func forget() {
    related.removeAll()
    known = [:]
    pages = []
  }

  /// Whether anything lies behind the objects themselves.
  private func leadsOn(_ errand: Errand) -> Bool {
    switch errand.want {
    case .nothing: false
    case .path: true
    case .display: view.models[errand.model].display.isRelated
    }
  }

  /// Which columns of these objects lead on, and to what.
  private func follow(_ errand: Errand) -> [(column: DisplayPlan.Column, Errand)] {
    switch errand.want {
    case .nothing: return []
    case .path(let origin, let part, let step, let level):
      return onward(origin: origin, part: part, step: step, level: level).map { [$0] } ?? []
    case .display(let level):
      let parts = view.models[errand.model].display.parts
      return parts.indices.compactMap { part in
        parts[part].path.isEmpty ? nil : onward(origin: errand.model, part: part, step: 0, level: level)
      }
    }
  }

  private func onward(origin: Int, part: Int, step: Int, level: Int) -> (column: DisplayPlan.Column, Errand)? {
    let display = view.models[origin].display
    let part = (index: part, value: display.parts[part])
    let here = display.steps[part.value.path.lowerBound + step]
    let want: Errand.Want
    if step + 1 < part.value.path.count {
      want = .path(origin: origin, part: part.index, step: step + 1, level: level)
    } else if part.value.kind == .display {
      guard level < DisplayPlan.nesting else { return nil }
      want = .display(level: level + 1)
    } else {
      want = .nothing
    }
    return (here.column, Errand(model: here.model, want: want))
  }

  private mutating func fetch(
    _ wanted: [Wanted], attachments ids: [ObjectID], from snapshot: any Snapshot
  ) throws {
    var wants: [Want] = []
    for (number, each) in wanted.enumerated() where !each.missing.isEmpty {
      let model = each.errand.model
      // What several errands want of one model is fetched at once, with the first of them.
      if wanted[..<number].contains(where: { $0.errand.model == model && !$0.missing.isEmpty }) { continue }
      let ids = wanted[number...].reduce(into: [ObjectID]()) { if $1.errand.model == model { $0 += $1.missing } }
      let unknown = stateVersion(of: model, in: snapshot).map { recall(ids, of: model, at: $0) } ?? ids
      if unknown.isEmpty { continue }
      let stored = view.models[model]
      wants.append(Want(number: model, model: stored.stored, ids: unknown, columns: stored.display.columns))
    }
    var links = ids
    while !wants.isEmpty || !links.isEmpty {
      let versions = wants.map { stateVersion(of: $0.number, in: snapshot) }
      let fetched = try snapshot.fetch(wants, attachments: links)
      attachments.take(fetched.attachments)
      links = []
      for (index, page) in fetched.pages.enumerated() {
        take(page, for: wants[index], at: versions[index], in: snapshot)
      }
      wants = fetched.rest
    }
  }

  /// Which state of a model the snapshot shows. Where it did not come with what was read before, it is to be asked
  /// again after a read: it is final only then.
  private func stateVersion(of model: Int, in snapshot: any Snapshot) -> Int? {
    if let index = versionedModels.firstIndex(of: model) { return versions[index] }
    return snapshot.stateVersion(of: view.models[model].stored)
  }

  /// Takes what is remembered of these objects; those that are not.
  private mutating func recall(_ ids: [ObjectID], of model: Int, at stateVersion: Int) -> [ObjectID] {
    var unknown: [ObjectID] = []
    let known = pages.count
    view.models[model].related.recall(ids, at: stateVersion, pages: &pages, unknown: &unknown)
    for page in pages[known...] {
      related.set(page.id(0), of: model, Row(view: page.view, row: 0, isWhole: false))
    }
    return unknown
  }

  private mutating func take(_ page: RowPage, for want: Want, at stateVersion: Int?, in snapshot: any Snapshot) {
    if page.isEmpty { return }
    let model = view.models[want.number]
    // Of a long text only what can show is kept.
    let texts = want.columns.indices.filter { model.isText(want.columns[$0]) }
    let page = page.cutting(texts.map { RowPage.Lead.count + $0 }, to: Self.textBytes)
    pages.append(page)
    let rows = page.view
    for row in 0..<page.count {
      related.set(rows.id(row, RowPage.Lead.id), of: want.number, Row(view: rows, row: row, isWhole: false))
    }
    // Many at once are those of a long list, and not the same again next time.
    guard want.ids.count <= Self.rememberedAtOnce, let stateVersion,
      self.stateVersion(of: want.number, in: snapshot) == stateVersion
    else { return }
    model.related.keep(page, at: stateVersion)
  }

  // MARK: Writing.

  /// The display of the object in this row, as text: good until the next one is written.
  mutating func display(of model: ModelView, _ view: RowView, _ row: Int) -> UnsafeRawBufferPointer {
    text.removeAll()
    append(model.display, Row(view: view, row: row, isWhole: true), level: 0)
    cut()
    return UnsafeRawBufferPointer(start: text.base, count: text.count)
  }

  /// Appends parts until the display is full.
  private mutating func append(_ plan: DisplayPlan, _ row: Row, level: Int) {
    for index in 0..<plan.parts.count where text.count <= DisplayPlan.bytes {
      let part = plan.parts[index]
      switch part.kind {
      case .literal: text.append(padded: plan.literal(part))
      case .field:
        guard let row = end(of: part, in: plan, from: row) else { continue }
        let slot = part.column.slot(in: row)
        if !row.view.isNull(row.row, slot) { plan.formats[part.format].append(row.view, row.row, slot, to: &text) }
      case .display:
        guard let row = end(of: part, in: plan, from: row) else { continue }
        append(displayOf: part.model, row, level: level)
      }
    }
  }

  /// The object at the end of a part's path.
  @inline(__always)
  private func end(of part: DisplayPlan.Part, in plan: DisplayPlan, from start: Row) -> Row? {
    var row = start
    for index in part.path {
      let step = plan.steps[index]
      guard let id = row.id(step.column), let found = related.row(id, of: step.model) else { return nil }
      row = found
    }
    return row
  }

  /// Appends the display of a related object.
  private mutating func append(displayOf model: Int, _ row: Row, level: Int) {
    guard level < DisplayPlan.nesting else { return }
    let nested = view.models[model].display
    guard nested.isRelated else { return append(nested, row, level: level + 1) }
    let key = Known(model: model, id: row.view.id(row.row, RowPage.Lead.id), level: level + 1)
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

extension RelatedTable.Row {
  /// The related object's id in this column; nil where there is none.
  @inline(__always)
  fileprivate func id(_ column: DisplayPlan.Column) -> ObjectID? {
    let slot = column.slot(in: self)
    return view.kind(row, slot) == .id ? view.id(row, slot) : nil
  }
}

extension ModelView {
  /// Whether the column holds a text as it is printed, and not keys or JSON.
  fileprivate func isText(_ column: Int) -> Bool {
    if case .field(let field) = stored.columns[column].source { field.type == .text } else { false }
  }
}
