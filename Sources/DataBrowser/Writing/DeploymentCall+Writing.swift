import Deployments
import Objects
import People
import Storage
import Wire

/// What a page writes, made under one data model: the steps that the API would make of it.
struct PageWrite: Sendable {
  var steps: [WriteStep]
  /// Pages announce what they do, so that all of it is done or nothing.
  var policy = WritePlan.Policy.atomic
  var preconditions: [Precondition] = []
  /// Those that the steps name for the first time, with bytes that are on disk.
  var attachments: [ObjectID: NewAttachment] = [:]

  init(_ steps: [WriteStep]) { self.steps = steps }
}

/// What came of it.
struct PageWritten: Sendable {
  /// One for each step.
  let outcomes: [StepOutcome]
  /// Of the entry that the last step made; nil where it made none. It brings the notice (`Done`).
  let sequence: Int64?

  /// The first step that was not done for a reason of its own; nil where all were done.
  var failure: StepOutcome? {
    outcomes.first { outcome in
      if case .skipped = outcome { false } else { outcome.isFailure }
    }
  }
}

extension DeploymentCall {
  /// Who writes, as the oplog names them.
  var origin: String { "person:\(visitor.person.id)" }

  /// Writes for the visitor: the way in for every page. Planned anew where another data model was deployed meanwhile, so
  /// that `plan` must do nothing else. How often a person may ask was checked before the page was.
  ///
  /// ```swift
  /// let written = try await write { models in
  ///   PageWrite([.delete(try Self.model(name, models), id)])
  /// }
  /// if written.failure != nil { … }
  /// return DataBrowserHandler.seeOther(route, Done(written))
  /// ```
  ///
  /// - Throws: what `plan` throws; `PageFault` for too much at once; `StorageError`, and then nothing was written.
  func write(_ plan: (VisibleModels) async throws -> PageWrite) async throws -> PageWritten {
    try await calls.planning { view in
      let models = models(of: view)
      return try await write(try await plan(models), under: models)
    }
  }

  /// The same once, for who plans anew itself.
  /// - Throws: `StorageError.replan` too.
  func write(_ page: PageWrite, under models: VisibleModels) async throws -> PageWritten {
    guard page.steps.count <= Batch.limit else {
      throw PageFault.invalid(
        "This would write \(Grouped.text(page.steps.count, "object")) at once, and at most "
          + "\(Grouped.text(Batch.limit)) can be.", ways: [])
    }
    var plan = WritePlan(
      steps: page.steps, policy: page.policy, origin: origin, returnsStates: true, attachments: page.attachments)
    plan.preconditions = page.preconditions
    let outcomes = try await deployment.store.write(plan).steps
    return PageWritten(outcomes: outcomes, sequence: await sequence(of: page.steps.last, outcomes.last, models))
  }

  /// What cannot be found is not worth an error: it is written by now.
  private func sequence(of step: WriteStep?, _ outcome: StepOutcome?, _ models: VisibleModels) async -> Int64? {
    switch outcome {
    case .created(let state?), .updated(let state?), .unchanged(let state?): return state.sequence
    case .deleted:
      guard case .delete(let model, let id) = step else { return nil }
      return try? await deployment.store.read { snapshot in
        try snapshot.newestEntry(of: id, model)?.sequence
      }
    default: return nil
    }
  }

  /// The model as it is stored, as far as it is there for the visitor.
  static func model(_ name: String, _ models: VisibleModels) throws(PageFault) -> StoredModel {
    guard let model = models[name] else { throw .notFound("There is no model “\(CutText.cut(name))” here.") }
    return model.stored
  }
}

extension Snapshot {
  /// The last entry of an object, which may be gone; nil where it was trimmed, or is not linked yet.
  func newestEntry(of id: ObjectID, _ model: StoredModel) throws -> OplogEntry? {
    try history(HistoryPlan(model, id, limit: 1)).entries.first
  }
}
