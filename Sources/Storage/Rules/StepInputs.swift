import Wire

/// What an object's step reads before its rule decides.
package enum StepNeeds {
  /// A create reads nothing: its insert says whether the id is in use.
  case nothing
  case object(StoredModel, ObjectID)
  indirect case kept(KeptNeeds)
}

/// An object as it lies in its table.
package struct FoundObject: Sendable {
  package var id: ObjectID
  package var row: Int64
  package var updatedAt: Int64
  package var sequence: Int64
  /// As they lie in the columns of the plan's data model.
  package var own: [StoredValue]
  /// Of the columns that this data model does not show.
  package var hidden: [StoredValue]

  package init(
    id: ObjectID, row: Int64, updatedAt: Int64, sequence: Int64, own: [StoredValue], hidden: [StoredValue]
  ) {
    self.id = id
    self.row = row
    self.updatedAt = updatedAt
    self.sequence = sequence
    self.own = own
    self.hidden = hidden
  }
}

/// What was read for a step. Values that a step does not need stay empty, and cost nothing.
package struct StepInputs {
  /// The table of an object's step.
  package var table: WrittenTable?
  /// The object that the step names; nil where there is none, and for a create, which does not look.
  package var object: FoundObject?
  /// Nil where the step needs nothing of it.
  package var kept: KeptRows?
  /// The sequence of the last deletion of the id that a new object gets: 0 where there was none, nil where the store
  /// does not know yet. Read only where `StepRule.idToLookFor` names the id.
  package var deletion: Int64? = 0

  package init(table: WrittenTable? = nil, object: FoundObject? = nil, kept: KeptRows? = nil) {
    self.table = table
    self.object = object
    self.kept = kept
  }
}

/// What a step's rule knows beside what was read for it.
package struct StepContext {
  /// Whether outcomes carry the object's state.
  package var returnsStates: Bool
  /// What the plan brings.
  package var attachments: [ObjectID: NewAttachment]
  /// The name of the model whose objects are the app's users.
  package var appUser: String?
  /// The time of the step, as `SequenceRule.time` says.
  package var milliseconds: Int64
  /// The last sequence that was given out.
  package var lastSequence: Int64
  /// The last number in the order of creation that the model gave out.
  package var lastRow: Int64

  package init(
    milliseconds: Int64, lastSequence: Int64 = 0, lastRow: Int64 = 0, returnsStates: Bool = false,
    attachments: [ObjectID: NewAttachment] = [:], appUser: String? = nil
  ) {
    self.milliseconds = milliseconds
    self.lastSequence = lastSequence
    self.lastRow = lastRow
    self.returnsStates = returnsStates
    self.attachments = attachments
    self.appUser = appUser
  }

  var second: Int64 { milliseconds / 1000 }

  var instant: Instant { Instant(clampingMilliseconds: milliseconds) }

  var nextSequence: Int64 { SequenceRule.next(after: lastSequence, milliseconds: milliseconds) }
}
