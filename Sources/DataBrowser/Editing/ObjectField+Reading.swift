import DataModel
import JSON
import Objects
import QueryLanguage
import Storage
import Wire

/// From the inputs to a value.
extension ObjectField {
  /// The value of what a field's inputs have, by the API's own rules.
  /// - Throws: `ClientFault` with the sentence for the field.
  package func value(of draft: FieldDraft) throws(ClientFault) -> StoredValue {
    let text = InputText.normalized(draft.text)
    switch kind {
    case .line, .paragraph:
      return text.isEmpty && draft.isNone ? .null : try read(.text(text))
    case .password: return text.isEmpty && draft.isNone ? .null : try read(.text(text))
    case .choice: return text.isEmpty && draft.isNone ? .null : try read(.text(key(text)))
    case .choices:
      if draft.keys.isEmpty { return draft.isNone ? .null : .text("[]") }
      return try read(.texts(ordered(draft.keys)))
    case .whole, .number, .day, .time: return text.trimmed.isEmpty ? .null : try read(.text(text.trimmed))
    case .location: return try location(text.trimmed)
    case .track: return try track(text)
    case .relationship: return try id(text.trimmed)
    case .attachment: return draft.isNone ? .null : try id(text.trimmed)
    }
  }

  private func read(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    guard case .field(let field) = column.source else { return .null }
    return try FieldValue(name: name, field: field, purpose: .writing).read(value)
  }

  private func id(_ text: String) throws(ClientFault) -> StoredValue {
    if text.isEmpty { return .null }
    guard let id = ObjectID(text.lowercased()) else {
      throw .value("\(name): \"\(CutText.cut(text))\" is refused: it takes the id of an object, a UUID.")
    }
    return .id(id)
  }

  private func location(_ text: String) throws(ClientFault) -> StoredValue {
    if text.isEmpty { return .null }
    guard let coordinates = Coordinates(text) else {
      throw .value(
        "\(name): \"\(CutText.cut(text))\" is refused: it takes latitude and longitude such as 40.64, -73.78.")
    }
    let parts = coordinates.text.split(separator: ", ").map(String.init)
    return try read(.texts(parts))
  }

  private func track(_ text: String) throws(ClientFault) -> StoredValue {
    if text.trimmed.isEmpty { return .null }
    let document: JSONDocument
    do throws(JSONError) { document = try JSONDocument.read(text) } catch {
      throw .value("\(name): the text is refused: a track is JSON; \(error).")
    }
    return try read(.json(document.root))
  }

  /// The option as it is declared: line ends in keys come back as browsers send them.
  private func key(_ sent: String) -> String {
    choices(with: FieldDraft()).declared.first { Self.isSame($0.key, sent) }?.key ?? sent
  }

  /// In the order in which the boxes stand.
  private func ordered(_ keys: [String]) -> [String] {
    let (declared, removed) = choices(with: FieldDraft(keys: keys))
    return declared.map(\.key).filter { key in keys.contains { Self.isSame($0, key) } } + removed
  }

  // MARK: What was left alone

  /// What tells two contents of the inputs apart: the same for all that mean one value, such as `1.50` and `1.5`, and
  /// for what a browser drops, such as the seconds of a full minute.
  package func meaning(of draft: FieldDraft) -> String {
    let text = InputText.normalized(draft.text)
    switch kind {
    case .line, .paragraph, .password: return text.isEmpty && draft.isNone ? "" : "=" + text
    case .choice: return text.isEmpty && draft.isNone ? "" : "=" + text
    case .choices:
      if draft.keys.isEmpty { return draft.isNone ? "" : "=" }
      return ordered(draft.keys).map { "=\($0.utf8.count) \(InputText.normalized($0))" }.joined()
    case .track: return text.trimmed.isEmpty ? "" : "=" + text
    case .relationship: return text.trimmed.lowercased()
    case .attachment: return draft.isNone ? "" : text.trimmed.lowercased()
    case .whole, .number:
      return NumberText.double(loosely: text.trimmed).map { number in Self.text { $0.append(number: number) } }
        ?? text.trimmed
    case .day: return CalendarDay(text.trimmed).map { "\($0.daysSince1970)" } ?? text.trimmed
    case .time: return Instant(text.trimmed).map { "\($0.secondsSince1970)" } ?? text.trimmed
    case .location: return Coordinates(text)?.text ?? text.trimmed
    }
  }

  private static func text(_ write: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 32)
    write(&writer)
    return writer.string
  }

  /// Whether nothing was put in the place of what cannot be shown.
  func isLeftAlone(_ draft: FieldDraft) -> Bool {
    guard draft.isLocked || isPassword else { return false }
    return draft.text.isEmpty && draft.keys.isEmpty && !draft.isNone
  }

  var isPassword: Bool { if case .password = kind { true } else { false } }
}
