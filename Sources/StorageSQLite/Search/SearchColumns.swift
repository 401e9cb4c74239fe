import Storage
import Wire

/// The columns of a model whose printed values the index holds, and how they are read.
struct SearchColumns {
  /// In the model's order.
  let columns: [(position: Int, form: PrintedForm)]
  /// One word for each column that says all that its printed values depend on: two bindings of a model with
  /// the same word read the same from the same row.
  let words: Set<String>

  init(_ model: StoredModel) {
    columns = model.columns.enumerated().compactMap { position, column in
      if case .printed(let form) = column.searched { (position, form) } else { nil }
    }
    words = Set(columns.map { Self.word($0.form, model.columnName(.column($0.position))) })
  }

  /// The columns that `words` does not have, as SQL expressions.
  func missing(in words: Set<String>, of model: StoredModel) -> [String] {
    columns.compactMap { column in
      let name = model.columnName(.column(column.position))
      return words.contains(Self.word(column.form, name)) ? nil : name
    }
  }

  private static func word(_ form: PrintedForm, _ column: String) -> String { "\(form.rawValue):\(column)" }

  /// What the index holds of the object in this row: everything that it prints, folded, a line each.
  /// `slots` says where the page has each of the columns. Nil where it is longer than `most` bytes.
  func text(of page: RowPage, _ row: Int, slots: [Int], most: Int) -> String? {
    let view = page.view
    defer { withExtendedLifetime(page) {} }
    var writer = ByteWriter(capacity: 512)
    writer.append(id: view.id(row, RowPage.Lead.id))
    for (column, slot) in zip(columns, slots) {
      writer.append("\n")
      switch view.kind(row, slot) {
      case .null: break
      case .integer: column.form.append(integer: view.integer(row, slot), to: &writer)
      case .real: writer.append(number: view.real(row, slot))
      case .id: writer.append(id: view.id(row, slot))
      case .text: writer.append(view.text(row, slot))
      }
      if writer.count > most { return nil }
    }
    return CaseFolding.folded(writer.string)
  }
}
