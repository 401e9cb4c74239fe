import Storage

/// How models and columns are called in the file: by their stable numbers, so that no rename and no
/// word of a data model ever reaches SQL.
extension StoredModel {
  var table: String { "m\(number)" }

  /// `id, updated_at, n, sequence` and then these columns.
  func selection(_ positions: some Sequence<Int>) -> String {
    positions.reduce(into: "id, updated_at, n, sequence") { $0 += ", c\(columns[$1].number)" }
  }

  func columnName(_ reference: ColumnReference) -> String {
    switch reference {
    case .id: "id"
    case .updatedAt: "updated_at"
    case .natural: "n"
    case .column(let position): "c\(columns[position].number)"
    }
  }
}
