import DataModel
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

/// What a save has done, as the address of the page behind it says: `?done={sequence}`. The page looks the entry up and
/// tells about it, so that no address can make a page tell what did not happen.
package struct Done: Hashable, Sendable {
  package var sequence: Int64
  /// Fields that others had changed meanwhile, and that stayed as they were.
  package var kept: [String] = []
  /// The entry whose state it has brought back; nil where it has brought none.
  package var restored: Int64?

  package init(sequence: Int64, kept: [String] = []) {
    self.sequence = sequence
    self.kept = kept
  }

  /// Nil where nothing was written that can be told of.
  init?(_ written: PageWritten, kept: [String] = []) {
    guard let sequence = written.sequence else { return nil }
    self.init(sequence: sequence, kept: kept)
  }

  private static let key = "done"
  private static let keptKey = "kept"
  private static let restoredKey = "restored"
  /// More is only counted by who looks.
  private static let mostKept = 20

  /// Reads it out of a query.
  package init?(_ query: QueryPairs) {
    guard let sequence = query[Self.key].flatMap(Self.sequence) else { return nil }
    let kept = query.pairs.filter { $0.path == [Self.keptKey] }.prefix(Self.mostKept).map(\.value)
    self.init(sequence: sequence, kept: Array(kept))
    restored = query[Self.restoredKey].flatMap(Self.sequence)
  }

  /// Reads it out of an address of ours.
  init?(of address: String) {
    guard let mark = address.firstIndex(of: "?"),
      let query = try? QueryPairs(String(address[address.index(after: mark)...]))
    else { return nil }
    self.init(query)
  }

  /// Sequences begin with the time; smaller numbers are what pages of their own tell by `done`.
  private static func sequence(_ text: String) -> Int64? {
    guard let sequence = Int64(text), sequence > Int64(Int32.max), sequence < .max, "\(sequence)" == text else {
      return nil
    }
    return sequence
  }

  /// A query without it: it says nothing of which page is meant.
  static func without(_ query: QueryPairs) -> QueryPairs {
    guard Done(query) != nil else { return query }
    return QueryPairs(
      pairs: query.pairs.filter { pair in
        pair.path != [keptKey] && pair.path != [restoredKey]
          && !(pair.path == [key] && sequence(pair.value) != nil)
      })
  }

  var pairs: [(key: String, value: String)] {
    [(Self.key, "\(sequence)")] + kept.prefix(Self.mostKept).map { (Self.keptKey, $0) }
      + (restored.map { [(Self.restoredKey, "\($0)")] } ?? [])
  }
}

extension DataBrowserHandler {
  /// Where one goes on after a save, with the notice of it.
  static func seeOther(_ route: Route, _ done: Done?) -> Response {
    guard let done else { return seeOther(route) }
    return seeOther(route.address(done: done))
  }
}

extension StoredModel {
  /// The columns that an entry of an object left otherwise than the entry before it, also where one of them was stored
  /// when the field had another type.
  fileprivate func changed(from before: OplogEntry, to after: OplogEntry, _ layout: TableLayout) -> [StoredColumn] {
    let (old, new) = (before.valuesByColumn, after.valuesByColumn)
    return columns.filter { column in
      var numbers = [column.number]
      if case .field(let field) = column.source {
        numbers += layout.earlier(than: column.number, of: field).map(\.number)
      }
      return numbers.contains { old[$0] != new[$0] }
    }
  }
}

extension PageRead {
  /// Fields that a notice names; more are counted.
  private static let mostChanged = 5

  /// What is told of a save: nil where the entry is not there any more, or is not the visitor's own.
  func notice(_ done: Done) throws -> Frame.Notice? {
    guard let entry = try snapshot.oplog(from: done.sequence, limit: 1).first, entry.sequence == done.sequence,
      entry.origin == call.origin, let model = models[number: entry.model]
    else { return nil }
    let isDeleted = entry.operation == .delete
    let display = isDeleted ? try lastDisplay(entry, model) : try displays(of: [entry.id], in: model)[entry.id]
    let name = display.flatMap(\.trimmed.nonEmpty).map { "“\(CutText.cut($0))”" } ?? entry.id.description
    var text = "\(model.stored.model.label) \(name) was \(try words(for: entry, done, model))."
    if isDeleted { return Frame.Notice(text, try restoring(entry, model)) }
    let kept = done.kept.compactMap { model.stored.position(of: $0) }.map { model.stored.columns[$0].label }
    if !kept.isEmpty { text += " Meanwhile somebody else had changed \(Sentence.list(of: kept)), which stayed." }
    let route = Route.object(call.id, model: model.name, entry.id)
    let isHere = call.visit.route == route
    return Frame.Notice(text, display != nil && !isHere ? Crumb("Open it", route) : nil)
  }

  private func words(for entry: OplogEntry, _ done: Done, _ model: ModelView) throws -> String {
    if entry.operation == .delete { return "deleted" }
    if let restored = done.restored, try isRestored(entry, to: restored, model) {
      let isOfDeletion = try snapshot.oplog(from: restored, limit: 1).first?.operation == .delete
      return
        "restored as it was \(isOfDeletion ? "before it was deleted " : "")\(TimeText.text(Instant(ofSequence: restored)))"
    }
    if entry.operation == .create { return "created" }
    let changes = try changes(by: entry, model)
    return changes.isEmpty ? "saved" : "saved. You changed \(Sentence.list(of: changes))"
  }

  /// Names the fields that an entry has changed; none where the state before it is not kept, or not linked yet.
  private func changes(by entry: OplogEntry, _ model: ModelView) throws -> [String] {
    let page = try snapshot.history(HistoryPlan(model.stored, entry.id, at: entry.sequence))
    guard !page.entries.isEmpty, let before = page.predecessor(of: 0) else { return [] }
    let changed = model.stored.changed(from: before, to: entry, page.layout)
    let more = changed.count - Self.mostChanged
    let names = changed.prefix(Self.mostChanged).map { CutText.cut($0.label) }
    return more > 0 ? names + [Grouped.text(more, "more field")] : names
  }

  /// The way to take a deletion back, where it still is to be taken back.
  private func restoring(_ deletion: OplogEntry, _ model: ModelView) throws -> Crumb? {
    guard call.visitor.may(.editor, in: call.id) == .allowed, try snapshot.object(model.stored, deletion.id) == nil
    else { return nil }
    return Crumb("Restore it", .restore(call.id, model: model.name, deletion.id, to: deletion.sequence))
  }

  /// Of an object that is gone, as it was called in the end.
  private func lastDisplay(_ entry: OplogEntry, _ model: ModelView) throws -> String? {
    try StateDrawing(self, model, TableLayout(columns: [])).states(of: [entry]).first?.display
  }
}
