import Storage

extension PostgresSnapshot {
  func changes(_ plan: ChangePlan) throws -> ChangePage { throw StorageError.unavailable("not there yet") }
  func history(_ plan: HistoryPlan) throws -> HistoryPage { throw StorageError.unavailable("not there yet") }
  func deletions(_ plan: DeletionPlan) throws -> DeletionPage { throw StorageError.unavailable("not there yet") }
}
