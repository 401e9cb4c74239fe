import DataModel
import JSON
import Objects
import Storage
import Wire

/// From a stored value to the inputs.
extension ObjectField {
  /// What the inputs of a field have for a stored value. The value of a password never gets into a page.
  package func draft(of value: StoredValue) -> FieldDraft {
    if isPassword { return FieldDraft() }
    // Of one that reads values written as passwords.
    if column.isMasked { return FieldDraft(isLocked: true) }
    switch kind {
    case .line, .paragraph, .track, .choice, .choices:
      if let text = Self.untypable(value) { return FieldDraft(isLocked: !text.isEmpty) }
    default: break
    }
    switch (kind, value) {
    // A list and a text can be empty without being none.
    case (.line, .null), (.paragraph, .null), (.choices, .null), (.choice, .null): return FieldDraft(isNone: true)
    case (_, .null): return FieldDraft()
    case (.choices, .text(let json)):
      let keys = Self.keys(json)
      return keys.allSatisfy(InputText.isTypable) ? FieldDraft(keys: keys) : FieldDraft(isLocked: true)
    case (.location, .text(let json)): return FieldDraft(text: Coordinates(stored: json)?.text ?? "")
    case (.day, .integer(let days)):
      return draft(CalendarDay(daysSince1970: Int(clamping: days)).map { day in Self.printed { $0.append(day: day) } })
    case (.time, .integer(let seconds)): return draft(Instant(secondsSince1970: seconds).map(Self.local))
    case (.choice, .integer(let integer)):
      return FieldDraft(text: isTruth ? (integer == 0 ? "false" : "true") : "\(integer)")
    case (_, .integer(let integer)): return FieldDraft(text: String(integer))
    case (_, .real(let number)): return FieldDraft(text: Self.printed { $0.append(number: number) })
    case (_, .text(let text)): return FieldDraft(text: text)
    case (_, .id(let id)): return FieldDraft(text: id.description)
    }
  }

  /// What cannot be printed stays as it is.
  private func draft(_ text: String?) -> FieldDraft { text.map { FieldDraft(text: $0) } ?? FieldDraft(isLocked: true) }

  private var isTruth: Bool {
    if case .field(let field) = column.source { field.type == .boolean } else { false }
  }

  private static func untypable(_ value: StoredValue) -> String? {
    guard case .text(let text) = value, !InputText.isTypable(text) else { return nil }
    return text
  }

  private static func printed(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }

  /// `2013-01-31T09:05:00`
  private static func local(_ instant: Instant) -> String { String(instant.description.dropLast()) }

  /// The keys of a list as it is stored.
  static func keys(_ json: String) -> [String] {
    guard let root = try? JSONDocument.read(json).root, root.isArray else { return [] }
    return root.elements.map { $0.string ?? $0.rawText }
  }
}

/// Where something is, as one types or pastes it: `40.64, -73.78`, `40.64 -73.78`, `40.64° N, 73.78° W`, `geo:40.64,-73.78`.
package struct Coordinates: Sendable, Equatable {
  package var latitude: Double
  package var longitude: Double

  package init?(_ text: String) {
    var text = text.trimmed
    if text.lowercased().hasPrefix("geo:") { text = String(text.dropFirst(4).prefix { $0 != ";" && $0 != "?" }) }
    let words = text.split { $0 == "," || $0 == ";" || $0.isWhitespace || $0 == "°" }.map(String.init)
    var numbers: [Double] = []
    var letters: [Character] = []
    for word in words {
      var word = word
      if let last = word.last, "NSEWnsew".contains(last) {
        guard letters.count == numbers.count - (word.count == 1 ? 1 : 0) else { return nil }
        letters.append(Character(last.uppercased()))
        word.removeLast()
        if word.isEmpty { continue }
      }
      guard let number = NumberText.double(word) else { return nil }
      numbers.append(number)
    }
    guard numbers.count == 2 else { return nil }
    self.init(latitude: numbers[0], longitude: numbers[1])
    guard !letters.isEmpty else { return }
    guard letters.count == 2, numbers.allSatisfy({ $0 >= 0 }), "NS".contains(letters[0]), "EW".contains(letters[1])
    else { return nil }
    if letters[0] == "S" { latitude = -latitude }
    if letters[1] == "W" { longitude = -longitude }
  }

  /// Of the six parts of a stored location.
  init?(stored json: String) {
    guard let root = try? JSONDocument.read(json).root, root.isArray else { return nil }
    let numbers = root.elements.prefix(2).compactMap(\.number?.double)
    guard numbers.count == 2 else { return nil }
    self.init(latitude: numbers[0], longitude: numbers[1])
  }

  private init(latitude: Double, longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  package var text: String {
    var writer = ByteWriter(capacity: 64)
    writer.append(number: latitude)
    writer.append(", ")
    writer.append(number: longitude)
    return writer.string
  }
}
