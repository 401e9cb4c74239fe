import Attachments
import QueryLanguage
import Storage
import Synchronization
import Wire

/// Reads a list and hands its objects to a sink, with what stands around them (api.md section 6) and the cursor where
/// there is more (section 13 «Cursor»).
struct ListAnswer<Sink: ObjectSink>: Sendable where Sink.End == ListEnd {
  let model: ModelView
  let query: ListQuery
  let view: DataModelView
  let spoolFolder: SpoolFolder
  let links: AttachmentLinks
  let sink: Sink

  /// How far it has come.
  private struct Progress {
    var count = 0
    var isFurther = false
    /// Behind the last object that belongs to the answer.
    var next: ListCursor?
  }

  func read(from snapshot: any Snapshot) throws -> ReadAnswer {
    // One row further tells whether there is more.
    var plan = query.plan
    plan.skip = query.bounds.skip
    plan.limit = query.bounds.limit + 1
    let versioned = view.touched(by: model, including: query.includes)
    let want = ListWant(
      plan, after: try query.cursor?.position(in: plan, from: snapshot), hasTotal: query.hasTotal,
      versioned: versioned.map { view.models[$0].stored })
    var spool = AnswerSpool(spoolFolder, expected: expectedBytes)
    var progress = Progress()
    sink.open(&spool.writer)
    let list =
      query.includes.isEmpty
      ? try plain(want, versioned, &progress, to: &spool, from: snapshot)
      : try embedding(want, versioned, &progress, to: &spool, from: snapshot)
    if progress.count > 0 { model.objectBytes.store(spool.length / progress.count, ordering: .relaxed) }
    let end = ListEnd(
      count: progress.count, total: list.total, hasMore: progress.isFurther,
      next: progress.isFurther ? progress.next?.text : nil)
    sink.close(end, &spool.writer)
    return ReadAnswer(answer: try spool.finish(), nextSequence: list.nextSequence, next: end.next)
  }

  private func plain(
    _ want: ListWant, _ versioned: [Int], _ progress: inout Progress, to spool: inout AnswerSpool,
    from snapshot: any Snapshot
  ) throws -> ReadList {
    var displays = DisplayWriter(view, links)
    var gaps: [EmbeddingGap] = []
    return try snapshot.list(want) { page, versions in
      let rows = begin(page, &progress)
      if rows == 0 { return }
      displays.take(versions, of: versioned)
      try displays.load(for: page, of: model, from: snapshot)
      var object = ObjectRow(page, of: model, including: .none, displays)
      for row in 0..<rows {
        if progress.count + row > 0 { spool.writer.append(sink.separator) }
        object.move(to: row, &displays)
        sink.append(object, to: &spool.writer, gaps: &gaps)
        try spool.settle()
      }
      end(page, rows, want.plan, &progress)
    }
  }

  private func embedding(
    _ want: ListWant, _ versioned: [Int], _ progress: inout Progress, to spool: inout AnswerSpool,
    from snapshot: any Snapshot
  ) throws -> ReadList {
    var displays = DisplayWriter(view, links)
    var embedded = EmbeddedObjects(query.includes, of: model, to: sink, spool: spoolFolder)
    return try snapshot.list(want) { page, versions in
      let rows = begin(page, &progress)
      if rows == 0 { return }
      displays.take(versions, of: versioned)
      try embedded.load(for: page, count: rows, displays: &displays, from: snapshot)
      var object = ObjectRow(page, of: model, including: query.includes, displays)
      for row in 0..<rows {
        if progress.count + row > 0 { spool.writer.append(sink.separator) }
        object.move(to: row, &displays)
        try embedded.append(object, to: &spool)
      }
      end(page, rows, want.plan, &progress)
    }
  }

  /// How many of a page's rows belong to the answer.
  private func begin(_ page: RowPage, _ progress: inout Progress) -> Int {
    let left = query.bounds.limit - progress.count
    assert(left >= 0, "more objects than were asked for")
    if page.count > left { progress.isFurther = true }
    return min(page.count, left)
  }

  /// Notes that so many of a page's rows are in the answer.
  private func end(_ page: RowPage, _ rows: Int, _ plan: ReadPlan, _ progress: inout Progress) {
    progress.count += rows
    guard progress.count == query.bounds.limit else { return }
    let last = rows - 1
    progress.next = ListCursor(
      after: ListPosition(of: last, in: page, order: query.plan.order),
      sequence: page.integer(last, RowPage.Lead.sequence), row: page.integer(last, RowPage.Lead.row), in: plan)
  }

  /// What lists of this model took lately, and some more. A list that may be long is not taken for one that is.
  private var expectedBytes: Int {
    let bytes = model.objectBytes.load(ordering: .relaxed)
    return min(query.bounds.limit, 128) * min(bytes + bytes / 16, 4096) + 512
  }
}
