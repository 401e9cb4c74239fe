import DataModel
import Attachments
import Storage
import Wire

/// Reads one page of the feed and writes it: `entries`, `has_more`, `next_request_start`,
/// `datamodel_hash` (api.md section 11).
struct FeedPage {
  let query: FeedQuery
  let plan: OplogPlan
  let view: DataModelView
  let appID: String
  let spoolPlace: SpoolPlace
  let links: AttachmentLinks

  struct Result: Sendable {
    let answer: RenderedAnswer
    let count: Int
    let reach: OplogReach
    /// The first sequence that was not looked at.
    let next: Int64
  }

  func read(from snapshot: any Snapshot) throws -> Result {
    var spool = AnswerSpool(spoolPlace)
    var displays = DisplayWriter(view, links)
    var middle = ByteWriter(capacity: 64)
    middle.append(",\"app_id\":")
    middle.append(quoted: appID)
    middle.append(",\"events\":[],\"object\":")
    let common = middle.detach()
    var count = 0
    spool.writer.append("{\"entries\":[")
    let reach = try snapshot.oplog(plan, under: view.stored) { page in
      let groups = try page.groups.map { group in
        let model = view.model(number: group.number)
        if let model { try displays.load(for: group.rows, of: model, from: snapshot) }
        return RenderedGroup(
          rows: group.rows.view, renderer: model.map { ObjectRenderer(model: $0) },
          // Models that are not deployed have no other name than the one that the store remembers.
          name: model == nil ? try snapshot.modelNames()[group.number] ?? "" : "")
      }
      for entry in page.entries {
        if count > 0 { spool.writer.append(",") }
        count += 1
        spool.writer.append("{\"sequence\":")
        spool.writer.append(integer: entry.sequence)
        spool.writer.append(",\"sequence_id\":\"")
        spool.writer.append(integer: entry.sequence)
        spool.writer.append(entry.operation.opening)
        spool.writer.append(common.bytes)
        groups[entry.group].append(entry.row, displays: &displays, to: &spool.writer)
        spool.writer.append("}")
        try spool.settle()
      }
      withExtendedLifetime(page) {}
    }
    let hasMore = reach.hasMore && !plan.isTail
    spool.writer.append("],\"has_more\":")
    spool.writer.append(hasMore ? "true" : "false")
    spool.writer.append(",\"next_request_start\":\"")
    spool.writer.append(integer: reach.last.map { $0 + 1 } ?? query.start)
    spool.writer.append("\",\"datamodel_hash\":")
    spool.writer.append(quoted: view.stored.model.hash)
    spool.writer.append("}")
    return Result(answer: try spool.finish(), count: count, reach: reach, next: reach.last.map { $0 + 1 } ?? plan.start)
  }

  private struct RenderedGroup {
    let rows: RowView
    /// Nil for a model that is not deployed.
    let renderer: ObjectRenderer?
    let name: String

    func append(_ row: Int, displays: inout DisplayWriter, to writer: inout ByteWriter) {
      if let renderer { return renderer.append(rows, row, displays: &displays, to: &writer) }
      writer.append("{\"id\":\"")
      writer.append(id: rows.id(row, RowPage.Lead.id))
      writer.append("\",\"type\":")
      writer.append(quoted: name)
      writer.append(",\"updated_at\":\"")
      ObjectRenderer.append(instant: rows.integer(row, RowPage.Lead.updatedAt), to: &writer)
      writer.append("\"}")
    }
  }
}

extension OplogEntry.Operation {
  /// What stands between the position and the rest of an entry.
  fileprivate var opening: StaticString {
    switch self {
    case .create: "\",\"operation\":\"create\""
    case .update: "\",\"operation\":\"update\""
    case .delete: "\",\"operation\":\"delete\""
    }
  }
}
