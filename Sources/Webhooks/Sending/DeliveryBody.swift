import Storage
import Wire

/// An entry of the oplog as it is rendered for a webhook.
package struct RenderedEntry: Sendable {
  package let sequence: Int64
  package let operation: OplogEntry.Operation
  /// The object in the API's representation, with what is embedded.
  package let object: ByteBlock

  package init(sequence: Int64, operation: OplogEntry.Operation, object: ByteBlock) {
    self.sequence = sequence
    self.operation = operation
    self.object = object
  }
}

/// The JSON that is posted (webhooks.md «The request»).
package enum DeliveryBody {
  package static func json(
    event: String, server: String, deployment: String, appID: String, _ entry: RenderedEntry
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: entry.object.count + 512)
    writer.append("{\"event\":")
    writer.append(quoted: event)
    writer.append(",\"server\":")
    writer.append(quoted: server)
    writer.append(",\"app\":")
    writer.append(quoted: deployment)
    writer.append(",\"app_id\":")
    writer.append(quoted: appID)
    writer.append(",\"account_id\":")
    writer.append(quoted: deployment)
    writer.append(",\"sequence\":")
    writer.append(integer: entry.sequence)
    writer.append(",\"operation\":\"")
    switch entry.operation {
    case .create: writer.append("create")
    case .update: writer.append("update")
    case .delete: writer.append("delete")
    }
    writer.append("\",\"object\":")
    writer.append(entry.object.bytes)
    writer.append("}")
    return writer.array
  }
}
