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
      $0.display = CutBytes.text(object.display, LinkSink.mostBytes)
      $0.updatedAt = Instant(secondsSince1970: object.secondsOfUpdate)
    }
    for position in object.columns.indices.prefix(frame.mostFields) {
      append(position, of: object, to: &writer, gaps: &gaps)
    }
  }

  private func link(_ object: ObjectRow) -> HTML {
    let link = ObjectLink(
      model: object.modelName, id: object.id, display: CutBytes.text(object.display, LinkSink.mostBytes))
    return a(.href(Route.object(frame.deployment, model: link.model, link.id))) { link.html }
  }

  private func append(
    _ position: Int, of object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]
  ) {
    let column = object.columns[position]
    let value = object.value(position)
    writer.append("<tr>")
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
    if frame.hasFilters {
      writer.append("<td class=\"tools\">")
      writer.append(FilterLinks(frame: frame, column: column, value: value).html)
      writer.append("</td>")
    }
    writer.append("</tr>\n")
  }

  private func head(_ column: StoredColumn) -> HTML {
    let type =
      switch column.source {
      case .field(let field): field.typeText
      case .belongsTo(let relationship): frame.models.type(of: relationship)
      }
    return th(.scope("row")) {
      column.label
      span(.class("type")) {
        code { column.name }
        ", \(type)"
      }
    }
  }

  private func html(_ value: ObjectValue, _ column: StoredColumn, at position: Int, of object: ObjectRow) -> HTML {
    if case .null = value { return .written(ValueHTML.none) }
    if column.isPassword { return frame.reveal?.html(of: column) ?? .written(ValueHTML.masked) }
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
  /// Whether each value leads to the objects that have it too.
  var hasFilters = true

  func isOwn(_ object: ObjectRow) -> Bool { embedded.map { object.embedded(at: $0) != nil } ?? true }
}

/// «only these» and «not these» of a value.
struct FilterLinks {
  let frame: FieldFrame
  let column: StoredColumn
  let value: ObjectValue

  /// Longer texts make no good filter.
  private static let mostBytes = 200

  @HTMLBuilder
  var html: HTML {
    if !column.isPassword {
      if let (only, not) = filters {
        link("only these", only)
        " "
        link("not these", not)
      }
    }
  }

  private func link(_ text: String, _ filter: TableView.Filter) -> HTML {
    var view = TableView()
    view.filters = [filter]
    return a(
      .class("small"), .href(Route.table(frame.deployment, model: frame.model, view.text)),
      .aria("label", "\(column.label): \(text)")
    ) { text }
  }

  private var name: String {
    if case .belongsTo(let relationship) = column.source { relationship.idName } else { column.name }
  }

  private var filters: (only: TableView.Filter, not: TableView.Filter)? {
    if case .null = value { return (.init(name + ".null", "true"), .init(name + ".null", "false")) }
    guard let text, !text.isEmpty else { return nil }
    return (.init(name, text), .init(name + ".ne", text))
  }

  private var text: String? {
    switch value {
    case .text(let bytes): bytes.count <= Self.mostBytes ? String(decoding: bytes, as: UTF8.self) : nil
    case .integer(let integer): String(integer)
    case .number(let number): Self.printed { $0.append(number: number) }
    case .date(let days): CalendarDay(daysSince1970: Int(days)).map { day in Self.printed { $0.append(day: day) } }
    case .datetime(let seconds): Instant(secondsSince1970: seconds)?.description
    case .choice(.text(let key)): String(decoding: key, as: UTF8.self)
    case .choice(.integer(let key)): String(key)
    case .choice(.boolean(let key)): key ? "true" : "false"
    case .relationship(let id): id.description
    case .null, .choices, .location, .track, .attachment: nil
    }
  }

  private static func printed(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }
}
