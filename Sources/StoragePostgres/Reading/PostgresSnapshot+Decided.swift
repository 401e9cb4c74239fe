import Storage

extension PostgresSnapshot {
  func decidedList(
    _ want: ListWant, _ parts: [ReadPlan], _ selection: RowSelection, _ handOut: (RowPage, [Int?]) throws -> Void
  ) throws -> ReadList {
    throw StorageError.unavailable("values of a field's earlier type cannot be looked for yet")
  }

  func decidedCount(_ model: StoredModel, _ predicate: Predicate, upTo most: Int) throws -> Int {
    throw StorageError.unavailable("values of a field's earlier type cannot be looked for yet")
  }
}
