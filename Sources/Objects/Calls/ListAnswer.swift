import Attachments
import QueryLanguage
import Storage
import Synchronization
import Wire

/// Reads a list and writes its envelope: `objects`, `count`, `total`, `more` (api.md section 6), and
/// `next` where there is more (section 13 «Cursor»).
struct ListAnswer {
  let model: ModelView
  let query: ListQuery
  let view: DataModelView
  let spoolPlace: SpoolPlace
  let links: AttachmentLinks

  func read(from snapshot: any Snapshot) throws -> ObjectOutcome {
    let limit = query.bounds.limit
    let order = query.plan.order
    var spool = AnswerSpool(spoolPlace, expected: expectedBytes)
    var displays = DisplayWriter(view, links)
    let renderer = ObjectRenderer(model: model)
    let embeds = !query.includes.isEmpty
    var embedded = EmbeddedObjects(query.includes, of: model, spool: spoolPlace)
    // One row further tells whether there is more.
    var plan = query.plan
    plan.skip = query.bounds.skip
    plan.limit = limit + 1
    let start = try query.cursor?.position(in: plan, from: snapshot)
    var count = 0
    var isFurther = false
    var next: ListCursor?
    spool.writer.append("{\"objects\":[")
    try snapshot.list(plan, after: start) { page in
      if count == limit {
        isFurther = true
        return
      }
      if embeds { try embedded.load(for: page, count: limit - count, displays: &displays, from: snapshot) }
      try displays.load(for: page, of: model, from: snapshot)
      let rows = page.view
      defer { withExtendedLifetime(page) {} }
      for row in 0..<page.count {
        if count == limit {
          isFurther = true
          return
        }
        if count > 0 { spool.writer.append(",") }
        if embeds {
          try embedded.append(rows, row, displays: &displays, to: &spool)
        } else {
          renderer.append(rows, row, displays: &displays, to: &spool.writer)
        }
        count += 1
        if count == limit {
          next = ListCursor(
            after: ListPosition(of: row, in: page, order: order),
            sequence: page.integer(row, RowPage.Lead.sequence), row: page.integer(row, RowPage.Lead.row), in: plan)
        }
        try spool.settle()
      }
    }
    if count > 0 { model.objectBytes.store(spool.length / count, ordering: .relaxed) }
    spool.writer.append("],\"count\":")
    spool.writer.append(integer: Int64(count))
    if query.hasTotal {
      spool.writer.append(",\"total\":")
      spool.writer.append(integer: Int64(try total(behind: count, isFurther: isFurther, from: snapshot)))
    }
    spool.writer.append(",\"more\":")
    spool.writer.append(isFurther ? "true" : "false")
    let cursor = isFurther ? next?.text : nil
    if let cursor {
      spool.writer.append(",\"next\":")
      spool.writer.append(quoted: cursor)
    }
    spool.writer.append("}")
    return .page(try spool.finish(), nextSequence: try snapshot.nextSequence(), next: cursor)
  }

  /// What lists of this model took lately, and some more. A list that may be long is not taken for one that is.
  private var expectedBytes: Int {
    let bytes = model.objectBytes.load(ordering: .relaxed)
    return min(query.bounds.limit, 128) * min(bytes + bytes / 16, 4096) + 512
  }

  /// How many objects match.
  private func total(behind count: Int, isFurther: Bool, from snapshot: any Snapshot) throws -> Int {
    let skip = query.bounds.skip
    // A page at the end, and not beyond it, says it all.
    if query.cursor == nil, !isFurther, count > 0 || skip == 0 { return skip + count }
    return try snapshot.count(model.stored, query.plan.predicate)
  }
}
