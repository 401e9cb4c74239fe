import DataModel
import QueryLanguage
import Storage

/// What a member of an object in a request's body is.
enum BodyMember: Sendable {
  /// A field's value, by position of its column.
  case field(FieldValue, Int)
  /// `{relationship}_id`.
  case relationship(String, Int)
  /// `{attachment}` or `{attachment}_id`, by position of the field's column.
  case attachment(Field, Int, isID: Bool)
  case id
  /// `type`, `updated_at`, `display`: clients send back what they read.
  case ignored

  static func all(of model: StoredModel) -> [String: BodyMember] {
    var members: [String: BodyMember] = ["id": .id, "type": .ignored, "updated_at": .ignored, "display": .ignored]
    for (position, column) in model.columns.enumerated() {
      switch column.source {
      case .field(let field):
        if let idName = field.idName {
          members[field.name] = .attachment(field, position, isID: false)
          members[idName] = .attachment(field, position, isID: true)
        } else {
          members[field.name] = .field(
            FieldValue(name: field.name, field: field, purpose: .writing), position)
        }
      case .belongsTo(let relationship):
        members[relationship.idName] = .relationship(relationship.idName, position)
      }
    }
    return members
  }
}
