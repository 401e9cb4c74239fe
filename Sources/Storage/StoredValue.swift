import Wire

/// A value as storage keeps it, whatever type of field it belongs to (see `ColumnType`).
package enum StoredValue: Hashable, Sendable {
  case null
  case integer(Int64)
  /// Always finite, and never −0.
  case real(Double)
  /// Without U+0000.
  case text(String)
  case id(ObjectID)

  package var isNull: Bool { self == .null }
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
