import Storage
import Wire

/// The statement that reads a list.
struct ListSQL {
  let text: String
  let values: [StoredValue]

  /// `rowNumbers` are those of all objects that match, where they are known. `recent` is the plan's
  /// condition on their time where few objects meet it: then its index is to be used. Where it `counts`, each row that it
  /// comes by is noted by the connection.
  init(_ plan: ReadPlan, among rowNumbers: [Int64]? = nil, recent: RecentChanges? = nil, counts: Bool = false) {
    let model = plan.model
    var text = ""
    // The statement is looked up by its text: making that takes one block of memory.
    text.reserveCapacity(256 + 12 * model.columns.count)
    var values: [StoredValue] = []
    if plan.predicate == .always, rowNumbers == nil {
      Self.begin(&text, on: model)
      text += model.table
      if counts { text += " WHERE examined(n)" }
    } else {
      let predicate = PredicateSQL(plan.predicate, on: model)
      let recent = predicate.with.isEmpty ? recent : nil
      text += predicate.with
      Self.begin(&text, on: model)
      text += predicate.source
      if recent != nil { text += " NOT INDEXED" }
      text += counts ? " WHERE examined(n) AND (" : " WHERE ("
      text += predicate.condition
      text += ")"
      values = predicate.values
      if let recent {
        text += " AND \(recent.condition)"
        values.append(recent.time)
      }
      if let rowNumbers {
        text += " AND \(Self.amongRows)"
        values.append(Self.value(of: rowNumbers))
      }
    }
    text += " ORDER BY "
    for (index, key) in plan.order.enumerated() {
      if index > 0 { text += ", " }
      text += model.columnName(key.column)
      if key.descending { text += " DESC" }
    }
    text += " LIMIT ? OFFSET ?"
    values.append(.integer(Int64(plan.limit)))
    values.append(.integer(Int64(plan.skip)))
    self.text = text
    self.values = values
  }

  private static func begin(_ text: inout String, on model: StoredModel) {
    text += "SELECT "
    model.append(selection: model.columns.indices, to: &text)
    text += " FROM "
  }

  /// The condition that an object has one of the row numbers in the JSON array that is bound to it.
  static let amongRows = "n IN (SELECT value FROM json_each(?))"

  static func value(of rowNumbers: [Int64]) -> StoredValue {
    var writer = ByteWriter(capacity: 16 + rowNumbers.count * 8)
    for row in rowNumbers {
      writer.append(writer.count == 0 ? "[" : ",")
      writer.append(integer: row)
    }
    writer.append(writer.count == 0 ? "[]" : "]")
    return .text(writer.string)
  }
}
