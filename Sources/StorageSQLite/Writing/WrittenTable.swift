import Storage

/// A model's columns as its writer needs them: those that the plan's data model knows, and beside them all
/// others that the table has: those of fields that were removed, or had another type.
struct WrittenTable {
  /// A column of the same field under another type.
  struct Other {
    /// Its place in `hidden`.
    let place: Int
    let conversion: ValueConversion?
  }

  let model: StoredModel
  /// Columns that the plan's data model does not show.
  let hidden: [TableLayout.Column]
  /// By position in the model's columns; empty where no column is hidden.
  private let others: [[Other]]

  init(_ model: StoredModel, layout: TableLayout) {
    self.model = model
    let own = Set(model.columns.map(\.number))
    let hidden = layout.columns.filter { !own.contains($0.number) }
    self.hidden = hidden
    guard !hidden.isEmpty else {
      others = []
      return
    }
    var places: [Int: Int] = [:]
    for (place, column) in hidden.enumerated() { places[column.number] = place }
    others = model.columns.map { column in
      guard case .field(let field) = column.source else { return [] }
      return layout.earlier(than: column.number, of: field).compactMap { earlier in
        places[earlier.number].map { Other(place: $0, conversion: earlier.conversion) }
      }
    }
  }

  func others(at position: Int) -> [Other] { others.isEmpty ? [] : others[position] }

  /// All columns by themselves, for writing and for what the oplog keeps.
  var selection: String {
    hidden.reduce(into: ownSelection) { $0 += ", c\($1.number)" }
  }

  var ownSelection: String {
    model.columns.reduce(into: StoredModel.leading) { $0 += ", \($1.ownName)" }
  }

  /// What reads see of a row.
  func values(_ own: [StoredValue], _ hidden: [StoredValue]) -> [StoredValue] {
    guard !hidden.isEmpty else { return own }
    var values = own
    for position in own.indices where own[position].isNull {
      for other in others[position] where !hidden[other.place].isNull {
        values[position] = other.conversion?.value(hidden[other.place]) ?? .null
        if !values[position].isNull { break }
      }
    }
    return values
  }

  /// Whether another type's column holds a value for this field.
  func holdsOther(at position: Int, in hidden: [StoredValue]) -> Bool {
    !others.isEmpty && others[position].contains { !hidden[$0.place].isNull }
  }
}
