import Attachments
import DataModel
import Storage
import Wire

/// Writes the displays of objects out of their own values and those of related objects, which `load`
/// has fetched before: one call of the snapshot per level of what is not remembered, for all models, however many objects
/// a page has. The objects' attachments come with the first.
struct DisplayWriter: ~Copyable {
  typealias Row = RelatedTable.Row
  private typealias Errand = DisplayPlan.Errand

  private let view: DataModelView
  private(set) var attachments: AttachmentWriter
  private var related = RelatedTable()
  /// They keep the memory of `related` alive: what was fetched, and what was remembered.
  private var pages: [RowPage] = []
  private var remembered: [[RowPage]] = []
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

  private struct Known: Hashable {
    let model: Int
    let id: ObjectID
    let level: Int
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
    let ways = model.display.ways
    if ways.isEmpty { return }
    let rows = page.view
    next.reserveCapacity(next.count + ways.count)
    // A list that shows few objects takes no room for many.
    let room = min(page.count, 128)
    related.reserve(room)
    for way in ways {
      let found = Self.index(of: way.errand, among: &next)
      next[found].missing.reserveCapacity(room)
      for row in 0..<page.count { add(Row(view: rows, row: row, isWhole: true), way.column, to: &next[found]) }
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
      let indexes = ways.map { Self.index(of: $0.errand, among: &next) }
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
    remembered = []
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
  private func follow(_ errand: Errand) -> [DisplayPlan.Way] {
    switch errand.want {
    case .nothing: return []
    case .path(let origin, let part, let step, let level):
      let way = view.models[origin].display.way(from: origin, part: part, step: step, level: level)
      return way.map { [$0] } ?? []
    case .display(let level): return view.models[errand.model].display.ways(from: errand.model, level: level)
    }
  }

  private mutating func fetch(
    _ wanted: [Wanted], attachments ids: [ObjectID], from snapshot: any Snapshot
  ) throws {
    var wants: [Want] = []
    for (number, each) in wanted.enumerated() where !each.missing.isEmpty {
      let model = each.errand.model
      // What several errands want of one model is fetched at once, with the first of them.
      if wanted[..<number].contains(where: { $0.errand.model == model && !$0.missing.isEmpty }) { continue }
      var ids = each.missing
      for other in wanted[(number + 1)...] where other.errand.model == model { ids += other.missing }
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
    let holding = view.models[model].related.recall(
      ids, of: model, at: stateVersion, to: &related, unknown: &unknown)
    if !holding.isEmpty { remembered.append(holding) }
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
    guard let stateVersion, self.stateVersion(of: want.number, in: snapshot) == stateVersion else { return }
    model.related.keep(page, of: want.number, at: stateVersion)
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
    return view.isID(row, slot) ? view.id(row, slot) : nil
  }
}

extension ModelView {
  /// Whether the column holds a text as it is printed, and not keys or JSON.
  fileprivate func isText(_ column: Int) -> Bool {
    if case .field(let field) = stored.columns[column].source { field.type == .text } else { false }
  }
}
