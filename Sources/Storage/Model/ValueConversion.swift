import DataModel
import Wire

/// How a value that was written while its field had one type reads under another (data-model.md
/// «Deploying a changed model»). There is one only where it loses nothing; under all other pairs of types
/// the value reads as null.
///
/// | from | to | |
/// |---|---|---|
/// | integer | number | the same number |
/// | integer, number, date, datetime, boolean, single choices | text | as the API prints it; of a choice its key |
/// | text | integer, number, date, datetime, boolean, single choices | where the rules for forms read it, else null |
/// | single choices | multiple choices with keys of the same kind | a list of the one key |
///
/// It depends on nothing but the two types and the version of the rules: an engine may build indexes on it.
/// Whoever changes what a pair gives raises its version and keeps what it gave before among `superseded`, since
/// stored indexes hold that until they are built anew.
package struct ValueConversion: Sendable, Hashable {
  package let from: FieldType
  package let to: FieldType
  /// Of the rules for this pair; from 1. With 2, texts are read as numbers, times and booleans in more ways.
  package let version: Int

  /// Nil where values of one type read as null under the other, and for one and the same type.
  package init?(from: FieldType, to: FieldType) {
    switch (from, to) {
    case (.integer, .number), (.singleChoice, .multipleChoice), (.singleChoiceInteger, .multipleChoiceInteger): break
    case (.integer, .text), (.number, .text), (.date, .text), (.datetime, .text), (.boolean, .text),
      (.singleChoice, .text), (.singleChoiceInteger, .text):
      break
    case (.text, .integer), (.text, .number), (.text, .date), (.text, .datetime), (.text, .boolean),
      (.text, .singleChoice), (.text, .singleChoiceInteger):
      break
    default: return nil
    }
    // Any text is a key, then as now.
    self.init(from: from, to: to, version: from == .text && to != .singleChoice ? 2 : 1)
  }

  private init(from: FieldType, to: FieldType, version: Int) {
    self.from = from
    self.to = to
    self.version = version
  }

  /// Those in force.
  package static let all: [ValueConversion] = FieldType.allCases.flatMap { from in
    FieldType.allCases.compactMap { ValueConversion(from: from, to: $0) }
  }

  /// What reads no longer use, and what indexes of earlier versions stand on.
  package static let superseded: [ValueConversion] = all.flatMap { conversion in
    (1..<conversion.version).map { ValueConversion(from: conversion.from, to: conversion.to, version: $0) }
  }

  /// A name for SQL: `text_as_single_choice`, `text_as_date_2`. Each version has its own.
  package var functionName: String {
    "\(Self.word(from))_as_\(Self.word(to))\(version > 1 ? "_\(version)" : "")"
  }

  private static func word(_ type: FieldType) -> String {
    String(type.rawValue.map { $0 == "-" ? "_" : $0 })
  }

  /// The value under the new type; null where it has none.
  package func value(_ value: StoredValue) -> StoredValue {
    switch (value, to) {
    case (.text(let text), _) where from == .text: version == 1 ? parsedAtFirst(text) : parsed(text)
    case (.integer(let integer), .number): .real(Double(integer))
    case (_, .text): printed(value)
    case (.integer(let key), .multipleChoiceInteger): .text("[\(key)]")
    case (.text(let key), .multipleChoice): .text(Self.list(of: key))
    default: .null
    }
  }

  /// What forms may hold for the type. An empty text stands for null there.
  private func parsed(_ text: String) -> StoredValue {
    switch to {
    case .integer, .singleChoiceInteger:
      return NumberText.integer(loosely: text).flatMap(Int32.init(exactly:)).map { .integer(Int64($0)) } ?? .null
    case .number: return NumberText.double(loosely: text).map { .real($0 == 0 ? 0 : $0) } ?? .null
    case .date: return CalendarDay(text).map { .integer(Int64($0.daysSince1970)) } ?? .null
    case .datetime: return Instant(text).map { .integer($0.secondsSince1970) } ?? .null
    case .boolean: return TruthText.read(text).map { .integer($0 ? 1 : 0) } ?? .null
    default: return .null
    }
  }

  /// The rules of version 1. They stay as they are for as long as a store may have indexes on them.
  private func parsedAtFirst(_ text: String) -> StoredValue {
    switch to {
    case .integer, .singleChoiceInteger:
      return NumberText.integer(text).flatMap(Int32.init(exactly:)).map { .integer(Int64($0)) } ?? .null
    case .number: return NumberText.double(text).map { .real($0 == 0 ? 0 : $0) } ?? .null
    case .date: return CalendarDay(firstForms: text).map { .integer(Int64($0.daysSince1970)) } ?? .null
    case .datetime: return Instant(firstForms: text).map { .integer($0.secondsSince1970) } ?? .null
    case .boolean:
      switch text {
      case "true", "1": return .integer(1)
      case "false", "0": return .integer(0)
      default: return .null
      }
    // Any key: one that is no option shows as such.
    case .singleChoice: return text.isEmpty ? .null : .text(text)
    default: return .null
    }
  }

  private func printed(_ value: StoredValue) -> StoredValue {
    var writer = ByteWriter(capacity: 64)
    switch (value, from) {
    case (.text(let key), _): return .text(key)
    case (.integer(let truth), .boolean): return .text(truth != 0 ? "true" : "false")
    case (.integer(let days), .date):
      guard let day = Int(exactly: days).flatMap(CalendarDay.init(daysSince1970:)) else { return .null }
      writer.append(day: day)
    case (.integer(let seconds), .datetime):
      guard let instant = Instant(secondsSince1970: seconds) else { return .null }
      writer.append(instant: instant)
    case (.integer(let integer), _): writer.append(integer: integer)
    case (.real(let number), _): writer.append(number: number)
    case (.null, _), (.id, _): return .null
    }
    return .text(writer.string)
  }

  private static func list(of key: String) -> String {
    var writer = ByteWriter(capacity: 64)
    writer.append(UInt8(ascii: "["))
    writer.append(quoted: key)
    writer.append(UInt8(ascii: "]"))
    return writer.string
  }
}
