import DataModel
import HTTPServer
import Objects
import Storage
import Web
import Wire

/// What a save has done, as the address of the page behind it says: `?done={sequence}`. The page looks the entry up and
/// tells about it, so that no address can make a page tell what did not happen.
package struct Done: Hashable, Sendable {
  package var sequence: Int64
  /// Fields that others had changed meanwhile, and that stayed as they were.
  package var kept: [String] = []

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
  /// More is only counted by who looks.
  private static let mostKept = 20

  /// Reads it out of a query.
  package init?(_ query: QueryPairs) {
    guard let sequence = query[Self.key].flatMap(Self.sequence) else { return nil }
    let kept = query.pairs.filter { $0.path == [Self.keptKey] }.prefix(Self.mostKept).map(\.value)
    self.init(sequence: sequence, kept: Array(kept))
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
        pair.path != [keptKey] && !(pair.path == [key] && sequence(pair.value) != nil)
      })
  }

  var pairs: [(key: String, value: String)] {
    [(Self.key, "\(sequence)")] + kept.prefix(Self.mostKept).map { (Self.keptKey, $0) }
  }
}

extension DataBrowserHandler {
  /// Where one goes on after a save, with the notice of it.
  static func seeOther(_ route: Route, _ done: Done?) -> Response {
    guard let done else { return seeOther(route) }
    return seeOther(route.address(done: done))
  }
}

extension PageRead {
  /// What is told of a save: nil where the entry is not there any more, or is not the visitor's own.
  func notice(_ done: Done) throws -> Frame.Notice? {
    var found: (model: Int, id: ObjectID, operation: OplogEntry.Operation)?
    let plan = OplogPlan(start: done.sequence, end: done.sequence + 1, limit: 1, hasOrigins: true)
    _ = try snapshot.oplog(plan, under: models.view.stored) { page in
      guard let entry = page.entries.first, entry.origin == call.origin else { return }
      let group = page.groups[entry.group]
      found = (group.number, group.rows.id(entry.row), entry.operation)
    }
    guard let found, let model = models[number: found.model] else { return nil }
    let label = model.stored.model.label
    if found.operation == .delete { return Frame.Notice("\(label) \(found.id) was deleted.") }
    let display = try displays(of: [found.id], in: model)[found.id]
    let name = display.flatMap(\.trimmed.nonEmpty).map { CutText.cut($0) } ?? found.id.description
    var text = "\(label) “\(name)” was \(found.operation == .create ? "created" : "saved")."
    let kept = done.kept.compactMap { model.stored.position(of: $0) }.map { model.stored.columns[$0].label }
    if !kept.isEmpty { text += " Meanwhile somebody else had changed \(Sentence.list(of: kept)), which stayed." }
    let route = Route.object(call.id, model: model.name, found.id)
    let isHere = call.visit.route == route
    return Frame.Notice(text, display != nil && !isHere ? Crumb("Open it", route) : nil)
  }
}
