import Storage
import Wire

/// What a reading brought.
package struct ReadAnswer: Sendable {
  package let answer: RenderedAnswer
  /// The first oplog sequence that it does not contain.
  package let nextSequence: Int64
  /// The text of the cursor behind a page; nil where nothing follows.
  package var next: String?
}

extension ObjectCalls {
  /// Reads an object in a sink's form, without what opens and closes a list; nil where there is none.
  /// - Throws: `StorageError`; `ClientFault.request` where it embeds too much.
  package func object<Sink: ObjectSink>(
    _ model: ModelView, _ id: ObjectID, including includes: Includes, in context: ObjectContext, to sink: Sink
  ) async throws -> ReadAnswer? {
    if !includes.isEmpty {
      return try await store.read { [self] in try embedding(includes, in: model, id, context, to: sink, from: $0) }
    }
    let read: @Sendable (any Snapshot) throws -> ReadAnswer? = { snapshot in
      guard let page = try snapshot.object(model.stored, id) else { return nil }
      var displays = DisplayWriter(context.view, context.links)
      try displays.load(for: page, of: model, from: snapshot)
      var writer = ByteWriter(capacity: 1024)
      sink.append(only: page, of: model, &displays, to: &writer)
      return ReadAnswer(answer: .memory(writer.detach()), nextSequence: try snapshot.nextSequence())
    }
    if let found = try store.readAtOnce(read) { return found }
    return try await store.read(read)
  }

  private func embedding<Sink: ObjectSink>(
    _ includes: Includes, in model: ModelView, _ id: ObjectID, _ context: ObjectContext, to sink: Sink,
    from snapshot: any Snapshot
  ) throws -> ReadAnswer? {
    guard let page = try snapshot.object(model.stored, id) else { return nil }
    var displays = DisplayWriter(context.view, context.links)
    var embedded = EmbeddedObjects(includes, of: model, to: sink, spool: spoolPlace)
    var spool = AnswerSpool(spoolPlace)
    try embedded.load(for: page, count: 1, displays: &displays, from: snapshot)
    try displays.load(for: page, of: model, from: snapshot)
    var object = ObjectRow(page, of: model, including: includes, displays)
    object.move(to: 0, &displays)
    try embedded.append(object, to: &spool)
    return ReadAnswer(answer: try spool.finish(), nextSequence: try snapshot.nextSequence())
  }

  /// Reads a list in a sink's form.
  /// - Throws: `StorageError`; `ClientFault.request` where it embeds too much.
  package func list<Sink: ObjectSink>(
    _ model: ModelView, _ query: ListQuery, in context: ObjectContext, to sink: Sink
  ) async throws -> ReadAnswer where Sink.End == ListEnd {
    let list = ListAnswer(
      model: model, query: query, view: context.view, spoolPlace: spoolPlace, links: context.links, sink: sink)
    return try await store.read { try list.read(from: $0) }
  }
}

extension ObjectSink {
  /// Appends the object in a page of one row that `displays` has loaded; it embeds nothing.
  func append(
    only page: RowPage, of model: ModelView, _ displays: inout DisplayWriter, to writer: inout ByteWriter
  ) {
    var object = ObjectRow(page, of: model, including: .none, displays)
    object.move(to: 0, &displays)
    var gaps: [EmbeddingGap] = []
    append(object, to: &writer, gaps: &gaps)
  }
}
