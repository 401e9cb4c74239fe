import Storage

/// How models and columns are called in the file: by their stable numbers, so that no rename and no
/// word of a data model ever reaches SQL.
extension StoredModel {
  var table: String { "m\(number)" }

  /// `id, updated_at, n, sequence` and then the values of these columns, as reads see them.
  func selection(_ positions: some Sequence<Int>) -> String {
    var text = ""
    append(selection: positions, to: &text)
    return text
  }

  func append(selection positions: some Sequence<Int>, to text: inout String) {
    text += Self.leading
    for position in positions {
      text += ", "
      text += columns[position].value
    }
  }

  /// `id, updated_at, n, sequence`.
  static let leading = "id, updated_at, n, sequence"

  /// What a reference reads as; not to be written to.
  func columnName(_ reference: ColumnReference) -> String {
    switch reference {
    case .id: "id"
    case .updatedAt: "updated_at"
    case .natural: "n"
    case .column(let position): columns[position].value
    case .presence(let position): "(\(columns[position].value) IS NOT NULL)"
    }
  }
}

extension StoredColumn {
  /// The column that is written.
  var ownName: String { "c\(number)" }

  /// The earlier columns whose values read as something.
  var converted: [(number: Int, conversion: ValueConversion)] {
    earlier.compactMap { column in column.conversion.map { (column.number, $0) } }
  }

  /// What reads see: the column, and where the field has had other types whose values convert, what their
  /// columns give when it is null itself. Indexes are built on the very same text.
  var value: String {
    if earlier.isEmpty { return ownName }
    let converted = converted.map { "\($0.conversion.functionName)(c\($0.number))" }
    return converted.isEmpty ? ownName : "coalesce(\(ownName), \(converted.joined(separator: ", ")))"
  }
}
