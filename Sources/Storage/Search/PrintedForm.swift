import Wire

/// How the API prints the values of a column that is no choice (api.md section 9), as far as a search looks
/// into what is printed.
package enum PrintedForm: Int64, Sendable, CaseIterable {
  /// The text itself.
  case text = 1
  case integer
  case number
  /// `2013-01-31`
  case day
  /// `2013-01-31T09:05:00Z`
  case instant
  /// A UUID in lower case.
  case id

  /// Appends a value of a column that is stored as an integer.
  package func append(integer: Int64, to writer: inout ByteWriter) {
    switch self {
    case .day:
      if let day = Int(exactly: integer).flatMap(CalendarDay.init(daysSince1970:)) { writer.append(day: day) }
    case .instant:
      if let instant = Instant(secondsSince1970: integer) { writer.append(instant: instant) }
    case .text, .integer, .number, .id: writer.append(integer: integer)
    }
  }

  /// Appends a value; null is printed as nothing.
  package func append(_ value: StoredValue, to writer: inout ByteWriter) {
    switch value {
    case .null: break
    case .integer(let integer): append(integer: integer, to: &writer)
    case .real(let real): writer.append(number: real)
    case .id(let id): writer.append(id: id)
    case .text(let text): writer.append(text: text)
    }
  }

  /// Whether a printed value can hold this folded text at all; most texts rule most forms out.
  package func mayHold(_ text: String) -> Bool {
    self == .text || text.utf8.count <= longest && text.utf8.allSatisfy(canHold)
  }

  /// Bytes of the longest printed value, or more.
  private var longest: Int {
    switch self {
    case .text: .max
    case .integer: 20
    case .number: 32
    case .day: 10
    case .instant: 20
    case .id: 36
    }
  }

  private func canHold(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    case UInt8(ascii: "+"), UInt8(ascii: "."): self == .number
    case UInt8(ascii: "e"): self == .number || self == .id
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self == .id
    case UInt8(ascii: "t"), UInt8(ascii: "z"), UInt8(ascii: ":"): self == .instant
    default: false
    }
  }
}
