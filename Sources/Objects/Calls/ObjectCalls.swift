import Attachments
import QueryLanguage
import Storage
import Synchronization
import Wire

/// Performs calls on one deployment's objects: the use cases between the API and storage.
package final class ObjectCalls: Sendable {
  package let store: any ObjectStore
  package let spoolFolder: SpoolFolder
  /// Nil where the deployment's blobs cannot be used.
  let blobs: DeploymentBlobs?
  private let latest: Mutex<DataModelView>

  /// `spool` takes what is too much of large answers.
  package init(store: any ObjectStore, spool: SpoolFolder, blobs: DeploymentBlobs?) {
    self.blobs = blobs
    self.store = store
    spoolFolder = spool
    self.latest = Mutex(DataModelView(store.dataModel))
  }

  /// The data model in force. A call that was decoded under it is performed under it or not at all: where another one
  /// was deployed meanwhile, storage refuses it (`StorageError.replan`), and it is decoded anew (`planning`).
  package var view: DataModelView {
    latest.withLock { latest in
      let stored = store.dataModel
      if latest.stored.version != stored.version { latest = DataModelView(stored) }
      return latest
    }
  }

  /// Decodes and performs a call under the data model in force; where another one was deployed meanwhile, all of it
  /// anew under that one, at most five times. What a refused call had taken in, it takes in again.
  /// - Parameter isAnew: it was planned once already, and met a deploy.
  /// - Throws: what `body` throws, `StorageError.replan` only where each plan met a deploy.
  package func planning<Result>(
    anew isAnew: Bool = false, _ body: (DataModelView) async throws -> Result
  ) async throws -> Result {
    try await store.planning(anew: isAnew) { _ in try await body(view) }
  }

  /// `admitted` throws where the caller may not any more: it is asked between taking attachments in, which can take
  /// long, and writing.
  /// - Throws: `StorageError`, `BlobFault`, what `admitted` throws; `ClientFault` for attachments that are refused.
  package func perform(
    _ call: ObjectCall, in context: ObjectContext, admitted: () async throws -> Void
  ) async throws -> ObjectOutcome {
    switch call {
    case .get(let model, let id, let includes):
      guard let read = try await object(model, id, including: includes, in: context, to: JSONSink()) else {
        return .missing(model: model.name, id: id)
      }
      return .object(read.answer, sequence: read.sequence, nextSequence: read.nextSequence)
    case .list(let model, let query):
      let read = try await list(model, query, in: context, to: JSONSink())
      return .page(read.answer, nextSequence: read.nextSequence, next: read.next)
    case .count(let model, let predicate):
      let read = try await store.read { [self] in try count(model, predicate, from: $0) }
      return .answer(read.answer, nextSequence: read.nextSequence)
    case .write(let write):
      let outcome = try await perform(write, in: context, admitted: admitted)
      return try await answer(to: outcome, of: write.model, write.id, in: context)
    case .batch(let batch):
      return try await perform(batch, in: context, admitted: admitted)
    }
  }

  /// What is told of a write of one object.
  private func answer(
    to outcome: WriteOutcome, of model: ModelView, _ id: ObjectID, in context: ObjectContext
  ) async throws -> ObjectOutcome {
    switch outcome.steps[0] {
    case .created(let state?), .updated(let state?), .unchanged(let state?):
      let answer = try await render(state, of: model, at: outcome.stateVersions, in: context)
      return .object(answer, sequence: state.sequence, nextSequence: nil)
    case .deleted: return .deleted
    case .stale(let sequence): return .stale(model: model.name, id: id, sequence: sequence)
    case .idInUse: return .idInUse(model: model.name, id: id)
    case .missing: return .missing(model: model.name, id: id)
    case .created(nil), .updated(nil), .unchanged(nil), .refused, .skipped, .kept:
      throw StorageError.broken("a write of one object came back without its state")
    }
  }

  /// The object as it was written; only what is stored outside it is read. By now it is written, and the answer says
  /// so: where a data model was deployed meanwhile, with the object as it reads under that one, and where the model is
  /// no more, without what is stored outside it.
  private func render(
    _ state: ObjectState, of model: ModelView, at versions: StateVersions?, in context: ObjectContext
  ) async throws -> RenderedAnswer {
    if let versions, let answer = recall(state, of: model, at: versions, in: context) { return answer }
    do {
      return try await render(state, of: model, under: context.view, context.links)
    } catch StorageError.replan {
      let asWritten = { [self] in
        try render(RowPage.one(state), of: model, under: context.view, context.links, from: nil)
      }
      do {
        return try await planning { view in
          guard let later = view.model(number: model.stored.number) else { return try asWritten() }
          var state = state
          state.values = later.stored.row(
            of: zip(model.stored.columns, state.values).map { (column: $0.number, value: $1) })
          return try await render(state, of: later, under: view, context.links)
        }
      } catch StorageError.replan {
        return try asWritten()
      }
    }
  }

  /// The same where all that is stored outside it is remembered as it was after the write.
  private func recall(
    _ state: ObjectState, of model: ModelView, at versions: StateVersions, in context: ObjectContext
  ) -> RenderedAnswer? {
    let page = RowPage.one(state)
    let touched = model.display.touched
    var displays = DisplayWriter(context.view, context.links)
    displays.take(touched.map { versions[context.view.models[$0].stored] }, of: touched)
    guard displays.recall(for: page, of: model) else { return nil }
    var writer = ByteWriter(capacity: 1024)
    JSONSink().append(only: page, of: model, &displays, to: &writer)
    return .memory(writer.detach())
  }

  private func render(
    _ state: ObjectState, of model: ModelView, under view: DataModelView, _ links: AttachmentLinks
  ) async throws -> RenderedAnswer {
    let page = RowPage.one(state)
    let render: @Sendable ((any Snapshot)?) throws -> RenderedAnswer = { [self] snapshot in
      try self.render(page, of: model, under: view, links, from: snapshot)
    }
    guard model.needsMore else { return try render(nil) }
    if let answer = try store.readAtOnce({ try render($0) }) { return answer }
    return try await store.read { try render($0) }
  }

  private func render(
    _ page: RowPage, of model: ModelView, under view: DataModelView, _ links: AttachmentLinks,
    from snapshot: (any Snapshot)?
  ) throws -> RenderedAnswer {
    var displays = DisplayWriter(view, links)
    if let snapshot { try displays.load(for: page, of: model, from: snapshot) }
    var writer = ByteWriter(capacity: 1024)
    JSONSink().append(only: page, of: model, &displays, to: &writer)
    return .memory(writer.detach())
  }
}

extension RowPage {
  /// A page of this one object.
  fileprivate static func one(_ state: ObjectState) -> RowPage {
    var page = RowFiller(columns: state.values.count, rows: 1)
    page.append(id: state.id)
    page.append(integer: state.updatedAt)
    page.append(integer: state.row)
    page.append(integer: state.sequence)
    for value in state.values { page.append(value) }
    return page.finish()
  }
}
