import DataModel
import Storage
import Wire

/// Which entries of the oplog a webhook fires for (webhooks.md «Declaring»): those of its model after which
/// everything that it requires is set. Deletes fire nothing.
package struct FiringRule: Sendable {
  /// The columns that must be set, as places in a row.
  private let required: [Int]

  package init(_ hook: DeclaredHook) {
    required = hook.declaration.conditions.filter(\.required).compactMap { condition in
      hook.model.position(of: condition.name).map { RowPage.Lead.count + $0 }
    }
  }

  /// The row holds the object after the operation, with all columns of the model.
  package func fires(for operation: OplogEntry.Operation, _ rows: RowView, _ row: Int) -> Bool {
    operation != .delete && required.allSatisfy { !rows.isNull(row, $0) }
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
