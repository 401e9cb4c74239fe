import DataModel
import JSON
import Storage
import Wire

/// The rules by which a client's value becomes a stored one, type by type (api.md section 9).
///
/// One instance reads for one field; its name stands in every detail.
package struct FieldValue: Sendable {
  /// Writing holds a choice to its options; a filter takes any key of the right kind.
  package enum Purpose: Sendable { case writing, filtering }

  let name: String
  let field: Field
  let purpose: Purpose

  package init(name: String, field: Field, purpose: Purpose) {
    self.name = name
    self.field = field
    self.purpose = purpose
  }

  /// A track's JSON may be this long.
  package static let trackBytes = 1 << 20

  /// - Throws: `ClientFault.value` where the value is not one of the field's type.
  package func read(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    if field.type == .text {
      if case .text(let text) = value { return try .text(checked(text, value)) }
      if value.isNull { return .null }
      return try .text(text(value, orElse: "a text field takes a string"))
    }
    if value.isNull { return .null }
    switch field.type {
    case .text: return .null  // handled above
    case .integer: return try integer(value)
    case .number: return try number(value)
    case .date: return try date(value)
    case .datetime: return try datetime(value)
    case .boolean: return try boolean(value.unwrappedChoice)
    case .singleChoice, .singleChoiceInteger: return try key(value.unwrappedChoice).stored
    case .multipleChoice, .multipleChoiceInteger: return try keys(value)
    case .location: return try LocationValue(reader: self).read(value)
    case .track: return try track(value)
    case .attachment, .photo, .signature:
      throw refuse(value, "an attachment is no single value")
    }
  }

  // MARK: Plain types.

  private func integer(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    let problem = "an integer field takes a whole number from -2147483648 to 2147483647"
    if purpose == .filtering {
      // A comparison with 2.5 or with 10^12 has an answer; storing them has not.
      guard let double = finite(value) else { throw refuseNumber(value, problem) }
      return Int64(exactly: double).map { .integer($0) } ?? .real(double)
    }
    guard let integer = whole(value), let small = Int32(exactly: integer) else {
      throw refuseNumber(value, problem)
    }
    return .integer(Int64(small))
  }

  private func number(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    guard let double = finite(value) else {
      throw refuseNumber(value, "a number field takes a number such as 3.5, between -1.8e308 and 1.8e308")
    }
    return .real(double == 0 ? 0 : double)
  }

  private func date(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    guard let text = value.textual, let day = CalendarDay(text) else {
      throw refuse(value, "a date field takes a day such as \"2013-01-31\"")
    }
    return .integer(Int64(day.daysSince1970))
  }

  private func datetime(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    guard let text = value.textual, let instant = Instant(text) else {
      throw refuse(value, "a datetime field takes a time such as \"2013-01-31T09:05:00Z\"")
    }
    return .integer(instant.secondsSince1970)
  }

  private func boolean(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    switch value {
    case .json(let json):
      if let bool = json.bool { return .integer(bool ? 1 : 0) }
      if let bool = json.withStringUTF8({ TruthText.word(utf8: $0) }) ?? nil { return .integer(bool ? 1 : 0) }
    case .text(let text): if let bool = TruthText.read(text) { return .integer(bool ? 1 : 0) }
    case .texts, .parts: break
    }
    throw refuse(value, "a boolean field takes true or false")
  }

  private func track(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    guard case .json(let json) = value else {
      throw refuse(value, "a track is JSON and needs Content-Type: application/json")
    }
    let length = json.withRawText { $0.count }
    guard length <= Self.trackBytes else {
      throw .value("\(name): the track has \(length) bytes; at most \(Self.trackBytes) are kept.")
    }
    if json.holdsLoneSurrogate { throw refuse(value, Self.loneSurrogate) }
    return .text(json.rawText)
  }

  // MARK: Choices.

  private struct Key {
    let option: OptionKey
    let stored: StoredValue
  }

  private func key(_ value: ClientValue) throws(ClientFault) -> Key {
    let found: Key
    if field.type.hasIntegerKeys {
      guard let integer = whole(value), let small = Int32(exactly: integer) else {
        throw refuseNumber(value, "its keys are 32-bit integers")
      }
      found = Key(option: .integer(small), stored: .integer(Int64(small)))
    } else {
      let text = try text(value, orElse: "its keys are strings")
      found = Key(option: .text(text), stored: .text(text))
    }
    if purpose == .writing, field.position(of: found.option) == nil {
      throw refuse(
        value, field.options.isEmpty ? "the field has no options" : "it is not among the options: \(optionList)")
    }
    return found
  }

  /// One key for a filter that looks into a list of keys.
  package func singleKey(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    if value.isNull { throw refuse(value, "a key is needed") }
    return try key(value.unwrappedChoice).stored
  }

  private func keys(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    // `flight[tags][]=` alone clears the field.
    if case .texts([""]) = value { return .null }
    var writer = ByteWriter(capacity: 256)
    writer.append(UInt8(ascii: "["))
    for (index, key) in try keyList(value).enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      switch key {
      case .integer(let integer): writer.append(integer: integer)
      case .text(let text): writer.append(quoted: text)
      case .null, .real, .id: break
      }
    }
    writer.append(UInt8(ascii: "]"))
    return .text(writer.string)
  }

  /// The keys in the order given, each once.
  package func keyList(_ value: ClientValue) throws(ClientFault) -> [StoredValue] {
    guard let items = value.listed else { throw refuse(value, "a multiple-choice field takes a list of keys") }
    var seen: Set<StoredValue> = []
    var keys: [StoredValue] = []
    for item in items {
      if item.isNull { throw refuse(item, "a list of keys holds no null") }
      let key = try key(item.unwrappedChoice).stored
      if seen.insert(key).inserted { keys.append(key) }
    }
    return keys
  }

  private var optionList: String {
    let shown = field.options.prefix(20).map(\.key.description).joined(separator: ", ")
    return field.options.count > 20 ? "\(shown), and \(field.options.count - 20) more" : shown
  }

  // MARK: Pieces.

  private func whole(_ value: ClientValue) -> Int64? {
    switch value {
    case .json(let json): json.number?.integer ?? json.string.flatMap { NumberText.integer(loosely: $0) }
    case .text(let text): NumberText.integer(loosely: text)
    case .texts, .parts: nil
    }
  }

  func finite(_ value: ClientValue) -> Double? {
    switch value {
    case .json(let json): json.number?.double ?? json.string.flatMap { NumberText.double(loosely: $0) }
    case .text(let text): NumberText.double(loosely: text)
    case .texts, .parts: nil
    }
  }

  /// The text, also of a number in JSON: flight numbers and telephone numbers come as such.
  private func text(_ value: ClientValue, orElse problem: String) throws(ClientFault) -> String {
    if let text = value.textual { return try checked(text, value) }
    guard case .json(let json) = value, let number = json.number else { throw refuse(value, problem) }
    guard let text = number.exactText else {
      throw refuse(value, "as a number it would lose digits; write it as a string")
    }
    return text
  }

  private func checked(_ text: String, _ value: ClientValue) throws(ClientFault) -> String {
    if purpose == .writing, text.utf8.contains(0) { throw refuse(value, "a text cannot hold U+0000") }
    if case .json(let json) = value, json.holdsLoneSurrogate { throw refuse(value, Self.loneSurrogate) }
    return text
  }

  /// Refuses what is no number of the kind that is wanted.
  func refuseNumber(_ value: ClientValue, _ reason: String) -> ClientFault {
    guard let text = value.textual, text.utf8.contains(UInt8(ascii: ",")) else { return refuse(value, reason) }
    return refuse(value, "\(reason); write a decimal point instead of the comma, and nothing between thousands")
  }

  /// Why a text is refused that `JSONValue.holdsLoneSurrogate`.
  package static let loneSurrogate =
    "it holds half of a surrogate pair, as a text does that was cut in the middle of an emoji"

  func refuse(_ value: ClientValue, _ reason: String) -> ClientFault {
    .value("\(name): \(value.shown) is refused: \(reason).")
  }
}
