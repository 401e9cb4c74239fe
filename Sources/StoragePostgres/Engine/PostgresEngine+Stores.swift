import DataModel
import Storage

/// Where `PostgresEngine` gets stores from. The store itself is being written; until it is there no deployment can be
/// made or opened.
extension PostgresContext {
  func openStore(of deployment: String) throws -> any ObjectStore { throw Self.missing }

  func makeStore(of deployment: String, model: DataModel, by person: Person?) throws -> any ObjectStore {
    throw Self.missing
  }

  private static var missing: StorageError {
    .unavailable("objects cannot be kept in PostgreSQL yet")
  }
}
