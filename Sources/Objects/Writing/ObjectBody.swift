import DataModel
import JSON
import QueryLanguage
import Storage
import Wire

/// The fields that a body gives an object, read under a model.
package struct ObjectBody: Sendable {
  /// The value of `id`, where there is one that is not null.
  package var id: ClientValue?
  package var values: [(position: Int, value: StoredValue)] = []
  /// Attachments whose bytes stand in the body; their columns are not among `values`.
  package private(set) var uploads: [InlineUpload] = []
  /// What was said of attachments so far, by position.
  private var attachments: [Int: AttachmentMembers] = [:]

  /// Reads the members of an object in JSON.
  /// - Throws: `ClientFault.value` naming the member.
  package init(_ object: JSONValue, of model: ModelView) throws(ClientFault) {
    values.reserveCapacity(object.count)
    for member in object.members { try add(.json(member.value), as: member.key, of: model) }
    try settleAttachments()
  }

  /// Reads the parts of a form.
  package init(
    _ parts: [(key: String, value: ClientValue)], of model: ModelView
  ) throws(ClientFault) {
    for part in parts { try add(part.value, as: part.key, of: model) }
    try settleAttachments()
  }

  private mutating func add(
    _ value: ClientValue, as key: String, of model: ModelView
  ) throws(ClientFault) {
    switch model.members[key] {
    case .field(let reader, let position): values.append((position, try reader.read(value)))
    case .relationship(let name, let position):
      values.append((position, try Self.relatedID(value, name: name)))
    case .attachment(let field, let position, let isID):
      attachments[position, default: AttachmentMembers(field: field, position: position)].add(value, isID: isID)
    case .id: if !value.isNull { id = value }
    case .ignored: break
    case nil: throw Self.unknown(key, of: model)
    }
  }

  private static func relatedID(_ value: ClientValue, name: String) throws(ClientFault) -> StoredValue {
    if value.isNull { return .null }
    guard let text = value.textual, let id = ObjectID(text) else {
      throw .value("\(name): \(value.shown) is refused: it takes a UUID in lower case, or null.")
    }
    return .id(id)
  }

  /// What an attachment's two names say together is clear only when all is read.
  private mutating func settleAttachments() throws(ClientFault) {
    for members in attachments.values.sorted(by: { $0.position < $1.position }) {
      switch try members.meaning() {
      case .nothing: break
      case .value(let value): values.append((members.position, value))
      case .upload(let upload): uploads.append(upload)
      }
    }
    attachments = [:]
  }

  private static func unknown(_ key: String, of model: ModelView) -> ClientFault {
    let name = CutText.cut(key)
    if model.stored.model.belongsTo(key) != nil {
      return .value("\(name) is a relationship of \(model.name); write \(name)_id with the other object's id.")
    }
    if model.stored.model.hasMany(key) != nil {
      return .value("\(name) is a has-many of \(model.name) and is not written; write the other objects.")
    }
    return .value("\(model.name) has no field \"\(name)\".")
  }

  /// One value for each column; what the body does not name is null. Of a member named twice (which
  /// JSON excludes) the last counts.
  func row(of model: ModelView) -> [StoredValue] {
    var row = [StoredValue](repeating: .null, count: model.stored.columns.count)
    for value in values { row[value.position] = value.value }
    return row
  }
}
