import DataModel
import QueryLanguage
import Storage
import Wire

/// What a body says of one attachment field, under its two names: `{field}` and `{field}_id` (api.md
/// section 10).
struct AttachmentMembers {
  let field: Field
  /// Of the field's column.
  let position: Int
  private var content: ClientValue?
  private var id: ClientValue?

  init(field: Field, position: Int) {
    self.field = field
    self.position = position
  }

  mutating func add(_ value: ClientValue, isID: Bool) {
    if isID { id = value } else { content = value }
  }

  enum Meaning {
    case nothing
    case value(StoredValue)
    case upload(InlineUpload)
  }

  /// - Throws: `ClientFault.value` naming the field.
  func meaning() throws(ClientFault) -> Meaning {
    if let content, !content.isNull {
      if let base64 = content["base64"] {
        if let id, !id.isNull {
          throw .value(
            "\(field.name): it comes with base64, and \(field.name)_id with \(id.shown); send one of the two.")
        }
        return .upload(try InlineUpload(content, base64: base64, for: field, at: position))
      }
      // As it was read, with its state: it brings no bytes.
      guard content["state"] != nil else {
        throw .value(
          "\(field.name): \(content.shown) is refused: it takes {\"base64\": …, \"filename\": …} or null; an attachment "
            + "that is there already is linked by \(field.name)_id.")
      }
    }
    if let id { return .value(try linked(id)) }
    if let content, content.isNull { return .value(.null) }
    return .nothing
  }

  private func linked(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    if value.isNull { return .null }
    guard let text = value.textual, let id = ObjectID(text) else {
      throw .value("\(field.name)_id: \(value.shown) is refused: it takes a UUID in lower case, or null.")
    }
    return .id(id)
  }
}
