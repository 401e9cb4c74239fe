import DataModel
import Storage
import Wire

/// A name in a filter, a sort or an expression, resolved.
package enum QueryField: Sendable {
  case id
  case updatedAt
  case type
  case natural
  /// A field of the model at this position of its columns.
  case field(Field, Int)
  /// A belongs-to at this position: its id.
  case relationship(Int)

  /// Resolves a name (api.md section 13). The hidden names have an underscore; `updated_at` may go
  /// without, and in expressions so may `type`, which no field is called.
  /// - Throws: `ClientFault.request` naming the field.
  package init(_ name: String, of model: StoredModel, in language: FilterLanguage) throws(ClientFault) {
    switch name {
    case "id", "_id": self = .id
    case "_updated_at", "updated_at": self = .updatedAt
    case "_type": self = .type
    case "type" where language.underscoreIsOptional: self = .type
    default:
      let position = model.position(of: name) ?? Self.position(ofIDName: name, in: model)
      guard let position else { throw Self.unknown(name, in: model) }
      switch model.columns[position].source {
      case .field(let field): self = .field(field, position)
      case .belongsTo: self = .relationship(position)
      }
    }
  }

  private static func position(ofIDName name: String, in model: StoredModel) -> Int? {
    guard name.hasSuffix("_id"), let position = model.position(of: String(name.dropLast(3))) else {
      return nil
    }
    switch model.columns[position].source {
    case .belongsTo: return position
    case .field(let field): return field.type.isAttachment ? position : nil
    }
  }

  private static func unknown(_ name: String, in model: StoredModel) -> ClientFault {
    if model.model.hasMany(name) != nil {
      return .request(
        "\(name) is a has-many of \(model.name) and cannot be queried; query the other model instead.")
    }
    return .request("\(model.name) has no field \"\(CutText.cut(name))\".")
  }

  /// The column to compare; nil for `_type`, which is the same for all.
  package var column: ColumnReference? {
    switch self {
    case .id: .id
    case .updatedAt: .updatedAt
    case .natural: .natural
    case .type: nil
    case .field(_, let position), .relationship(let position): .column(position)
    }
  }

  /// Whether it has an order to sort by.
  package var isSortable: Bool {
    switch self {
    case .id, .updatedAt, .natural, .relationship, .type: true
    case .field(let field, _): field.type.isIndexable
    }
  }
}
