import DataModel
import Objects
import Storage
import Web
import Wire

/// Values as pages show them. No value, empty text, empty list and an id without object look different wherever they
/// stand.
enum ValueHTML {
  /// Bytes of a text in a cell of a table, which shows three lines of it.
  static let bytesInCell = 300
  /// Bytes of a text on an object's own page.
  static let bytesOnPage = 1 << 20

  static let none = WrittenHTML(
    span(.class("null")) {
      span(.aria("hidden", "true")) { "–" }
      span(.class("away")) { "no value" }
    })

  /// Nothing, or nothing that one sees.
  static func isBlank(_ text: UnsafeRawBufferPointer) -> Bool {
    text.allSatisfy { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
  }

  static let masked = WrittenHTML(
    span(.class("masked")) {
      span(.aria("hidden", "true")) { "••••••" }
      span(.class("away")) { "masked" }
    })

  static func blank(_ words: String) -> HTML { span(.class("blank")) { words } }

  /// A value that is neither a relationship nor masked.
  static func html(_ value: ObjectValue, at position: Int, of object: ObjectRow, most: Int) -> HTML {
    var writer = ByteWriter(capacity: 256)
    append(value, at: position, of: object, most: most, to: &writer)
    return .written(WrittenHTML(bySink: writer.detach()))
  }

  /// The same for a sink, which writes many: those that a table is full of are written without a piece for each.
  static func append(
    _ value: ObjectValue, at position: Int, of object: ObjectRow, most: Int, to writer: inout ByteWriter
  ) {
    switch value {
    case .null: writer.append(none)
    case .text(let text), .track(let text): append(text, most, to: &writer)
    case .integer(let integer): writer.append(integer: integer)
    case .number(let number): writer.append(number: number)
    case .date(let days):
      if let day = CalendarDay(daysSince1970: Int(days)) { writer.append(day: day) } else { writer.append(none) }
    case .datetime(let seconds): append(secondsSince1970: seconds, to: &writer)
    case .choice(let key): append(key, at: position, of: object, to: &writer)
    case .choices(let keys): append(keys, at: position, of: object, to: &writer)
    case .location(let parts): writer.append(location(parts))
    case .attachment: appendAttachment(at: position, of: object, to: &writer)
    case .relationship(let id): writer.append(code { HTML.id(id) })
    }
  }

  static func append(secondsSince1970 seconds: Int64, to writer: inout ByteWriter) {
    if let instant = Instant(secondsSince1970: seconds) { writer.append(time: instant) } else { writer.append(none) }
  }

  /// What it is, and no id, which says nothing: the object's own page has the file.
  private static func appendAttachment(at position: Int, of object: ObjectRow, to writer: inout ByteWriter) {
    guard case .field(let field) = object.columns[position].source else { return writer.append(none) }
    writer.append(span(.class("tag")) { field.type.rawValue })
  }

  private static func append(_ text: UnsafeRawBufferPointer, _ most: Int, to writer: inout ByteWriter) {
    if text.isEmpty { return writer.append(blank("empty text")) }
    // Blanks alone could not be told from nothing.
    if isBlank(text) { return writer.append(blank(CountText.of(text.count, "blank"))) }
    if text.count <= most { return writer.append(escaped: text) }
    writer.append(escaped: UnsafeRawBufferPointer(rebasing: text[..<CutBytes.end(of: text, most)]))
    writer.append("…")
  }

  private static func append(
    _ key: ChoiceKey, at position: Int, of object: ObjectRow, to writer: inout ByteWriter
  ) {
    guard let label = object.label(key, position) else {
      return writer.append(
        span(.class("option removed")) {
          keyText(key)
          span(.class("away")) { " (an option that was removed)" }
        })
    }
    writer.append("<span class=\"option\">")
    writer.append(escaped: label)
    writer.append("</span>")
  }

  private static func keyText(_ key: ChoiceKey) -> HTML {
    switch key {
    case .text(let text): text.isEmpty ? .text("empty text") : .text(text)
    case .integer(let integer): .integer(integer)
    case .boolean(let isTrue): .text(isTrue ? "true" : "false")
    }
  }

  /// Choices in a table's cell beyond these are counted.
  private static let mostChoices = 4

  private static func append(
    _ keys: KeyList, at position: Int, of object: ObjectRow, to writer: inout ByteWriter
  ) {
    let all = Array(keys)
    if all.isEmpty { return writer.append(blank("empty list")) }
    writer.append("<span class=\"options\">")
    for key in all.prefix(mostChoices) {
      ChoiceKey.read(json: key) { append($0, at: position, of: object, to: &writer) }
    }
    if all.count > mostChoices { writer.append(span(.class("hush small")) { "and \(all.count - mostChoices) more" }) }
    writer.append("</span>")
  }

  /// `40.5, -73.75` and a link to a map.
  private static func location(_ parts: KeyList) -> HTML {
    let texts = parts.prefix(2).map { String(decoding: $0, as: UTF8.self) }
    guard texts.count == 2 else { return .written(none) }
    let address = WebAddress(
      "https://www.openstreetmap.org/?mlat=\(texts[0])&mlon=\(texts[1])#map=14/\(texts[0])/\(texts[1])")
    return fragment {
      "\(texts[0]), \(texts[1])"
      if let address {
        " "
        a(.class("small"), .href(address), .rel("noopener noreferrer"), .inNewTab) { "map" }
      }
    }
  }
}

extension ChoiceKey {
  /// Hands on a key of a list, which is stored as JSON; of a text without escapes nothing is copied.
  static func read<Result>(json: UnsafeRawBufferPointer, _ body: (ChoiceKey) throws -> Result) rethrows -> Result {
    guard json.count >= 2, json.first == UInt8(ascii: "\"") else {
      return try body(.integer(NumberText.integer(utf8: json) ?? 0))
    }
    guard json.contains(UInt8(ascii: "\\")) else {
      return try body(.text(UnsafeRawBufferPointer(rebasing: json[1..<json.count - 1])))
    }
    var text = JSONText.plain(json)
    return try text.withUTF8 { try body(.text(UnsafeRawBufferPointer($0))) }
  }
}
