import Storage
import Wire

/// Entries of the change feed (api.md section 11): what happened, and the object as it was then. `entry` is what
/// the next object belongs to.
struct FeedEntrySink: ObjectSink {
  /// What is told behind the last entry.
  struct End {
    let hasMore: Bool
    let nextStart: Int64
    let dataModelHash: String
  }

  /// What stands between the operation and the object, the same in all entries.
  private let middle: ByteBlock
  private let json = JSONSink()
  private var sequence: Int64 = 0
  private var operation = OplogEntry.Operation.create

  init(appID: String) {
    var middle = ByteWriter(capacity: 64)
    middle.append(",\"app_id\":")
    middle.append(quoted: appID)
    middle.append(",\"events\":[],\"object\":")
    self.middle = middle.detach()
  }

  /// Names the entry that the next object belongs to.
  mutating func enter(_ sequence: Int64, _ operation: OplogEntry.Operation) {
    self.sequence = sequence
    self.operation = operation
  }

  func open(_ writer: inout ByteWriter) { writer.append("{\"entries\":[") }
  var separator: StaticString { "," }
  var missing: StaticString { json.missing }

  func close(_ end: End, _ writer: inout ByteWriter) {
    writer.append("],\"has_more\":")
    writer.append(end.hasMore ? "true" : "false")
    writer.append(",\"next_request_start\":\"")
    writer.append(integer: end.nextStart)
    writer.append("\",\"datamodel_hash\":")
    writer.append(quoted: end.dataModelHash)
    writer.append("}")
  }

  func append(_ object: ObjectRow, to writer: inout ByteWriter, gaps: inout [EmbeddingGap]) {
    appendOpening(&writer)
    json.append(object, to: &writer, gaps: &gaps)
    writer.append("}")
  }

  /// Appends an entry of a model that is not deployed: nothing is known of its fields.
  func append(_ rows: RowView, _ row: Int, ofModelNamed name: String, to writer: inout ByteWriter) {
    appendOpening(&writer)
    writer.append("{\"id\":\"")
    writer.append(id: rows.id(row, RowPage.Lead.id))
    writer.append("\",\"type\":")
    writer.append(quoted: name)
    writer.append(",\"updated_at\":\"")
    JSONSink.append(instant: rows.integer(row, RowPage.Lead.updatedAt), to: &writer)
    writer.append("\"}}")
  }

  private func appendOpening(_ writer: inout ByteWriter) {
    writer.append("{\"sequence\":")
    writer.append(integer: sequence)
    writer.append(",\"sequence_id\":\"")
    writer.append(integer: sequence)
    switch operation {
    case .create: writer.append("\",\"operation\":\"create\"")
    case .update: writer.append("\",\"operation\":\"update\"")
    case .delete: writer.append("\",\"operation\":\"delete\"")
    }
    writer.append(middle.bytes)
  }
}
