import Storage

extension StoredModel {
  /// The same model for a snapshot of a later data model: where a field has another type by then, what was
  /// written under that type is one more column to read.
  func reading(_ layout: TableLayout, ofVersion version: Int) -> StoredModel {
    let columns = columns.map { column in
      guard case .field(let field) = column.source else { return column }
      return StoredColumn(
        number: column.number, source: column.source, earlier: layout.earlier(than: column.number, of: field))
    }
    return StoredModel(
      number: number, model: model, columns: columns, version: binding.version, columnsOf: version)
  }
}
