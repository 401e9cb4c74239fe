import DataModel
import Objects
import QueryLanguage
import Storage
import Synchronization
import Wire

/// Comma-separated values for people who open them in a spreadsheet: labels in place of names and keys, displays in place
/// of ids, and nothing that would be taken for a formula.
final class SpreadsheetSink: ObjectSink {
  typealias End = ListEnd

  private let columns: [TableColumn]
  /// Column heads, which say of times whose they are: the cells themselves are to be read as times.
  private let heads: [String]
  let includes: Includes
  /// A relationship that is embedded; nil where none is.
  private let embedded: Int?

  /// Displays stand for the first relationships to models that are there for the visitor; for further ones their ids.
  init(_ model: ModelView, columns: [TableColumn], among models: VisibleModels) {
    self.columns = columns
    heads = columns.map { $0.isMoment ? "\($0.label) (UTC)" : $0.label }
    let relationships = columns.compactMap { column -> (name: String, position: Int)? in
      guard case .column(let position) = column.source,
        case .belongsTo(let relationship) = model.stored.columns[position].source, models[relationship.model] != nil
      else { return nil }
      return (relationship.name, position)
    }.prefix(IncludePaths.limit)
    let paths = try? IncludePaths(relationships.map(\.name).joined(separator: ","))
    includes = paths.flatMap { try? Includes($0, of: model, in: models.view) } ?? .none
    embedded = includes.isEmpty ? nil : relationships.first?.position
  }

  func open(_ writer: inout ByteWriter) {
    // By this mark spreadsheets know that it is UTF-8.
    writer.append("\u{FEFF}Object")
    for head in heads {
      writer.append(",")
      CSVCells.append(guarded: head, to: &writer)
    }
    writer.append("\r\n")
  }

  var separator: StaticString { "" }
  var missing: StaticString { "no such object" }
  func close(_ end: ListEnd, _ writer: inout ByteWriter) {}

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    CSVCells.append(guarded: object.display, to: &writer)
    // At the end of a relationship its display is all.
    guard embedded.map({ object.embedded(at: $0) != nil }) ?? true else { return }
    for column in columns {
      writer.append(",")
      switch column.source {
      case .id: writer.append(id: object.id)
      case .updatedAt: append(secondsSince1970: object.secondsOfUpdate, to: &writer)
      case .column(let position):
        if let branch = object.embedded(at: position), case .relationship(let id) = object.value(position) {
          gaps.append(EmbeddingGap(offset: writer.count, branch: branch, id: id))
        } else {
          append(object.value(position), at: position, of: object, to: &writer)
        }
      }
    }
    writer.append("\r\n")
  }

  private func append(_ value: ObjectValue, at position: Int, of object: ObjectRow, to writer: inout ByteWriter) {
    switch value {
    case .null: break
    case .text(let text), .track(let text): CSVCells.append(guarded: text, to: &writer)
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .date(let days): if let day = CalendarDay(daysSince1970: Int(days)) { writer.append(day: day) }
    case .datetime(let seconds): append(secondsSince1970: seconds, to: &writer)
    case .choice(let key): CSVCells.append(guarded: label(key, position, of: object), to: &writer)
    case .choices(let keys):
      let labels = keys.map { key in ChoiceKey.read(json: key) { label($0, position, of: object) } }
      CSVCells.append(guarded: labels.joined(separator: ", "), to: &writer)
    case .location(let parts):
      CSVCells.append(guarded: parts.prefix(2).map(JSONText.plain).joined(separator: ", "), to: &writer)
    case .attachment(let id), .relationship(let id): writer.append(id: id)
    }
  }

  /// `2013-01-31 09:05:00`, which spreadsheets read as a time.
  private func append(secondsSince1970 seconds: Int64, to writer: inout ByteWriter) {
    guard let instant = Instant(secondsSince1970: seconds) else { return }
    let text = instant.description
    writer.append(text: text.replacing("T", with: " ").replacing("Z", with: ""))
  }

  private func label(_ key: ChoiceKey, _ position: Int, of object: ObjectRow) -> String {
    if let label = object.label(key, position) { return String(decoding: label, as: UTF8.self) }
    switch key {
    case .text(let text): return String(decoding: text, as: UTF8.self)
    case .integer(let integer): return String(integer)
    case .boolean(let isTrue): return isTrue ? "true" : "false"
    }
  }
}
