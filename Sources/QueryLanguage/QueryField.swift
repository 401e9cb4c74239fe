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
    guard let found = Self.find(name, of: model, in: language) else { throw Self.unknown(name, in: model) }
    self = found
  }

  /// The same; nil where there is none.
  static func find(_ name: String, of model: StoredModel, in language: FilterLanguage) -> QueryField? {
    switch name {
    case "id", "_id": return .id
    case "_updated_at", "updated_at": return .updatedAt
    case "_type": return .type
    case "type" where language.underscoreIsOptional: return .type
    default:
      guard let position = model.position(of: name) ?? position(ofIDName: name, in: model) else { return nil }
      switch model.columns[position].source {
      case .field(let field): return .field(field, position)
      case .belongsTo: return .relationship(position)
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

  /// What a list is sorted by: where values have no order, whether there is one. Nil for `_type`.
  package var sortColumn: ColumnReference? {
    if case .field(let field, let position) = self, !field.type.isIndexable { return .presence(position) }
    return column
  }
}
