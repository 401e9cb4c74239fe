import DataModel

/// All columns that a model's table has, also those that no deployed data model shows: of removed fields,
/// and of types that a field has had.
package struct TableLayout: Sendable {
  package struct Column: Sendable {
    package let number: Int
    /// The name in the data model.
    package let name: String
    /// As `StoredColumn.storedType`.
    package let storedType: String
    /// As `StoredColumn.heldPasswords`.
    package let heldPasswords: Bool

    package init(number: Int, name: String, storedType: String, heldPasswords: Bool) {
      self.number = number
      self.name = name
      self.storedType = storedType
      self.heldPasswords = heldPasswords
    }
  }

  package let columns: [Column]
  private let byName: [String: [Column]]

  package init(columns: [Column]) {
    self.columns = columns
    byName = Dictionary(grouping: columns, by: \.name)
  }

  /// The columns that a field has under other types, the latest first. A field and a relationship of one
  /// name are two things: neither holds values of the other.
  package func earlier(than number: Int, of field: Field) -> [EarlierColumn] {
    let named = byName[field.name] ?? []
    return named.reversed().compactMap { column in
      guard column.number != number, let type = FieldType(rawValue: column.storedType) else { return nil }
      return EarlierColumn(
        number: column.number, type: type, now: field.type, heldPasswords: column.heldPasswords)
    }
  }

  /// The fields and relationships of a model that have no column here.
  package func missing(for model: Model) -> [StoredColumn.Source] {
    let known = Set(columns.map(ColumnKey.init))
    return StoredColumn.Source.all(of: model).filter { !known.contains(ColumnKey($0)) }
  }

  /// The model with its columns, all of which must be here.
  package func bind(_ model: Model, number: Int, version: Int) throws -> StoredModel {
    var known: [ColumnKey: Column] = [:]
    for column in columns { known[ColumnKey(column)] = column }
    let bound = try StoredColumn.Source.all(of: model).map { source in
      guard let column = known[ColumnKey(source)] else {
        throw StorageError.broken("the column \(source.name) of \(model.name) was not made")
      }
      guard case .field(let field) = source else { return StoredColumn(number: column.number, source: source) }
      return StoredColumn(
        number: column.number, source: source, earlier: earlier(than: column.number, of: field),
        heldPasswords: column.heldPasswords)
    }
    return StoredModel(number: number, model: model, columns: bound, version: version)
  }

  /// What finds a column: what is declared again with the same type finds its values.
  private struct ColumnKey: Hashable {
    let name: String
    let type: String

    init(_ source: StoredColumn.Source) {
      name = source.name
      type = StoredColumn.storedType(of: source)
    }

    init(_ column: Column) {
      name = column.name
      type = column.storedType
    }
  }
}

extension StoredColumn.Source {
  /// Whether it is declared `text:password`.
  package var isPassword: Bool {
    if case .field(let field) = self { field.subtype == .password } else { false }
  }

  /// Fields first, then relationships, each in the model's order.
  package static func all(of model: Model) -> [Self] {
    model.fields.map(Self.field) + model.belongsTo.map(Self.belongsTo)
  }

  package var name: String {
    switch self {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.name
    }
  }
}
