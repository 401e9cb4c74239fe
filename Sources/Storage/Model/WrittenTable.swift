import DataModel

/// A model's columns as its writer needs them: those that the plan's data model knows, and beside them all
/// others that the table has by now. A plan may have been made under an older data model than the one in
/// force; it is the table that says which columns there are.
package final class WrittenTable: Sendable {
  /// A column of the same field under another type.
  package struct Other: Sendable {
    /// Its index in `hidden`.
    package let index: Int
    package let conversion: ValueConversion?
  }

  package let model: StoredModel
  /// Columns that the plan's data model does not show.
  package let hidden: [TableLayout.Column]
  /// By position in the model's columns; empty where no column is hidden.
  private let others: [[Other]]
  /// The positions of attachments among the model's columns.
  package let attachments: [Int]
  /// Their indexes in `hidden`.
  package let hiddenAttachments: [Int]

  package init(_ model: StoredModel, layout: TableLayout) {
    self.model = model
    let own = Set(model.columns.map(\.number))
    let hidden = layout.columns.filter { !own.contains($0.number) }
    self.hidden = hidden
    attachments = model.columns.indices.filter { FieldType.isAttachment(model.columns[$0].storedType) }
    hiddenAttachments = hidden.indices.filter { FieldType.isAttachment(hidden[$0].storedType) }
    guard !hidden.isEmpty else {
      others = []
      return
    }
    var indexes: [Int: Int] = [:]
    for (index, column) in hidden.enumerated() { indexes[column.number] = index }
    others = model.columns.map { column in
      guard case .field(let field) = column.source else { return [] }
      return layout.earlier(than: column.number, of: field).compactMap { earlier in
        indexes[earlier.number].map { Other(index: $0, conversion: earlier.conversion) }
      }
    }
  }

  /// Whether its objects link attachments.
  package var links: Bool { !(attachments.isEmpty && hiddenAttachments.isEmpty) }

  package func others(at position: Int) -> [Other] { others.isEmpty ? [] : others[position] }

  /// What reads see of a row.
  package func values(_ own: [StoredValue], _ hidden: [StoredValue]) -> [StoredValue] {
    guard !hidden.isEmpty else { return own }
    var values = own
    for position in own.indices where own[position].isNull {
      for other in others[position] where !hidden[other.index].isNull {
        values[position] = other.conversion?.value(hidden[other.index]) ?? .null
        if !values[position].isNull { break }
      }
    }
    return values
  }

  /// Whether another type's column holds a value for this field.
  package func holdsOther(at position: Int, in hidden: [StoredValue]) -> Bool {
    !others.isEmpty && others[position].contains { !hidden[$0.index].isNull }
  }
}
