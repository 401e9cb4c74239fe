import DataModel
import Storage

/// An engine in front of another one: it hands on whatever it does not do otherwise itself.
package protocol WrappedEngine: StorageEngine {
  var inner: any StorageEngine { get }
}

extension WrappedEngine {
  package var control: any ControlStore { inner.control }
  package var people: any PeopleStore { inner.people }
  package var isShared: Bool { inner.isShared }
  package func open(deployment id: String) async throws -> any ObjectStore { try await inner.open(deployment: id) }

  package func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore {
    try await inner.create(deployment: id, model: model, by: person)
  }

  package func strays() async throws -> [String] { try await inner.strays() }
  package func remove(deployment id: String) async throws { try await inner.remove(deployment: id) }
  package func close() async { await inner.close() }
}
