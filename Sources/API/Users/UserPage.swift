import Deployments
import Objects
import QueryLanguage
import Storage
import Wire

/// A page of the list of app users, in order of creation and in the envelope of lists.
struct UserPage: Sendable {
  let model: StoredModel
  let bounds: PageBounds
  let users: AppUsers

  /// Two calls of the snapshot as long as the objects fit into one page of it: the list with its total, and what is
  /// known of these users.
  func read(from snapshot: any Snapshot, on folder: SpoolFolder) throws -> RenderedAnswer {
    var spool = AnswerSpool(folder)
    ListEnvelope.open(&spool.writer)
    var count = 0
    let plan = ReadPlan(model: model, skip: bounds.skip, limit: bounds.limit)
    // Whether there is more follows from the total, also where it is not told.
    let want = ListWant(plan, after: nil, hasTotal: true, versioned: [])
    let list = try snapshot.list(want) { page, _ in
      let ids = (0..<page.count).map { page.id($0, RowPage.Lead.id) }
      let records = try snapshot.users(ids)
      for id in ids {
        if count > 0 { spool.writer.append(",") }
        UserText.append(users.completed(records[id] ?? UserRecord(id: id)), to: &spool.writer)
        count += 1
        try spool.settle()
      }
    }
    let total = list.total ?? 0
    let (end, overflow) = bounds.skip.addingReportingOverflow(count)
    ListEnvelope.close(
      ListEnd(count: count, total: bounds.total == false ? nil : total, hasMore: !overflow && end < total),
      &spool.writer)
    return try spool.finish()
  }
}
