import Storage

/// The statement that reads a list.
struct ListSQL {
  let text: String
  let values: [StoredValue]

  init(_ plan: ReadPlan) {
    let model = plan.model
    let selection = "SELECT \(model.selection(model.columns.indices)) FROM "
    var text: String
    var values: [StoredValue] = []
    if plan.predicate == .always {
      text = selection + model.table
    } else {
      let predicate = PredicateSQL(plan.predicate, on: model)
      text = "\(predicate.with)\(selection)\(predicate.source) WHERE \(predicate.condition)"
      values = predicate.values
    }
    let keys = plan.order.map { model.columnName($0.column) + ($0.descending ? " DESC" : "") }
    text += " ORDER BY \(keys.joined(separator: ", ")) LIMIT ? OFFSET ?"
    values.append(.integer(Int64(plan.limit)))
    values.append(.integer(Int64(plan.skip)))
    self.text = text
    self.values = values
  }
}
