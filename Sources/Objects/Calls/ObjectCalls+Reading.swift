import Storage
import Wire

/// What a reading brought.
package struct ReadAnswer: Sendable {
  package let answer: RenderedAnswer
  /// The first oplog sequence that it does not contain.
  package let nextSequence: Int64
  /// The text of the cursor behind a page; nil where nothing follows.
  package var next: String?
  /// That of the last write of the one object that was read; 0 for a list.
  package var sequence: Int64 = 0
}

/// What came of reading one object.
package enum PointRead: Sendable {
  case found(ReadAnswer)
  case missing
}

extension ObjectCalls {
  /// Reads an object in a sink's form, without what opens and closes a list; nil where there is none.
  /// - Throws: `StorageError`; `ClientFault.request` where it embeds too much.
  package func object<Sink: ObjectSink>(
    _ model: ModelView, _ id: ObjectID, including includes: Includes, in context: ObjectContext, to sink: Sink
  ) async throws -> ReadAnswer? {
    let read: @Sendable (any Snapshot) throws -> ReadAnswer? = { [self] in
      try object(model, id, including: includes, in: context, to: sink, from: $0)
    }
    guard includes.isEmpty else { return try await store.read(read) }
    if let found = try store.readAtOnce(read) { return found }
    let first = ObjectLookup(model.stored, id, versionsOf: model.touched)
    return try await store.read(beginningWith: first, read)
  }

  /// The object as JSON with nothing embedded, where it can be read without waiting; else nil.
  /// - Throws: `StorageError`.
  package func objectAtOnce(_ model: ModelView, _ id: ObjectID, in context: ObjectContext) throws -> PointRead? {
    try store.readAtOnce { snapshot in
      let read = try object(model, id, including: .none, in: context, to: JSONSink(), from: snapshot)
      return read.map(PointRead.found) ?? .missing
    }
  }

  /// The same from a snapshot: one call of it with what is remembered of related objects, and one more for each level
  /// of what is not.
  package func object<Sink: ObjectSink>(
    _ model: ModelView, _ id: ObjectID, including includes: Includes, in context: ObjectContext, to sink: Sink,
    from snapshot: any Snapshot
  ) throws -> ReadAnswer? {
    let versioned = includes.isEmpty ? model.display.touched : context.view.touched(by: model, including: includes)
    let models = includes.isEmpty ? model.touched : versioned.map { context.view.models[$0].stored }
    guard let found = try snapshot.object(model.stored, id, versionsOf: models) else { return nil }
    let sequence = found.page.integer(0, RowPage.Lead.sequence)
    var displays = DisplayWriter(context.view, context.links)
    displays.take(found.stateVersions, of: versioned)
    if !includes.isEmpty {
      let answer = try embedding(includes, in: found.page, of: model, &displays, to: sink, from: snapshot)
      return ReadAnswer(answer: answer, nextSequence: found.nextSequence, sequence: sequence)
    }
    try displays.load(for: found.page, of: model, from: snapshot)
    var writer = ByteWriter(capacity: 1024)
    sink.append(only: found.page, of: model, &displays, to: &writer)
    return ReadAnswer(answer: .memory(writer.detach()), nextSequence: found.nextSequence, sequence: sequence)
  }

  private func embedding<Sink: ObjectSink>(
    _ includes: Includes, in page: RowPage, of model: ModelView, _ displays: inout DisplayWriter, to sink: Sink,
    from snapshot: any Snapshot
  ) throws -> RenderedAnswer {
    var embedded = EmbeddedObjects(includes, of: model, to: sink, spool: spoolFolder)
    var spool = AnswerSpool(spoolFolder)
    try embedded.load(for: page, count: 1, displays: &displays, from: snapshot)
    var object = ObjectRow(page, of: model, including: includes, displays)
    object.move(to: 0, &displays)
    try embedded.append(object, to: &spool)
    return try spool.finish()
  }

  /// Reads a list in a sink's form.
  /// - Throws: `StorageError`; `ClientFault.request` where it embeds too much.
  package func list<Sink: ObjectSink>(
    _ model: ModelView, _ query: ListQuery, in context: ObjectContext, to sink: Sink
  ) async throws -> ReadAnswer where Sink.End == ListEnd {
    try await store.read { [self] in try list(model, query, in: context, to: sink, from: $0) }
  }

  /// The same from a snapshot: one call of it, and one more for each level of what is not remembered of related
  /// objects, however many objects a page has.
  package func list<Sink: ObjectSink>(
    _ model: ModelView, _ query: ListQuery, in context: ObjectContext, to sink: Sink, from snapshot: any Snapshot
  ) throws -> ReadAnswer where Sink.End == ListEnd {
    try ListAnswer(
      model: model, query: query, view: context.view, spoolFolder: spoolFolder, links: context.links, sink: sink
    )
    .read(from: snapshot)
  }

  /// How many objects match, as `count.json` says it: one call of the snapshot.
  func count(_ model: ModelView, _ predicate: Predicate, from snapshot: any Snapshot) throws -> ReadAnswer {
    let none = ReadPlan(model: model.stored, predicate: predicate, limit: 0)
    let read = try snapshot.list(ListWant(none, after: nil, hasTotal: true, versioned: [])) { _, _ in }
    guard let total = read.total else { throw StorageError.broken("a list came without the total that was asked for") }
    var writer = ByteWriter(capacity: 64)
    writer.append("{\"count\":")
    writer.append(integer: Int64(total))
    writer.append("}")
    return ReadAnswer(answer: .memory(writer.detach()), nextSequence: read.nextSequence)
  }
}

extension DataModelView {
  /// The indexes of the models whose objects may be printed in displays of this model's objects and of those that they
  /// embed.
  func touched(by model: ModelView, including includes: Includes) -> [Int] {
    var found = model.display.touched
    for branch in includes.branches {
      for index in touched(by: branch.model, including: branch.inner) where !found.contains(index) {
        found.append(index)
      }
    }
    return found
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
