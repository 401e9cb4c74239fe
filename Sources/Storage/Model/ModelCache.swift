import Synchronization

/// The data model in force, as far as a node has heard. It only goes forward, whoever tells of deploys in whatever
/// order.
package final class ModelCache: Sendable {
  private let latest: Mutex<StoredDataModel>

  package init(_ model: StoredDataModel) { latest = Mutex(model) }

  package var model: StoredDataModel { latest.withLock { $0 } }

  package func note(_ model: StoredDataModel) {
    latest.withLock { if model.version > $0.version { $0 = model } }
  }
}
