import Storage
import Synchronization

/// The data model in force, as far as a node has heard. It only goes forward, whoever tells of deploys in whatever
/// order.
final class ModelCache: Sendable {
  private let latest: Mutex<StoredDataModel>

  init(_ model: StoredDataModel) { latest = Mutex(model) }

  var model: StoredDataModel { latest.withLock { $0 } }

  func note(_ model: StoredDataModel) {
    latest.withLock { if model.version > $0.version { $0 = model } }
  }
}
