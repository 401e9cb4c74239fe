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
    // A unique column decides everything; what stands behind it would only keep indexes from serving.
    var keys: [String] = []
    var isTotal = false
    for key in plan.sort where !isTotal {
      keys.append(model.columnName(key.column) + (key.descending ? " DESC" : ""))
      isTotal = key.column == .natural || key.column == .id
    }
    if !isTotal { keys.append(plan.sort.last?.descending == true ? "n DESC" : "n") }
    text += " ORDER BY \(keys.joined(separator: ", ")) LIMIT ? OFFSET ?"
    values.append(.integer(Int64(plan.limit)))
    values.append(.integer(Int64(plan.skip)))
    self.text = text
    self.values = values
  }
}
