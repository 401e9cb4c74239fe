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
    forgetMuch()
    var level = DisplayLevel()
    add(page, of: model, to: &level)
    try load(&level, from: snapshot)
  }

  /// The same without a snapshot, where all of it is remembered at the state versions that were taken; else false, and
  /// then no display may be written.
  mutating func recall(for page: RowPage, of model: ModelView) -> Bool {
    var level = DisplayLevel()
    add(page, of: model, to: &level)
    while !level.isEmpty {
      guard level.attachments.isEmpty, unknown(of: level.wanted, in: nil).isEmpty else { return false }
      level = onward(from: level.wanted)
    }
    return true
  }

  /// The same for pages of several models at once.
  mutating func load(for pages: [(page: RowPage, model: ModelView)], from snapshot: any Snapshot) throws {
    forgetMuch()
    var level = DisplayLevel()
    for (page, model) in pages { add(page, of: model, to: &level) }
    try load(&level, from: snapshot)
  }

  /// Fetches this level and all that lie behind it: one call for each that is not remembered.
  mutating func load(_ level: inout DisplayLevel, from snapshot: any Snapshot) throws {
    while !level.isEmpty { _ = try fetch(&level, from: snapshot) }
  }

  /// Forgets what was fetched once it is much: true where displays of pages before may no longer be written.
  @discardableResult
  mutating func forgetMuch() -> Bool {
    let isMuch = pages.reduce(0) { $0 + $1.byteCount } > Self.keptBytes
    if isMuch { forget() }
    return attachments.forgetMuch() || isMuch
  }

  /// Adds what the displays of a page's objects lead to, and its attachments.
  mutating func add(_ page: RowPage, of model: ModelView, to level: inout DisplayLevel) {
    attachments.ask(for: page, of: model, &level.attachments)
    let ways = model.display.ways
    if ways.isEmpty { return }
    let rows = page.view
    level.wanted.reserveCapacity(level.wanted.count + ways.count)
    // A list that shows few objects takes no room for many.
    let room = min(page.count, 128)
    related.reserve(room)
    for way in ways {
      let found = level.index(of: way.errand)
      level.wanted[found].missing.reserveCapacity(room)
      for row in 0..<page.count { add(Row(view: rows, row: row, isWhole: true), way.column, to: &level.wanted[found]) }
    }
    withExtendedLifetime(page) {}
  }

  /// Notes the object that this row leads to. Rows that lead to the same one often follow each other.
  private mutating func add(_ row: Row, _ column: DisplayPlan.Column, to wanted: inout DisplayLevel.Wanted) {
    guard let id = row.id(column) else { return }
    if related.ask(for: id, of: wanted.errand.model) { wanted.missing.append(id) }
    if leadsOn(wanted.errand), wanted.all.last != id { wanted.all.append(id) }
  }

  /// What lies behind these objects, which were fetched.
  private mutating func onward(from wanted: [DisplayLevel.Wanted]) -> DisplayLevel {
    var next = DisplayLevel()
    for each in wanted where !each.all.isEmpty {
      let ways = follow(each.errand)
      let indexes = ways.map { next.index(of: $0.errand) }
      for id in Set(each.all) {
        guard let row = related.row(id, of: each.errand.model) else { continue }
        for (way, index) in zip(ways, indexes) { add(row, way.column, to: &next.wanted[index]) }
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

  /// Fetches a level, and beside it what somebody else wants, whose numbers are below 0: one call, or none where all is
  /// remembered. The level is then the next one.
  /// - Returns: what came for the others, and what is still to be asked for of theirs.
  mutating func fetch(
    _ level: inout DisplayLevel, beside others: [Want] = [], from snapshot: any Snapshot
  ) throws -> (found: [(want: Want, page: RowPage)], rest: [Want]) {
    assert(others.allSatisfy { $0.number < 0 }, "the numbers from 0 on are the models of displays")
    var own = unknown(of: level.wanted, in: snapshot)
    var found: [(want: Want, page: RowPage)] = []
    var rest = others
    if !own.isEmpty || !level.attachments.isEmpty || !others.isEmpty {
      repeat {
        let versions = own.map { stateVersion(of: $0.number, in: snapshot) }
        let wants = rest.isEmpty ? own : own + rest
        let fetched = try snapshot.fetch(wants, attachments: level.attachments)
        attachments.take(fetched.attachments)
        level.attachments = []
        for (index, page) in fetched.pages.enumerated() {
          if index < versions.count {
            take(page, for: wants[index], at: versions[index], in: snapshot)
          } else {
            found.append((want: wants[index], page: page))
          }
        }
        own = fetched.rest.filter { $0.number >= 0 }
        rest = fetched.rest.filter { $0.number < 0 }
      } while !own.isEmpty
    }
    level = onward(from: level.wanted)
    return (found, rest)
  }

  /// What is to be fetched of a level: what is not remembered.
  private mutating func unknown(of wanted: [DisplayLevel.Wanted], in snapshot: (any Snapshot)?) -> [Want] {
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
    return wants
  }

  /// Which state of a model the snapshot shows. Where it did not come with what was read before, it is to be asked
  /// again after a read: it is final only then.
  private func stateVersion(of model: Int, in snapshot: (any Snapshot)?) -> Int? {
    if let index = versionedModels.firstIndex(of: model) { return versions[index] }
    return snapshot?.stateVersion(of: view.models[model].stored)
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
