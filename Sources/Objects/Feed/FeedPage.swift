import Attachments
import DataModel
import Storage
import Wire

/// Reads one page of the feed and writes it: `entries`, `has_more`, `next_request_start`,
/// `datamodel_hash` (api.md section 11). One call of the snapshot has the entries, and one more each level of
/// what is not remembered of related objects, whatever the entries' models.
struct FeedPage {
  let query: FeedQuery
  let plan: OplogPlan
  let view: DataModelView
  let appID: String
  let spoolFolder: SpoolFolder
  let links: AttachmentLinks

  struct Result: Sendable {
    let answer: RenderedAnswer
    let count: Int
    let reach: OplogReach
    /// The first sequence that was not looked at.
    let next: Int64
  }

  func read(from snapshot: any Snapshot, _ names: inout ModelNames) throws -> Result {
    var spool = AnswerSpool(spoolFolder)
    var displays = DisplayWriter(view, links)
    var sink = FeedEntrySink(appID: appID)
    var count = 0
    sink.open(&spool.writer)
    let reach = try snapshot.oplog(plan, under: view.stored) { page in
      try displays.load(for: page.groups.compactMap(deployed), from: snapshot)
      var groups = try page.groups.map { group in
        guard let object = object(of: group, displays) else {
          return Group(rows: group.rows, object: nil, name: try names.name(of: group.number, in: snapshot))
        }
        return Group(rows: group.rows, object: object, name: "")
      }
      for entry in page.entries {
        if count > 0 { spool.writer.append(sink.separator) }
        count += 1
        sink.enter(entry.sequence, entry.operation)
        groups[entry.group].append(entry.row, &displays, to: sink, &spool.writer)
        try spool.settle()
      }
      withExtendedLifetime(page) {}
    }
    let next = reach.last.map { $0 + 1 }
    let end = FeedEntrySink.End(
      hasMore: reach.hasMore && !plan.isTail, nextStart: next ?? query.start, dataModelHash: view.stored.model.hash)
    sink.close(end, &spool.writer)
    return Result(answer: try spool.finish(), count: count, reach: reach, next: next ?? plan.start)
  }

  private func deployed(_ group: OplogPage.Group) -> (page: RowPage, model: ModelView)? {
    view.model(number: group.number).map { (group.rows, $0) }
  }

  /// Nil for a model that is not deployed.
  private func object(of group: OplogPage.Group, _ displays: borrowing DisplayWriter) -> ObjectRow? {
    guard let model = view.model(number: group.number) else { return nil }
    return ObjectRow(group.rows, of: model, including: .none, displays)
  }

  /// The entries of a page that are of one model.
  private struct Group {
    let rows: RowPage
    /// Nil for a model that is not deployed.
    var object: ObjectRow?
    /// Such a model has no other name than the one that the store remembers.
    let name: String

    mutating func append(
      _ row: Int, _ displays: inout DisplayWriter, to sink: FeedEntrySink, _ writer: inout ByteWriter
    ) {
      object?.move(to: row, &displays)
      guard let object else { return sink.append(rows.view, row, ofModelNamed: name, to: &writer) }
      // Entries embed nothing.
      var gaps: [EmbeddingGap] = []
      sink.append(object, to: &writer, gaps: &gaps)
    }
  }
}
