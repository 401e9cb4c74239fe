import Storage
import Wire

extension ObjectCalls {
  /// Hands states of objects of one model, as entries of the oplog have them, to `body`, one row after the other: under
  /// the data model in force, with displays that name what is related now.
  package func states(
    _ entries: [OplogEntry], of model: ModelView, in context: ObjectContext, from snapshot: any Snapshot,
    _ body: (ObjectRow, OplogEntry) throws -> Void
  ) throws {
    var filler = RowFiller(columns: model.stored.columns.count, rows: entries.count)
    for entry in entries {
      filler.append(id: entry.id)
      filler.append(integer: entry.updatedAt)
      // An entry does not know the number in the order of creation.
      filler.appendNull()
      filler.append(integer: entry.sequence)
      for value in model.stored.row(of: entry.values) { filler.append(value) }
    }
    let page = filler.finish()
    var displays = DisplayWriter(context.view, context.links)
    try displays.load(for: page, of: model, from: snapshot)
    var row = ObjectRow(page, of: model, including: .none, displays)
    for (index, entry) in entries.enumerated() {
      row.move(to: index, &displays)
      try body(row, entry)
    }
    withExtendedLifetime(page) {}
  }
}
