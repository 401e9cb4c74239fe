import Attachments
import DataModel
import Objects
import Storage
import Web
import Wire

/// An entry of the oplog as pages show it: when, who, what, and the object's state after it, field by field.
struct ShownState: Sendable {
  let sequence: Int64
  let operation: OplogEntry.Operation
  /// What it did, as far as it is known what was there before.
  var way: EntryWay
  let time: Instant
  let id: ObjectID
  let display: String
  let origin: Origin?
  /// Nil where nobody is named.
  var who: String?
  /// By the position of the column.
  fileprivate(set) var values: [Value] = []

  struct Value: Sendable {
    let html: WrittenHTML
    fileprivate let stored: StoredValue
    /// What was stored under another type of the field, and that type.
    let asStored: (text: String, type: String)?
    fileprivate let other: StoredValue?
  }

  var isEmpty: Bool { values.allSatisfy { $0.stored.isNull && $0.other == nil } }

  func isEmpty(at position: Int) -> Bool { values[position].stored.isNull && values[position].other == nil }

  func differs(from other: ShownState, at position: Int) -> Bool {
    values[position].stored != other.values[position].stored || values[position].other != other.values[position].other
  }
}

/// Draws states of objects of one model. What a state refers to is named as it is called now.
struct StateDrawing {
  private let read: PageRead
  private let model: ModelView
  private let layout: TableLayout
  /// Whether links open in new tabs, on a page that must not be left by going back to it.
  var opensTabs = false

  init(_ read: PageRead, _ model: ModelView, _ layout: TableLayout) {
    self.read = read
    self.model = model
    self.layout = layout
  }

  /// Bytes of a text that are shown: an object's own page has all of it.
  private static let mostBytes = 2000

  func states(of entries: [OplogEntry]) throws -> [ShownState] {
    let links = try links(of: entries)
    var states: [ShownState] = []
    try read.call.calls.states(entries, of: model, in: read.context, from: read.snapshot) { row, entry in
      let stored = model.stored.row(of: entry.values)
      var state = ShownState(
        sequence: entry.sequence, operation: entry.operation, way: EntryWay(entry, after: nil),
        time: Instant(ofSequence: entry.sequence), id: entry.id,
        display: CutBytes.text(row.display, ObjectLink.mostBytes), origin: Origin(entry.origin))
      state.values = stored.indices.map { position in
        let other = other(at: position, of: entry)
        return ShownState.Value(
          html: WrittenHTML(html(position, of: row, links)), stored: stored[position],
          asStored: other.map { (text: $0.isMasked ? "masked" : Self.text(of: $0.value), type: $0.type) },
          other: other?.value)
      }
      states.append(state)
    }
    return states
  }

  /// The value that was stored when the field had another type. Masked fields show none.
  private func other(at position: Int, of entry: OplogEntry) -> (value: StoredValue, type: String, isMasked: Bool)? {
    let column = model.stored.columns[position]
    guard case .field(let field) = column.source, !column.isMasked else { return nil }
    for (number, value) in entry.values where number != column.number {
      guard let found = layout.columns.first(where: { $0.number == number }), found.name == field.name,
        let type = FieldType(rawValue: found.storedType)
      else { continue }
      return (value, type.rawValue, found.heldPasswords)
    }
    return nil
  }

  private static func text(of value: StoredValue) -> String {
    switch value {
    case .null: return ""
    case .integer(let integer): return "\(integer)"
    case .real(let number):
      var writer = ByteWriter(capacity: 32)
      writer.append(number: number)
      return writer.string
    case .id(let id): return id.description
    case .text(let text): return CutText.cut(text, to: 300)
    }
  }

  private func html(_ position: Int, of row: ObjectRow, _ links: [Int: [ObjectID: String]]) -> HTML {
    let column = model.stored.columns[position]
    let value = row.value(position)
    if case .null = value { return .written(ValueHTML.none) }
    if column.isMasked { return .written(ValueHTML.masked) }
    switch (value, column.source) {
    case (.attachment(let id), .field(let field)):
      return AttachmentHTML(printer: read.links.printer, shape: .init(field), id: id, record: row.attachment(id)).inCell
    case (.relationship(let id), .belongsTo(let relationship)): return link(id, relationship, links[position])
    default:
      let shown = ValueHTML.html(value, at: position, of: row, most: Self.mostBytes)
      if case .datetime = value {
        return fragment {
          shown; "\u{A0}UTC"
        }
      }
      if case .text = value { return span(.class("long"), .directionOfText) { shown } }
      return shown
    }
  }

  private func link(_ id: ObjectID, _ relationship: BelongsTo, _ displays: [ObjectID: String]?) -> HTML {
    guard let displays else { return code { id.description } }
    guard let display = displays[id] else {
      return fragment {
        span(.class("dangling")) { "no such object" }
        " "
        code(.class("hush small")) { id.description }
      }
    }
    let link = ObjectLink(model: relationship.model, id: id, display: display)
    return a(.href(Route.object(read.call.id, model: link.model, id)), .when(opensTabs, .inNewTab)) { link.html }
  }

  /// The objects at the end of each relationship that are there, by the position of its column. Those of models that are
  /// not there for the visitor stay ids.
  private func links(of entries: [OplogEntry]) throws -> [Int: [ObjectID: String]] {
    var found: [Int: [ObjectID: String]] = [:]
    for (position, column) in model.stored.columns.enumerated() {
      guard case .belongsTo(let relationship) = column.source, let target = read.models[relationship.model] else {
        continue
      }
      var ids: Set<ObjectID> = []
      for entry in entries {
        for (number, value) in entry.values where number == column.number {
          if case .id(let id) = value { ids.insert(id) }
        }
      }
      found[position] = try read.displays(of: Array(ids), in: target)
    }
    return found
  }
}

extension DeploymentCall {
  /// With the names of those who made them.
  func named(_ states: [ShownState], _ users: [ObjectID: String]) async throws -> [ShownState] {
    let names = try await names(of: states.compactMap(\.origin), users: users)
    return states.map { state in
      var state = state
      state.who = state.origin.map(names.words)
      return state
    }
  }
}
