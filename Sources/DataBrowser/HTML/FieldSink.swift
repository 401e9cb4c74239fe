import Attachments
import DataModel
import Objects
import QueryLanguage
import Storage
import Synchronization
import Web
import Wire

/// An object as rows of label and value, for its own page and for a peek at it. Objects at the end of relationships are
/// embedded as links.
final class FieldSink: ObjectSink {
  typealias End = ListEnd

  private let frame: FieldFrame
  private let noted = Mutex(Noted())

  private struct Noted {
    var display = ""
    var updatedAt: Instant?
  }

  init(_ frame: FieldFrame) { self.frame = frame }

  var display: String { noted.withLock { $0.display } }
  var updatedAt: Instant? { noted.withLock { $0.updatedAt } }

  func open(_ writer: inout ByteWriter) {}
  var separator: StaticString { "" }
  var missing: StaticString { "<span class=\"dangling\">no such object</span>" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) {}

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    guard frame.isOwn(object) else { return writer.append(link(object)) }
    noted.withLock {
      $0.display = CutBytes.text(object.display, ObjectLink.mostBytes)
      $0.updatedAt = Instant(secondsSince1970: object.secondsOfUpdate)
    }
    if frame.isRow { append(idOf: object, to: &writer) }
    for position in object.columns.indices.prefix(frame.mostFields) {
      append(position, of: object, to: &writer, gaps: &gaps)
    }
    if frame.isRow { append(timeOf: object, to: &writer) }
  }

  /// What a table has as columns beside the fields.
  private func append(idOf object: ObjectRow, to writer: inout ByteWriter) {
    open("id", to: &writer)
    writer.append(
      fragment {
        Self.head("Id", "id", "id")
        td { code { HTML.id(object.id) } }
      })
    close("id", "Id", .relationship(object.id), to: &writer)
  }

  private func append(timeOf object: ObjectRow, to writer: inout ByteWriter) {
    open("updated_at", to: &writer)
    writer.append(Self.head("Updated at", "updated_at", "datetime, UTC"))
    writer.append("<td>")
    ValueHTML.append(secondsSince1970: object.secondsOfUpdate, to: &writer)
    writer.append("</td>")
    close("updated_at", "Updated at", .datetime(secondsSince1970: object.secondsOfUpdate), to: &writer)
  }

  private func open(_ name: String, to writer: inout ByteWriter) {
    guard frame.isRow else { return writer.append("<tr>") }
    writer.append("<tr data-field=\"")
    writer.append(escaped: name)
    writer.append("\">")
  }

  /// With what the value narrows, where it does.
  private func close(_ name: String, _ label: String, _ value: ObjectValue, to writer: inout ByteWriter) {
    if let narrowing = frame.narrowing {
      writer.append("<td class=\"tools\">")
      writer.append(narrowing.html(of: value, name, label: label))
      writer.append("</td>")
    }
    writer.append("</tr>\n")
  }

  private func link(_ object: ObjectRow) -> HTML {
    let link = ObjectLink(object)
    return a(.href(Route.object(frame.deployment, model: link.model, link.id))) { link.html }
  }

  private func append(
    _ position: Int, of object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]
  ) {
    let column = object.columns[position]
    let value = object.value(position)
    open(column.name, to: &writer)
    writer.append(head(column))
    writer.append("<td>")
    if let branch = object.embedded(at: position), case .relationship(let id) = value {
      gaps.append(EmbeddingGap(offset: writer.count, branch: branch, id: id))
      writer.append(
        fragment {
          " "
          code(.class("hush small")) { id.description }
        })
    } else {
      writer.append(html(value, column, at: position, of: object))
    }
    writer.append("</td>")
    close(column.filterName, column.label, value, to: &writer)
  }

  private func head(_ column: StoredColumn) -> HTML {
    switch column.source {
    case .field(let field): Self.head(column.label, column.name, column.typeText(of: field))
    case .belongsTo(let relationship): Self.head(column.label, column.name, frame.models.type(of: relationship))
    }
  }

  private static func head(_ label: String, _ name: String, _ type: String) -> HTML {
    th(.scope("row")) {
      label
      span(.class("type")) {
        code { name }
        ", \(type)"
      }
    }
  }

  private func html(_ value: ObjectValue, _ column: StoredColumn, at position: Int, of object: ObjectRow) -> HTML {
    if case .null = value { return .written(ValueHTML.none) }
    if column.isMasked { return frame.reveal?.html(of: column) ?? .written(ValueHTML.masked) }
    if case .attachment(let id) = value, case .field(let field) = column.source {
      return AttachmentHTML(printer: frame.attachments, shape: .init(field), id: id, record: object.attachment(id)).html
    }
    let shown = ValueHTML.html(value, at: position, of: object, most: frame.mostBytes)
    guard case .text(let bytes) = value, case .field(let field) = column.source, !bytes.isEmpty else { return shown }
    if let address = Self.address(of: bytes, field.subtype) {
      return a(.href(address), .rel("noopener noreferrer"), .inNewTab) { shown }
    }
    return span(.class("long"), .directionOfText) { shown }
  }

  private static func address(of bytes: UnsafeRawBufferPointer, _ subtype: TextSubtype?) -> WebAddress? {
    guard bytes.count < 2000 else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    switch subtype {
    case .url: return WebAddress(text)
    case .email: return WebAddress("mailto:" + text)
    case .phoneNumber, .phoneNumberZA: return WebAddress("tel:" + text.filter { !$0.isWhitespace })
    default: return nil
    }
  }
}

/// What is the same for all fields of an object that is drawn.
struct FieldFrame: Sendable {
  let deployment: String
  let model: String
  let includes: Includes
  /// A relationship that is embedded; nil where none is.
  let embedded: Int?
  let attachments: AttachmentPrinter
  let models: VisibleModels
  /// Shows or offers what is masked; nil where it stays masked.
  var reveal: RevealHTML?
  var mostFields = Int.max
  var mostBytes = ValueHTML.bytesOnPage
  /// The view that its values narrow; nil where they lead nowhere.
  var narrowing: Narrowing?
  /// Whether it is a row of a table: with id and time of the last change, and a mark at each field for a module.
  var isRow = false

  func isOwn(_ object: ObjectRow) -> Bool { embedded.map { object.embedded(at: $0) != nil } ?? true }
}
