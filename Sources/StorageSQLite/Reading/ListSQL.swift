import Storage
import Wire

/// The statement that reads a list.
struct ListSQL {
  let text: String
  let values: [StoredValue]

  /// `places` are those of all objects that match, where they are known. `recent` is the plan's
  /// condition on their time where few objects meet it: then its index is to be used.
  init(_ plan: ReadPlan, among places: [Int64]? = nil, recent: RecentChanges? = nil) {
    let model = plan.model
    let selection = "SELECT \(model.selection(model.columns.indices)) FROM "
    var text: String
    var values: [StoredValue] = []
    if plan.predicate == .always, places == nil {
      text = selection + model.table
    } else {
      let predicate = PredicateSQL(plan.predicate, on: model)
      let recent = predicate.with.isEmpty ? recent : nil
      let index = recent == nil ? "" : " NOT INDEXED"
      text = "\(predicate.with)\(selection)\(predicate.source)\(index) WHERE (\(predicate.condition))"
      values = predicate.values
      if let recent {
        text += " AND \(recent.condition)"
        values.append(recent.time)
      }
      if let places {
        text += " AND \(Self.amongPlaces)"
        values.append(Self.value(of: places))
      }
    }
    let keys = plan.order.map { model.columnName($0.column) + ($0.descending ? " DESC" : "") }
    text += " ORDER BY \(keys.joined(separator: ", ")) LIMIT ? OFFSET ?"
    values.append(.integer(Int64(plan.limit)))
    values.append(.integer(Int64(plan.skip)))
    self.text = text
    self.values = values
  }

  /// The condition that an object stands at one of the places in the JSON array that is bound to it.
  static let amongPlaces = "n IN (SELECT value FROM json_each(?))"

  static func value(of places: [Int64]) -> StoredValue {
    var writer = ByteWriter(capacity: 16 + places.count * 8)
    for place in places {
      writer.append(writer.count == 0 ? "[" : ",")
      writer.append(integer: place)
    }
    writer.append(writer.count == 0 ? "[]" : "]")
    return .text(writer.string)
  }
}
