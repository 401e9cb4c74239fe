/// The sizes up to which a data model is read, so that every later stage knows what to expect.
///
/// data-model.md gives the size and depth of the document and the length of names. The others are
/// our choice: far above what an app needs, and below what would hurt storage (SQLite has at most
/// 2000 columns in a table) or a page.
package enum DataModelLimits {
  /// Bytes of the document.
  package static let documentSize = 5_000_000
  /// Nested elements.
  package static let depth = 16
  /// Elements in the document: bounds the memory of its tree.
  package static let elements = 250_000
  /// Characters of a model's, field's, relationship's or webhook's name.
  package static let nameLength = 100
  /// Characters of a label, an option's label, an action or an index's name.
  package static let labelLength = 1000
  /// Characters of an option's text key.
  package static let keyLength = 255
  package static let models = 2000
  /// Fields, belongs-to and has-many of one model together.
  package static let members = 1000
  /// Of one field.
  package static let options = 10_000
  /// Of one model.
  package static let indexes = 60
  package static let indexKeys = 16
  package static let webhooks = 100
  package static let notifications = 100
  /// UTF-8 bytes of a display or of a notification's message.
  package static let displayLength = 10_240
  /// `{…}` in one display.
  package static let displayParts = 100
  /// Relationships on the way to one value of a display.
  package static let displaySteps = 10
  /// Decimals in `{f:.2f}`.
  package static let decimals = 20
  /// Findings reported; of more, errors come before warnings.
  package static let findings = 1000
}
