import Crypto
import Storage
import Wire

/// Says of a value which one it is, without saying it: 8 bytes that only this server can make. A form carries one for
/// each field, by which is known later what was changed in the form, and what has been changed by others since.
package struct FieldCode: Sendable {
  static let byteCount = 8
  private let key: [UInt8]
  /// The object that it is of: the same value elsewhere has another code.
  private let object: String

  package init(key: [UInt8], deployment: String, model: String, _ id: ObjectID) {
    self.key = key
    object = "\(deployment) \(id) \(model)"
  }

  /// Of a stored value, as a browser would send it back.
  package func text(of value: StoredValue, _ field: ObjectField) -> String {
    let draft = field.draft(of: value)
    if field.isPassword || draft.isLocked { return text("stored \(Self.text(of: value))", field) }
    return text(of: draft, field)
  }

  /// Of what stands in the inputs.
  package func text(of draft: FieldDraft, _ field: ObjectField) -> String {
    text("typed \(field.meaning(of: draft))", field)
  }

  private func text(_ meaning: String, _ field: ObjectField) -> String {
    let name = "\(field.column.number) \(field.column.storedType)"
    let message = "\(object.utf8.count) \(object) \(name.utf8.count) \(name) \(meaning)"
    return Hex.encode(Array(HMACSHA256.code(for: message, key: key).prefix(Self.byteCount)))
  }

  private static func text(of value: StoredValue) -> String {
    switch value {
    case .null: "null"
    case .integer(let integer): "integer \(integer)"
    case .real(let real): "real \(real.bitPattern)"
    case .text(let text): "text \(text)"
    case .id(let id): "id \(id)"
    }
  }
}
