import Storage
import Wire

/// Reads a list and writes its envelope: `objects`, `count`, `total`, `more` (api.md section 6).
struct ListAnswer {
  let model: ModelView
  let query: ListQuery
  let view: DataModelView
  let spoolDirectory: String

  func read(from snapshot: any Snapshot) throws -> ObjectOutcome {
    let limit = query.bounds.limit
    let skip = query.bounds.skip
    var spool = AnswerSpool(directory: spoolDirectory)
    var displays = DisplayWriter(view)
    let renderer = ObjectRenderer(model: model)
    // Without a total, one row further tells whether there is more.
    let plan = ReadPlan(
      model: model.stored, predicate: query.predicate, sort: query.sort, skip: skip,
      limit: query.hasTotal ? limit : limit + 1)
    var count = 0
    var isFurther = false
    spool.writer.append("{\"objects\":[")
    try snapshot.list(plan) { page in
      try displays.load(for: page, of: model, from: snapshot)
      let rows = page.view
      defer { withExtendedLifetime(page) {} }
      for row in 0..<page.count {
        if count == limit {
          isFurther = true
          return
        }
        if count > 0 { spool.writer.append(",") }
        renderer.append(rows, row, displays: &displays, to: &spool.writer)
        count += 1
        try spool.settle()
      }
    }
    spool.writer.append("],\"count\":")
    spool.writer.append(integer: Int64(count))
    if query.hasTotal {
      // A page that is not full and not beyond the end says it all.
      let total =
        count < limit && (count > 0 || skip == 0)
        ? skip + count : try snapshot.count(model.stored, query.predicate)
      spool.writer.append(",\"total\":")
      spool.writer.append(integer: Int64(total))
      isFurther = skip < total && skip + count < total
    }
    spool.writer.append(",\"more\":")
    spool.writer.append(isFurther ? "true" : "false")
    spool.writer.append("}")
    return .answer(try spool.finish(), nextSequence: try snapshot.nextSequence())
  }
}
