import DataModel
import Storage
import Wire

extension PostgresObjectStore {
  private var catalog: Catalog { Catalog(schema: deployment.schema) }

  private static var missing: StorageError { .unavailable("deploys to PostgreSQL cannot be done yet") }

  package func deploy(_ model: DataModel, _ terms: DeployTerms) async throws -> StoredDataModel { throw Self.missing }

  package func rehearse(_ model: DataModel) async throws -> DeployRehearsal { throw Self.missing }

  package func pendingIndexes() async throws -> [IndexBuilding] { [] }

  package func indexes() async throws -> [(model: String, indexes: [StoredIndex])] { [] }

  package func deploys() async throws -> [DeployRecord] {
    try await deployment.readingTables { [catalog] in try catalog.history(on: $0) }
  }

  package func document(ofDeploy version: Int) async throws -> [UInt8]? {
    try await deployment.readingTables { [catalog] in try catalog.document(ofVersion: version, on: $0) }
  }
}
