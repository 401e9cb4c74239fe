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

  static var none: HTML {
    span(.class("null")) {
      span(.aria("hidden", "true")) { "–" }
      span(.class("away")) { "no value" }
    }
  }

  /// Nothing, or nothing that one sees.
  static func isBlank(_ text: UnsafeRawBufferPointer) -> Bool {
    text.allSatisfy { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
  }

  static var masked: HTML {
    span(.class("masked")) {
      span(.aria("hidden", "true")) { "••••••" }
      span(.class("away")) { "masked" }
    }
  }

  static var dangling: HTML { span(.class("dangling")) { "no such object" } }

  static func blank(_ words: String) -> HTML { span(.class("blank")) { words } }

  /// A value that is neither a relationship nor masked.
  static func html(_ value: ObjectValue, at position: Int, of object: ObjectRow, most: Int) -> HTML {
    switch value {
    case .null: return none
    case .text(let text): return self.text(text, most)
    case .integer(let integer): return .integer(integer)
    case .number(let number): return .number(number)
    case .date(let days):
      return CalendarDay(daysSince1970: Int(days)).map(HTML.day) ?? none
    case .datetime(let seconds): return Instant(secondsSince1970: seconds).map(HTML.time) ?? none
    case .choice(let key): return choice(key, at: position, of: object)
    case .choices(let keys): return choices(keys, at: position, of: object)
    case .location(let parts): return location(parts)
    case .track(let json): return text(json, most)
    case .attachment: return attachment(at: position, of: object)
    case .relationship(let id): return code { HTML.id(id) }
    }
  }

  /// What it is, and no id, which says nothing: the object's own page has the file.
  private static func attachment(at position: Int, of object: ObjectRow) -> HTML {
    guard case .field(let field) = object.columns[position].source else { return none }
    return span(.class("tag")) { field.type.rawValue }
  }

  private static func text(_ text: UnsafeRawBufferPointer, _ most: Int) -> HTML {
    if text.isEmpty { return blank("empty text") }
    // Blanks alone could not be told from nothing.
    if isBlank(text) {
      return blank(CountText.of(text.count, "blank"))
    }
    if text.count <= most { return .text(text) }
    return fragment {
      HTML.text(UnsafeRawBufferPointer(rebasing: text[..<CutBytes.end(of: text, most)]))
      "…"
    }
  }

  private static func choice(_ key: ChoiceKey, at position: Int, of object: ObjectRow) -> HTML {
    if let label = object.label(key, position) { return span(.class("option")) { HTML.text(label) } }
    return span(.class("option removed")) {
      keyText(key)
      span(.class("away")) { " (an option that was removed)" }
    }
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

  private static func choices(_ keys: KeyList, at position: Int, of object: ObjectRow) -> HTML {
    let all = Array(keys)
    if all.isEmpty { return blank("empty list") }
    return span(.class("options")) {
      for key in all.prefix(mostChoices) { choice(ChoiceKey(json: key), at: position, of: object) }
      if all.count > mostChoices {
        span(.class("hush small")) { "and \(all.count - mostChoices) more" }
      }
    }
  }

  /// `40.5, -73.75` and a link to a map.
  private static func location(_ parts: KeyList) -> HTML {
    let texts = parts.prefix(2).map { String(decoding: $0, as: UTF8.self) }
    guard texts.count == 2 else { return none }
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
  /// A key of a list, as the JSON that it is stored as. Texts with escapes are rare and stay as they are written.
  init(json: UnsafeRawBufferPointer) {
    if json.count >= 2, json.first == UInt8(ascii: "\"") {
      self = .text(UnsafeRawBufferPointer(rebasing: json[1..<json.count - 1]))
    } else {
      self = .integer(NumberText.integer(utf8: json) ?? 0)
    }
  }
}
