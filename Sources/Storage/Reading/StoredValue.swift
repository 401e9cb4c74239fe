import Glibc
import Wire

/// A value as storage keeps it, whatever type of field it belongs to (see `ColumnType`).
package enum StoredValue: Sendable {
  case null
  case integer(Int64)
  /// Always finite, and never −0.
  case real(Double)
  /// Without U+0000.
  case text(String)
  case id(ObjectID)

  package var isNull: Bool {
    if case .null = self { true } else { false }
  }
}

extension StoredValue: Hashable {
  /// Texts are equal when their bytes are: Swift's own `==` would take two Unicode spellings of one
  /// letter for the same text, and a write of the other one for no change.
  package static func == (left: StoredValue, right: StoredValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.text(let a), .text(let b)): haveSameBytes(a, b)
    case (.id(let a), .id(let b)): a == b
    default: false
    }
  }

  /// Texts may be megabytes, and are compared while a writer holds its lock.
  private static func haveSameBytes(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var (left, right) = (left, right)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        guard let a = left.baseAddress, let b = right.baseAddress else { return left.count == right.count }
        return memcmp(a, b, left.count) == 0
      }
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let integer): hasher.combine(integer)
    case .real(let real): hasher.combine(real)
    // Equal bytes hash alike; that other spellings do too costs nothing.
    case .text(let text): hasher.combine(text)
    case .id(let id): hasher.combine(id)
    }
  }
}

/// How the values of a field's type lie in storage.
///
/// | type of field | stored as |
/// |---|---|
/// | text, single-choice | text |
/// | integer, single-choice-integer | integer |
/// | number | real |
/// | date | integer: days since 1970-01-01 |
/// | datetime | integer: seconds since 1970 |
/// | boolean | integer: 0 or 1 |
/// | multiple-choice, multiple-choice-integer | text: a JSON array of the keys in the order given |
/// | location | text: a JSON array of the six parts |
/// | track | text: the JSON as it came |
/// | attachments, relationships | id |
package enum ColumnType: String, Sendable {
  case integer, real, text, id
}
