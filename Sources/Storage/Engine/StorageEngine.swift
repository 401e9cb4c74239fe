import DataModel
import Metrics

/// What keeps a server's deployments.
package protocol StorageEngine: Sendable {
  var control: any ControlStore { get }
  var people: any PeopleStore { get }
  /// Whether other nodes may change what this one reads, so that it has to look for their changes.
  var isShared: Bool { get }

  /// - Throws: `StorageError.unusable` where the deployment's data cannot be opened.
  func open(deployment id: String) async throws -> any ObjectStore
  /// Makes room for a new deployment and deploys its first data model.
  func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore
  /// The deployments of which there is data, though the control store does not know them.
  func strays() async throws -> [String]
  /// Removes all objects of a deployment, whose store is closed.
  func remove(deployment id: String) async throws
  /// Adds what the engine has to tell beside what its stores do (`ObjectStore.figures`).
  func measure(_ page: inout MetricPage)
  /// After all stores are closed.
  func close() async
}

extension StorageEngine {
  package func measure(_ page: inout MetricPage) {}
}
