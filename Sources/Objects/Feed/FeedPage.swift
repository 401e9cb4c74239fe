import Attachments
import DataModel
import Storage
import Wire

/// Reads one page of the feed and writes it: `entries`, `has_more`, `next_request_start`,
/// `datamodel_hash` (api.md section 11).
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

  func read(from snapshot: any Snapshot) throws -> Result {
    var spool = AnswerSpool(spoolFolder)
    var displays = DisplayWriter(view, links)
    var sink = FeedEntrySink(appID: appID)
    var count = 0
    sink.open(&spool.writer)
    let reach = try snapshot.oplog(plan, under: view.stored) { page in
      var groups = try page.groups.map { try Group($0, in: view, &displays, from: snapshot) }
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

  /// The entries of a page that are of one model.
  private struct Group {
    private let rows: RowPage
    /// Nil for a model that is not deployed.
    private var object: ObjectRow?
    /// Models that are not deployed have no other name than the one that the store remembers.
    private let name: String

    init(
      _ group: OplogPage.Group, in view: DataModelView, _ displays: inout DisplayWriter, from snapshot: any Snapshot
    ) throws {
      rows = group.rows
      guard let model = view.model(number: group.number) else {
        name = try snapshot.modelNames()[group.number] ?? ""
        return
      }
      name = model.name
      try displays.load(for: rows, of: model, from: snapshot)
      object = ObjectRow(rows, of: model, including: .none, displays)
    }

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
