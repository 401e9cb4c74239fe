import DataModel
import Storage
import Wire

/// Which entries of the oplog a webhook fires for (webhooks.md «Declaring»): those of its model after which
/// everything that it requires is set. Deletes fire nothing.
package struct FiringRule: Sendable {
  /// The columns that must be set, as slots of a row.
  private let required: [Int]
  /// Of these the attachments whose bytes must be there.
  private let uploaded: [Int]

  package init(_ webhook: DeclaredWebhook) {
    func indexes(_ conditions: [WebhookDeclaration.Condition]) -> [Int] {
      conditions.compactMap { webhook.model.position(of: $0.name).map { RowPage.Lead.count + $0 } }
    }
    let conditions = webhook.declaration.conditions.filter(\.required)
    required = indexes(conditions)
    uploaded = indexes(conditions.filter { $0.state == .uploaded })
  }

  /// The row holds the object after the operation, with all columns of the model. `isUploaded` is asked for
  /// attachments whose bytes must be there: that of an entry of the oplog says so when they arrive.
  package func fires(
    for operation: OplogEntry.Operation, _ rows: RowView, _ row: Int, isUploaded: (ObjectID) throws -> Bool
  ) rethrows -> Bool {
    guard operation != .delete, required.allSatisfy({ !rows.isNull(row, $0) }) else { return false }
    return try uploaded.allSatisfy { try isUploaded(rows.id(row, $0)) }
  }
}

/// Of what a `ready` webhook could fire for, that which it fires for: the first time of each object, ever.
package enum ReadyRule {
  /// `fired` has the sequence at which each object's first time was; when that very entry is looked at again,
  /// in a replay or after a crash, it fires again.
  package static func firings(
    among entries: [(sequence: Int64, object: ObjectID)], fired: [ObjectID: Int64]
  ) -> [(sequence: Int64, object: ObjectID)] {
    var fired = fired
    return entries.filter { sequence, object in
      if let first = fired[object] { return first == sequence }
      fired[object] = sequence
      return true
    }
  }
}
