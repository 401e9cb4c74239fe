import Attachments
import DataModel
import Objects
import QueryLanguage
import Storage
import Synchronization
import Web
import Wire

/// Objects as rows of a table. Objects at the end of their relationships are embedded as links.
final class RowSink: ObjectSink {
  typealias End = ListEnd

  private let shape: TableShape
  /// The plan of the list in the other direction than it is read.
  private let otherWay: ReadPlan
  /// Whether rows are read from the list's end on, and must be told apart to be turned round.
  private let isTurned: Bool
  private let noted = Mutex(Noted())

  private struct Noted {
    var first: String?
    var count = 0
    var end: ListEnd?
  }

  init(_ shape: TableShape, otherWay: ReadPlan, isTurned: Bool) {
    self.shape = shape
    self.otherWay = otherWay
    self.isTurned = isTurned
  }

  /// The cursor before the first row that was read.
  var first: String? { noted.withLock { $0.first } }
  var count: Int { noted.withLock { $0.count } }
  var end: ListEnd? { noted.withLock { $0.end } }

  /// A byte that no text of a page holds: rows that must be turned round are told apart by it.
  static let separatorByte: UInt8 = 0

  func open(_ writer: inout ByteWriter) {}
  var separator: StaticString { isTurned ? "\u{0}" : "" }
  var missing: StaticString { "<span class=\"dangling\">no such object</span>" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) { noted.withLock { $0.end = end } }

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    guard shape.isOwn(object) else { return append(linkTo: object, isRelated: true, to: &writer) }
    noted.withLock { noted in
      noted.count += 1
      if noted.first == nil { noted.first = object.cursor(in: otherWay).text }
    }
    writer.append("<tr><th scope=\"row\">")
    append(linkTo: object, isRelated: false, to: &writer)
    writer.append(" <a class=\"more\" href=\"")
    writer.append(shape.ownAddress)
    writer.append("/")
    writer.append(id: object.id)
    writer.append("/peek?fields=all\" aria-label=\"Values of this row\">⋯</a></th>")
    for cell in shape.cells { append(cell, of: object, to: &writer, gaps: &gaps) }
    writer.append("</tr>\n")
  }

  /// Objects at the end of relationships are marked, so that a module can show a peek at them.
  private func append(linkTo object: ObjectRow, isRelated: Bool, to writer: inout ByteWriter) {
    let bytes = object.display
    writer.append("<a href=\"")
    writer.append(shape.address(ofModel: object.modelName))
    writer.append("/")
    writer.append(id: object.id)
    writer.append(isRelated ? "\" data-object=\"\">" : "\">")
    if ValueHTML.isBlank(bytes) {
      writer.append(ValueHTML.blank("no display"))
    } else {
      writer.append(escaped: UnsafeRawBufferPointer(rebasing: bytes[..<CutBytes.end(of: bytes, ObjectLink.mostBytes)]))
    }
    writer.append("</a>")
  }

  private func append(
    _ cell: TableShape.Cell, of object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]
  ) {
    writer.append(cell.opening)
    switch cell.kind {
    case .id: writer.append(code { HTML.id(object.id) })
    case .updatedAt: ValueHTML.append(secondsSince1970: object.secondsOfUpdate, to: &writer)
    case .masked(let position):
      if case .null = object.value(position) { writer.append(ValueHTML.none) } else { writer.append(ValueHTML.masked) }
    case .relationship(let position):
      if let branch = object.embedded(at: position), case .relationship(let id) = object.value(position) {
        gaps.append(EmbeddingGap(offset: writer.count, branch: branch, id: id))
      } else {
        append(position, of: object, to: &writer)
      }
    case .attachment(let position, let field):
      if case .attachment(let id) = object.value(position) {
        let record = object.attachment(id)
        writer.append(AttachmentHTML(printer: shape.attachments, shape: field, id: id, record: record).inCell)
      } else {
        writer.append(ValueHTML.none)
      }
    case .value(let position): append(position, of: object, to: &writer)
    }
    writer.append(cell.closing)
  }

  private func append(_ position: Int, of object: ObjectRow, to writer: inout ByteWriter) {
    ValueHTML.append(
      object.value(position), at: position, of: object, most: ValueHTML.bytesInCell, to: &writer)
  }
}

/// Which cells a row has, worked out once for a table.
struct TableShape: Sendable {
  struct Cell: Sendable {
    enum Kind: Sendable {
      case id, updatedAt
      case masked(Int)
      case relationship(Int)
      case attachment(Int, AttachmentHTML.Shape)
      case value(Int)
    }

    let kind: Kind
    let opening: StaticString
    let closing: StaticString
  }

  let cells: [Cell]
  let includes: Includes
  let attachments: AttachmentPrinter
  /// A relationship that is embedded; nil where none is.
  private let embedded: Int?
  /// The addresses of the models whose objects are linked, the table's own first: they are few.
  private let addresses: [(model: String, address: WrittenHTML)]

  /// Relationships to models that are not there for the visitor stay ids.
  init(_ columns: [TableColumn], of model: ModelView, in read: PageRead) {
    let models = read.models
    attachments = read.links.printer
    var paths: [String] = []
    var first: Int?
    var linked = [model.name]
    cells = columns.map { column in
      switch column.source {
      case .id: return Cell(.id)
      case .updatedAt: return Cell(.updatedAt)
      case .column(let position):
        if column.isMasked { return Cell(.masked(position)) }
        let relationship: BelongsTo
        switch model.stored.columns[position].source {
        case .belongsTo(let found): relationship = found
        case .field(let field):
          return Cell(field.type.isAttachment ? .attachment(position, .init(field)) : .value(position), column)
        }
        if paths.count < IncludePaths.limit, models[relationship.model] != nil {
          paths.append(relationship.name)
          if !linked.contains(relationship.model) { linked.append(relationship.model) }
          first = first ?? position
        }
        return Cell(.relationship(position))
      }
    }
    let included = try? IncludePaths(paths.joined(separator: ","))
    includes = included.flatMap { try? Includes($0, of: model, in: models.view) } ?? .none
    embedded = includes.isEmpty ? nil : first
    addresses = linked.map { ($0, WrittenHTML(.text(Route.table(read.call.id, model: $0, .none).address.text))) }
  }

  /// As the inside of an attribute.
  var ownAddress: WrittenHTML { addresses[0].address }

  func address(ofModel name: String) -> WrittenHTML {
    (addresses.first { $0.model == name } ?? addresses[0]).address
  }

  /// Whether it is an object of the table itself, and none at the end of a relationship.
  func isOwn(_ object: ObjectRow) -> Bool { embedded.map { object.embedded(at: $0) != nil } ?? true }
}

extension TableShape.Cell {
  init(_ kind: Kind, _ column: TableColumn? = nil) {
    self.kind = kind
    if column?.isTime == true {
      opening = "<td class=\"nowrap\">"
      closing = "</td>"
      return
    }
    if column?.isNumber == true {
      opening = "<td class=\"number\">"
      closing = "</td>"
      return
    }
    switch kind {
    case .id, .updatedAt:
      opening = "<td class=\"nowrap\">"
      closing = "</td>"
    case .masked, .relationship, .attachment, .value:
      opening = "<td><div class=\"cell\">"
      closing = "</div></td>"
    }
  }
}
