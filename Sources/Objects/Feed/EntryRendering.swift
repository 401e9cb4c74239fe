import Attachments
import Storage
import Wire

extension ObjectCalls {
  /// Entries of the oplog that were rendered one by one.
  package struct RenderedEntries: Sendable {
    package var entries: [(sequence: Int64, operation: OplogEntry.Operation, object: ByteBlock)] = []
    /// Those that are no more, or are of another model.
    package var gone: Set<Int64> = []
  }

  /// The objects of these entries of one model as they were written, each with the objects of these
  /// relationships as they are now. When so many bytes are exceeded the rest is left out.
  /// - Parameter isMasked: whether the values of password fields are left out, as on pages.
  /// - Throws: `StorageError`.
  package func entries(
    at sequences: [Int64], of name: String, embedding relationships: [String], bytes: Int, links: AttachmentLinks,
    isMasked: Bool = false
  ) async throws -> RenderedEntries {
    try await planning { view in
      let view = isMasked ? view.forPages : view
      guard let model = view[name] else { return RenderedEntries() }
      let includes = Includes(relationships: relationships, of: model, in: view)
      return try await store.read { [self] snapshot in
        var found = RenderedEntries()
        var left = bytes
        for sequence in sequences where left > 0 {
          let object = try object(at: sequence, of: model, including: includes, in: view, from: snapshot, links)
          if let (operation, block) = object {
            left -= block.count
            found.entries.append((sequence, operation, block))
          } else {
            found.gone.insert(sequence)
          }
        }
        return found
      }
    }
  }

  private func object(
    at sequence: Int64, of model: ModelView, including includes: Includes, in view: DataModelView,
    from snapshot: any Snapshot, _ links: AttachmentLinks
  ) throws -> (OplogEntry.Operation, ByteBlock)? {
    guard sequence < .max else { return nil }
    var object: (OplogEntry.Operation, ByteBlock)?
    let plan = OplogPlan(start: sequence, end: sequence + 1, limit: 1, models: [model.stored.number])
    _ = try snapshot.oplog(plan, under: view.stored) { page in
      guard let entry = page.entries.first else { return }
      let rows = page.groups[entry.group].rows
      var displays = DisplayWriter(view, links)
      var embedded = EmbeddedObjects(includes, of: model, to: JSONSink(), spool: spoolFolder)
      var spool = AnswerSpool(spoolFolder)
      try embedded.load(for: rows, count: rows.count, displays: &displays, from: snapshot)
      var one = ObjectRow(rows, of: model, including: includes, displays)
      one.move(to: entry.row, &displays)
      try embedded.append(one, to: &spool)
      object = (entry.operation, try spool.finish().block())
    }
    return object
  }
}
