import Storage

/// What a statement selects of a model's rows, and how a page is made of it: the leading columns, then the values of
/// these columns as reads see them.
struct RowSelection {
  /// What stands behind `SELECT`.
  let sql: String
  let types: [ColumnType]
  private let reads: [ColumnRead]
  /// Whether SQL gives all values as they are.
  private let isPlain: Bool

  init(_ model: StoredModel, columns: some Sequence<Int>) {
    var sql = ColumnSQL.leading
    var types: [ColumnType] = []
    var reads: [ColumnRead] = []
    var isPlain = true
    for position in columns {
      let column = model.columns[position]
      types.append(column.type)
      reads.append(column.read)
      switch column.read {
      case .sql(let text): sql += ", \(text)"
      case .decided(let parts):
        isPlain = false
        for part in parts { sql += ", c\(part.number)" }
      }
    }
    self.sql = sql
    self.types = types
    self.reads = reads
    self.isPlain = isPlain
  }

  /// Appends a row of the statement to a page.
  func append(_ row: PostgresRow, to page: inout RowFiller) throws(StorageError) {
    if isPlain { return try row.append(to: &page, types: types) }
    page.append(id: try row.id(0))
    for index in 1..<RowPage.Lead.count { page.append(integer: try row.integer(index)) }
    var index = RowPage.Lead.count
    for (read, type) in zip(reads, types) {
      switch read {
      case .sql:
        page.append(try row.value(index, as: type))
        index += 1
      case .decided(let parts):
        page.append(try Self.value(of: parts, at: index, in: row))
        index += parts.count
      }
    }
  }

  static func value(
    of parts: [(number: Int, type: ColumnType, conversion: ValueConversion?)], at index: Int, in row: PostgresRow
  ) throws(StorageError) -> StoredValue {
    for (offset, part) in parts.enumerated() {
      let stored = try row.value(index + offset, as: part.type)
      let value = stored.isNull ? stored : part.conversion?.value(stored) ?? stored
      if !value.isNull { return value }
    }
    return .null
  }
}
