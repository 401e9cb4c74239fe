import Wire

/// What a step does, as its rule decided: nothing is left for an engine but to store it.
package struct Effect {
  package var outcome: StepOutcome
  /// The object that changes, which is its oplog entry too.
  package var object: ObjectChange?
  private var aside: Aside?

  /// By reference: it is large, and nearly no step has it.
  private indirect enum Aside {
    case kept(KeptChanges)
  }

  package init(_ outcome: StepOutcome, object: ObjectChange? = nil, kept: KeptChanges? = nil) {
    self.outcome = outcome
    self.object = object
    aside = kept.map(Aside.kept)
  }

  /// What changes beside the object; nil for nearly every step.
  package var kept: KeptChanges? {
    guard case .kept(let changes) = aside else { return nil }
    return changes
  }
}

/// An object's row after a step, and its oplog entry: the whole row, also what the plan's data model does not
/// show, each value under the number of its column. Of a deletion, the row as it was.
package struct ObjectChange {
  package var operation: OplogEntry.Operation
  package var table: WrittenTable
  package var id: ObjectID
  package var row: Int64
  package var sequence: Int64
  /// The sequence of the entry before it of the same object, also across a deletion: 0 where there was none, nil where
  /// the store does not know yet.
  package var previous: Int64?
  package var updatedAt: Int64
  package var own: [StoredValue]
  /// Empty for a create: then all of them are null.
  package var hidden: [StoredValue]
  /// The positions that an update changes: what is not named leaves its index alone.
  package var changed: [Int] = []
  /// The indexes of hidden columns that it empties.
  package var cleared: [Int] = []
}

/// An object that is written anew since an attachment that it links changed. Its values stay.
package struct LinkingObject: Sendable {
  /// The number of the model, which may no longer be deployed.
  package var model: Int
  package var id: ObjectID
  package var row: Int64
  package var updatedAt: Int64
  /// Of the write that touches it; 0 as it is read.
  package var sequence: Int64
  /// Of the object's entry before that write.
  package var previous: Int64
  /// By the number of their column.
  package var values: [(column: Int, value: StoredValue)]

  package init(
    model: Int, id: ObjectID, row: Int64, updatedAt: Int64, sequence: Int64 = 0, previous: Int64,
    values: [(column: Int, value: StoredValue)]
  ) {
    self.model = model
    self.id = id
    self.row = row
    self.updatedAt = updatedAt
    self.sequence = sequence
    self.previous = previous
    self.values = values
  }
}
