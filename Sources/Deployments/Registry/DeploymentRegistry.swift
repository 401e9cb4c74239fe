import Storage
import Synchronization
import Threads
import Wire

/// All deployments of a server, and what administrators do with them.
///
/// 1. There is one object for each deployment that is served, and one way in which it learns of changes: `apply`,
///    by revisions of the control store, whoever made them.
/// 2. What a call changes is on disk and in effect here when it returns. Other nodes follow within a second.
package final class DeploymentRegistry: Sendable {
  package let engine: any StorageEngine
  let clock: any WallClock
  private let opening: Opening
  let state: Mutex<State>
  /// Changes are applied one after the other.
  let turns = Turns()

  struct State: Sendable {
    /// The control store's, as far as it is applied here.
    var revision: Int64 = 0
    var served: [String: Deployment] = [:]
    var unusable: [String: UnusableDeployment] = [:]
    /// Registered and not to be opened.
    var resting: [String: DeploymentRecord] = [:]
    /// Whose data is being removed: their ids are not free yet.
    var beingDeleted: Set<String> = []
    /// Stores of deployments that were removed, while they are being closed.
    var closing: [String: Task<Void, Never>] = [:]
    /// Something of these was changed, or they came or went, and `follow` has not told yet.
    var touched: Set<String> = []
  }

  /// Which deployments are opened.
  package enum Opening: Sendable, Equatable {
    case all, none
    /// Of this id or name.
    case one(String)

    fileprivate func covers(_ record: DeploymentRecord) -> Bool {
      switch self {
      case .all: true
      case .none: false
      case .one(let one): one == record.id || one == record.name
      }
    }
  }

  /// Opens deployments. One that cannot be opened is put aside, and the others are served.
  /// - Throws: `StorageError` where the control store cannot be read.
  package init(engine: any StorageEngine, clock: any WallClock, opening: Opening = .all) async throws {
    self.engine = engine
    self.clock = clock
    self.opening = opening
    state = Mutex(State())
    await apply(.everything(try await engine.control.contents()))
    // Whoever begins with them now looks at all.
    state.withLock { $0.touched = [] }
  }

  /// Deployments that are opened at a time.
  private static let mostOpening = 8

  /// Opens deployments, some at a time; `made` was made just now.
  func enter(_ deployments: [KeptDeployment], made: MadeStore?) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, kept) in deployments.enumerated() {
        if index >= Self.mostOpening { await group.next() }
        group.addTask { await self.enter(kept, made: made?.id == kept.record.id ? made?.store : nil) }
      }
    }
    // Those that found too few files beside the others are opened one at a time, now that the others are closed again.
    for kept in deployments where unusable(kept.record.id)?.isForWantOfFiles == true { await enter(kept, made: nil) }
  }

  /// Opens a deployment where it is to be served, and closes it again where it has nothing to do; `made` is its store
  /// where it was made just now.
  private func enter(_ kept: KeptDeployment, made: (any ObjectStore)?) async {
    let id = kept.record.id
    guard made != nil || opening.covers(kept.record) else {
      return state.withLock { $0.resting[id] = kept.record }
    }
    do {
      let store = if let made { made } else { try await engine.open(deployment: id) }
      let deployment = Deployment(kept, store: store)
      state.withLock { state in
        state.served[id] = deployment
        state.unusable[id] = nil
        state.touched.insert(id)
      }
      if made == nil, opening == .all, !store.use.isBusy { await store.release() }
    } catch {
      let error = error as? StorageError ?? .unavailable("\(error)")
      let unusable = UnusableDeployment(kept, error: error)
      state.withLock { $0.unusable[id] = unusable }
    }
  }

  // MARK: Looking.

  /// Whether there is such a deployment, opened or not.
  package func isRegistered(_ id: String) -> Bool {
    state.withLock {
      $0.served[id] != nil || $0.unusable[id] != nil || $0.resting[id] != nil || $0.beingDeleted.contains(id)
    }
  }

  /// The names of all, opened or not.
  package var allNames: [String] { allNamed.map(\.name) }

  /// The ids and names of all, opened or not.
  package var allNamed: [(id: String, name: String)] {
    state.withLock { state in
      state.served.values.map { ($0.record.id, $0.record.name) }
        + state.unusable.values.map { ($0.record.id, $0.record.name) }
        + state.resting.values.map { ($0.id, $0.name) }
    }
  }

  package subscript(id: String) -> Deployment? { state.withLock { $0.served[id] } }
  package func unusable(_ id: String) -> UnusableDeployment? { state.withLock { $0.unusable[id] } }

  /// Those that could not be opened, in order of creation.
  package var allUnusable: [UnusableDeployment] {
    state.withLock { Array($0.unusable.values) }.sorted {
      ($0.record.createdAt, $0.id) < ($1.record.createdAt, $1.id)
    }
  }

  package var all: [Deployment] {
    state.withLock { Array($0.served.values) }.sorted {
      ($0.record.createdAt, $0.id) < ($1.record.createdAt, $1.id)
    }
  }

  /// - Throws: `DeploymentFault` where there is none, or none that can be used.
  package func deployment(_ id: String) throws -> Deployment {
    if let deployment = self[id] { return deployment }
    guard let unusable = unusable(id) else { throw Self.noDeployment(id) }
    throw DeploymentFault("The deployment \(id) cannot be used. \(unusable.reason)")
  }

  static func noDeployment(_ id: String) -> DeploymentFault {
    DeploymentFault("There is no deployment \(CutText.cut(id)). `sojourn deployment list` shows those there are.")
  }

  // MARK: The end.

  /// Ends all waits for changes, so that nothing holds up the end of the server.
  package func endWaits() {
    for deployment in all { deployment.store.endWaits() }
  }

  /// Waits for what runs, then closes every store and the engine.
  package func close() async {
    await storeUses()
    for deployment in all {
      // What is lost here is when devices called in the last minute.
      try? await deployment.storeConnections()
      await deployment.store.close()
    }
    for closing in state.withLock({ Array($0.closing.values) }) { await closing.value }
    await engine.close()
  }
}
