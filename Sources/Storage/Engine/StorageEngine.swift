import DataModel

/// A place that keeps a server's deployments.
package protocol StorageEngine: Sendable {
  var control: any ControlStore { get }
  /// Where large answers go while they are written.
  var spool: SpoolPlace { get }

  /// - Throws: `StorageError.unusable` where the deployment's data cannot be opened.
  func open(deployment id: String) throws -> any ObjectStore
  /// Makes room for a new deployment and deploys its first data model.
  func create(deployment id: String, model: DataModel, by person: Person?) throws -> any ObjectStore
  /// The deployments of which there is data, though the control store does not know them.
  func strays() throws -> [String]
  /// Removes all objects of a deployment, whose store is closed.
  func remove(deployment id: String) throws
  /// After all stores are closed.
  func close()
}
