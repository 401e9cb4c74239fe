import DataModel

/// A column that holds values of a field from when it had another type.
///
/// Writing the field empties it: of all columns of a field at most one holds a value, that of the type
/// under which it was last written.
package struct EarlierColumn: Sendable {
  package let number: Int
  package let type: FieldType
  /// How its values read now; nil where as null.
  package let conversion: ValueConversion?
  /// As `StoredColumn.heldPasswords`.
  package let heldPasswords: Bool

  package init(number: Int, type: FieldType, now present: FieldType, heldPasswords: Bool = false) {
    self.number = number
    self.type = type
    self.heldPasswords = heldPasswords
    self.conversion = ValueConversion(from: type, to: present)
  }
}
