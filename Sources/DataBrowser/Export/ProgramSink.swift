import DataModel
import JSON
import Objects
import Storage
import Wire

/// Comma-separated values for programs: what `sojourn import` reads back to the same objects. No value is an empty cell,
/// empty text is `""`, keys of a list have `|` between them, a list without any is `|`, one that could not be read
/// back from that is a JSON array, and a location has a column for each of its parts.
struct ProgramSink: ObjectSink {
  typealias End = ListEnd

  private let heads: [String]
  private let positions: [Int]

  /// - Parameter positions: of the columns, in order. Id stands before them.
  init(_ model: ModelView, columns positions: [Int]) {
    self.positions = positions
    heads = ["id"] + positions.flatMap { Self.heads(of: model.stored.columns[$0]) }
  }

  private static let partsOfLocation = [
    "latitude", "longitude", "altitude", "horizontal_accuracy", "vertical_accuracy", "timestamp",
  ]

  private static func heads(of column: StoredColumn) -> [String] {
    switch column.source {
    case .belongsTo(let relationship): return [relationship.idName]
    case .field(let field):
      if field.type == .location { return partsOfLocation.map { "\(field.name).\($0)" } }
      return [field.idName ?? field.name]
    }
  }

  func open(_ writer: inout ByteWriter) {
    for (index, head) in heads.enumerated() {
      if index > 0 { writer.append(",") }
      CSVCells.append(head, to: &writer)
    }
    writer.append("\r\n")
  }

  var separator: StaticString { "" }
  var missing: StaticString { "" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) {}

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    writer.append(id: object.id)
    for position in positions {
      writer.append(",")
      append(object.value(position), at: position, of: object, to: &writer)
    }
    writer.append("\r\n")
  }

  private func append(_ value: ObjectValue, at position: Int, of object: ObjectRow, to writer: inout ByteWriter) {
    switch value {
    case .null:
      // A location has a cell for each of its parts.
      if case .field(let field) = object.columns[position].source, field.type == .location { writer.append(",,,,,") }
    case .text(let text), .track(let text): CSVCells.append(text, to: &writer)
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .date(let days): if let day = CalendarDay(daysSince1970: Int(days)) { writer.append(day: day) }
    case .datetime(let seconds):
      if let instant = Instant(secondsSince1970: seconds) { writer.append(instant: instant) }
    case .choice(.text(let key)): CSVCells.append(key, to: &writer)
    case .choice(.integer(let key)): writer.append(integer: key)
    case .choice(.boolean(let key)): writer.append(key ? "true" : "false")
    case .choices(let keys): append(keys, to: &writer)
    case .location(let parts): append(location: parts, to: &writer)
    case .attachment(let id), .relationship(let id): writer.append(id: id)
    }
  }

  private func append(_ keys: KeyList, to writer: inout ByteWriter) {
    let keys = keys.map(JSONText.plain)
    if keys.isEmpty { return writer.append("|") }
    let text = keys.joined(separator: "|")
    let isPlain =
      !text.isEmpty && text != "|" && !text.utf8.starts(with: "[\"".utf8) && !keys.contains { $0.utf8.contains(bar) }
    CSVCells.append(isPlain ? text : Self.json(keys), to: &writer)
  }

  private var bar: UInt8 { UInt8(ascii: "|") }

  private static func json(_ keys: [String]) -> String {
    var writer = ByteWriter(capacity: 64)
    writer.append("[")
    for (index, key) in keys.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: key)
    }
    writer.append("]")
    return writer.string
  }

  private func append(location parts: KeyList, to writer: inout ByteWriter) {
    var isFirst = true
    for part in parts {
      if !isFirst { writer.append(",") }
      isFirst = false
      let text = JSONText.plain(part)
      if text != "null" { CSVCells.append(text, to: &writer) }
    }
  }
}

/// An item of a list as storage keeps it.
enum JSONText {
  /// A text without its quotes and escapes; others as they stand.
  static func plain(_ json: UnsafeRawBufferPointer) -> String {
    let text = String(decoding: json, as: UTF8.self)
    guard json.first == UInt8(ascii: "\"") else { return text }
    return (try? JSONDocument.read(text).root.string) ?? text
  }
}
