import Storage
import Wire

/// What became of a model's objects in a group, as one statement each for those that go, change and come.
///
/// Of an object that changed several times only the last state is written; one that came and went is not written at
/// all. The oplog has each change.
struct ObjectChanges {
  private let statements: ObjectStatements
  /// Numbers in the order of creation.
  private var deleted: [Int64] = []
  private var updated: [FoundObject] = []
  private var inserted: [FoundObject] = []
  /// What some of the updates change: all of them write these columns, the others with the values that are there.
  private var positions: Set<Int> = []
  private var cleared: Set<Int> = []

  private init(_ statements: ObjectStatements) { self.statements = statements }

  static func send(_ draft: GroupDraft, in pipeline: inout PostgresPipeline, _ tables: WrittenTables) throws {
    var order: [StoredModel.Binding] = []
    var changes: [StoredModel.Binding: ObjectChanges] = [:]
    for key in draft.changed {
      guard let row = draft.rows[key] else { continue }
      if changes[key.binding] == nil {
        changes[key.binding] = ObjectChanges(try tables.known(key.binding))
        order.append(key.binding)
      }
      changes[key.binding]?.add(row)
    }
    for binding in order { changes[binding]?.send(in: &pipeline) }
  }

  private mutating func add(_ row: GroupDraft.Row) {
    switch (row.sent, row.current) {
    case (nil, nil): break
    case (nil, let new?): inserted.append(new)
    case (let old?, nil): deleted.append(old.row)
    case (let old?, let new?) where old.row == new.row:
      updated.append(new)
      positions.formUnion(row.changed)
      cleared.formUnion(row.cleared)
    case (let old?, let new?):
      // Went, and came again.
      deleted.append(old.row)
      inserted.append(new)
    }
  }

  private func send(in pipeline: inout PostgresPipeline) {
    // An id is free before it is taken again.
    if !deleted.isEmpty {
      pipeline.add(statements.delete) { $0.addArray(.integer) { for row in deleted { $0.add(integer: row) } } }
    }
    if !updated.isEmpty { update(in: &pipeline) }
    if !inserted.isEmpty { insert(in: &pipeline) }
  }

  private func update(in pipeline: inout PostgresPipeline) {
    let (positions, cleared) = (positions.sorted(), cleared.sorted())
    pipeline.add(statements.update(positions, cleared: cleared)) {
      Self.addLeading(updated, &$0)
      for position in positions {
        $0.addArray(PostgresType(statements.table.model.types[position])) { array in
          for object in updated { array.add(object.own[position]) }
        }
      }
      for index in cleared {
        $0.addArray(PostgresType(statements.hiddenTypes[index])) { array in
          for object in updated { array.add(object.hidden[index]) }
        }
      }
    }
  }

  private func insert(in pipeline: inout PostgresPipeline) {
    // Those that lie side by side are read together.
    let objects = inserted.sorted { $0.row < $1.row }
    pipeline.add(statements.insert) {
      $0.addArray(.id) { for object in objects { $0.add(id: object.id) } }
      Self.addLeading(objects, &$0)
      for (position, type) in statements.table.model.types.enumerated() {
        $0.addArray(PostgresType(type)) { array in for object in objects { array.add(object.own[position]) } }
      }
    }
  }

  private static func addLeading(_ objects: [FoundObject], _ values: inout PostgresParameters) {
    values.addArray(.integer) { for object in objects { $0.add(integer: object.row) } }
    values.addArray(.integer) { for object in objects { $0.add(integer: object.updatedAt) } }
    values.addArray(.integer) { for object in objects { $0.add(integer: object.sequence) } }
  }
}
