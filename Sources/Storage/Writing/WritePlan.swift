import Wire

/// Writes to be done together: durable and visible in one transaction, in this order, later ones
/// seeing earlier ones (api.md section 8).
package struct WritePlan: Sendable {
  package var steps: [WriteStep]
  package var policy: Policy
  /// The outcome as if done, and nothing written.
  package var isDryRun: Bool
  /// Who writes, for the oplog: `password`, `token:NAME`, or `device:USER-ID`. Never on the v4 wire.
  package var origin: String
  /// Whether outcomes carry the object's state after the step.
  package var returnsStates: Bool
  /// The session whose device writes: it must be enrolled when the plan's turn comes, else nothing of the plan
  /// is done. Nil where no device does.
  package var session: ObjectID?
  /// Attachments that the steps' values name for the first time, with bytes that are on disk. One that
  /// brings the bytes and the file name of the field's present attachment changes nothing: the present id
  /// stays.
  package var attachments: [ObjectID: NewAttachment]
  /// What must hold when the plan's turn comes.
  package var preconditions: [Precondition] = []
  /// By which a repetition of the request gets the same answer. Not kept yet.
  package var receipt: Receipt?

  /// The version of the data model that the plan was made under: it must be in force when the plan's turn comes, else
  /// nothing of the plan is done (`StorageError.replan`). Nil where no step names a model. All that do were made under
  /// the same one.
  package var version: Int? {
    for step in steps {
      if let model = step.model { return model.binding.version }
    }
    return nil
  }

  /// All that it brings, whose bytes must be kept when its turn comes.
  @usableFromInline var uploads: [NewAttachment] {
    var uploads = Array(attachments.values)
    for step in steps {
      if case .receive(let attachment) = step { uploads.append(attachment) }
    }
    return uploads
  }

  package enum Policy: Sendable {
    /// A failed step leaves no trace, the others are done.
    case independent
    /// After the first failed step nothing more is done; what came before stays.
    case stopAtFailure
    /// All or nothing.
    case atomic
  }

  package init(
    steps: [WriteStep], policy: Policy = .independent, isDryRun: Bool = false, origin: String,
    returnsStates: Bool = false, session: ObjectID? = nil, attachments: [ObjectID: NewAttachment] = [:]
  ) {
    self.steps = steps
    self.policy = policy
    self.isDryRun = isDryRun
    self.origin = origin
    self.returnsStates = returnsStates
    self.session = session
    self.attachments = attachments
  }
}

/// One write with its precondition.
package enum WriteStep: Sendable {
  /// The id must not be in use. One value for each column of the model.
  case create(StoredModel, ObjectID, [StoredValue])
  /// The same under an id that was made for it, which nothing ever had: no earlier life of it is looked for.
  case createNew(StoredModel, ObjectID, [StoredValue])
  /// Creates or replaces. One value for each column of the model.
  case put(StoredModel, ObjectID, [StoredValue])
  /// The object must exist. The values by position; other columns keep theirs.
  case patch(StoredModel, ObjectID, [(position: Int, value: StoredValue)])
  /// The object must exist.
  case delete(StoredModel, ObjectID)
  /// Bytes come for an attachment on their own: for a new id, or for one whose bytes were awaited or lost;
  /// `idInUse` for one that has bytes. Every object that links it is updated, with an oplog entry each.
  case receive(NewAttachment)
  /// Was found wrong before it got here; it takes part only as a failure for the policy.
  case refused
  /// Changes what is kept beside the objects.
  indirect case kept(KeptStep)
}

extension WriteStep {
  /// The model whose object it writes; nil where it writes none.
  @usableFromInline var model: StoredModel? {
    switch self {
    case .create(let model, _, _), .createNew(let model, _, _), .put(let model, _, _), .patch(let model, _, _),
      .delete(let model, _):
      model
    case .receive, .refused, .kept: nil
    }
  }
}

package enum StepOutcome: Sendable {
  /// The state is there when the plan asked for it.
  case created(ObjectState?)
  case updated(ObjectState?)
  /// Everything was so already: nothing was written, no oplog entry.
  case unchanged(ObjectState?)
  case deleted
  /// No such object.
  case missing
  case idInUse
  /// The object is not as the plan's precondition wants it, so the step did nothing. It has this sequence, nil where
  /// there is no such object: as the earlier steps of the plan left it, also where these are taken back.
  case stale(sequence: Int64?)
  case refused
  /// Not tried, or undone, because of another step's failure.
  case skipped
  /// Of a step beside the objects.
  indirect case kept(KeptOutcome)

  package var isFailure: Bool {
    switch self {
    case .created, .updated, .unchanged, .deleted: false
    case .kept(let outcome): outcome.isFailure
    case .missing, .idInUse, .stale, .refused, .skipped: true
    }
  }
}

package struct WriteOutcome: Sendable {
  /// As many as the plan's steps, in their order.
  package var steps: [StepOutcome]
  /// As the write left them; nil where they are to be asked of a snapshot.
  package var stateVersions: StateVersions?

  package init(steps: [StepOutcome]) { self.steps = steps }
}

/// An object as it stands after a write.
package struct ObjectState: Sendable {
  package var id: ObjectID
  package var updatedAt: Int64
  package var row: Int64
  package var sequence: Int64
  /// One for each column of the model that the step named.
  package var values: [StoredValue]

  package init(id: ObjectID, updatedAt: Int64, row: Int64, sequence: Int64, values: [StoredValue]) {
    self.id = id
    self.updatedAt = updatedAt
    self.row = row
    self.sequence = sequence
    self.values = values
  }
}
