import DataModel
import Storage

/// All columns that a model's table has, also those that no deployed data model shows: of removed fields,
/// and of types that a field has had.
struct TableLayout {
  struct Column {
    let number: Int
    /// The name in the data model.
    let name: String
    /// As `StoredColumn.storedType`.
    let storedType: String
  }

  let columns: [Column]
  private let byName: [String: [Column]]

  /// As the file has it now.
  init(ofModel number: Int, on connection: Connection) throws {
    let statement = try connection.statement("SELECT number, name, type FROM columns WHERE model = ? ORDER BY number")
    statement.bind(1, integer: Int64(number))
    defer { statement.reset() }
    var columns: [Column] = []
    while try statement.step() {
      columns.append(
        Column(number: Int(statement.integer(0)), name: statement.text(1), storedType: statement.text(2)))
    }
    self.init(columns: columns)
  }

  init(columns: [Column]) {
    self.columns = columns
    byName = Dictionary(grouping: columns, by: \.name)
  }

  /// The columns that a field has under other types, the latest first. A field and a relationship of one
  /// name are two things: neither holds values of the other.
  func earlier(than number: Int, of field: Field) -> [EarlierColumn] {
    let named = byName[field.name] ?? []
    return named.reversed().compactMap { column in
      guard column.number != number, let type = FieldType(rawValue: column.storedType) else { return nil }
      return EarlierColumn(number: column.number, type: type, now: field.type)
    }
  }

  /// The fields and relationships of a model that have no column here.
  func missing(for model: Model) -> [StoredColumn.Source] {
    let known = Set(columns.map(ColumnKey.init))
    return StoredColumn.Source.all(of: model).filter { !known.contains(ColumnKey($0)) }
  }

  /// The model with its columns, all of which must be here.
  func bind(_ model: Model, number: Int, version: Int) throws -> StoredModel {
    var numbers: [ColumnKey: Int] = [:]
    for column in columns { numbers[ColumnKey(column)] = column.number }
    let bound = try StoredColumn.Source.all(of: model).map { source in
      guard let number = numbers[ColumnKey(source)] else {
        throw StorageError.broken("the column \(source.name) of \(model.name) was not made")
      }
      guard case .field(let field) = source else { return StoredColumn(number: number, source: source) }
      return StoredColumn(number: number, source: source, earlier: earlier(than: number, of: field))
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
  /// Fields first, then relationships, each in the model's order.
  static func all(of model: Model) -> [Self] {
    model.fields.map(Self.field) + model.belongsTo.map(Self.belongsTo)
  }

  var name: String {
    switch self {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.name
    }
  }
}
