import Storage
import Synchronization
import Threads
import Wire

// How the registry learns what changed in the control store: by its own hand, or by that of another node.

extension DeploymentRegistry {
  /// The store of a deployment that was made just now.
  struct MadeStore: Sendable {
    let id: String
    let store: any ObjectStore
  }

  /// The revision of the control store that is in effect here.
  package var revision: Int64 { state.withLock { $0.revision } }

  /// Makes a change in the control store and brings it into effect here.
  /// - Parameter change: gives the deployment that it made, where it made one.
  /// - Throws: what `change` throws; then nothing is changed. `DeploymentFault` where it is changed, and is not yet
  ///   in effect.
  func changing(_ change: () async throws -> MadeStore?) async throws {
    try await turns.take {
      let made = try await change()
      do {
        await apply(try await engine.control.changes(since: revision), made: made)
      } catch {
        // Whoever tends looks again.
        await made?.store.close()
        throw DeploymentFault(
          "The change is stored. It is not in effect yet, since what is stored could not be read: the server tries "
            + "again within a minute. The reason: \(Sentence.of(error))")
      }
    }
  }

  /// Tells other nodes that they have to look at a deployment: something of it was changed that the control store does
  /// not keep itself. It does nothing where there are no other nodes.
  /// - Throws: `StorageError`, `DeploymentFault`.
  package func announceChange(of id: String) async throws {
    guard engine.isShared else { return }
    try await changing {
      _ = try await engine.control.set(SettingsPlan([]), of: id)
      return nil
    }
  }

  /// Brings into effect what was changed since the last time.
  /// - Throws: `StorageError`.
  package func catchUp() async throws {
    guard try await engine.control.revision() != revision else { return }
    try await turns.take { await apply(try await engine.control.changes(since: revision)) }
  }

  /// Opens those that could not be opened for a reason that passes, such as a database that was gone for a moment.
  /// - Throws: `StorageError`.
  func openAgain() async throws {
    guard state.withLock({ $0.unusable.values.contains(where: \.isPassing) }) else { return }
    try await turns.take {
      let kept = try await engine.control.contents().deployments
      await enter(kept.filter { unusable($0.record.id)?.isPassing == true }, made: nil)
    }
  }

  /// Catches up with other nodes, until the task is cancelled: after each `pause`, of a second where none is given.
  /// It returns at once where there are no other nodes. A store that cannot be asked is asked again after the next.
  /// - Parameter tell: is told of which deployments something changed, whoever changed it, also of those that came or
  ///   went; it gives back those of which it is to be told again.
  package func follow(
    pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(1)) },
    telling tell: @Sendable (Set<String>) async -> Set<String> = { _ in [] }
  ) async {
    guard engine.isShared else { return }
    while !Task.isCancelled {
      do { try await pause() } catch { return }
      try? await catchUp()
      try? await openAgain()
      let touched = state.withLock { state in
        defer { state.touched = [] }
        return state.touched
      }
      guard !touched.isEmpty else { continue }
      let again = await tell(touched)
      state.withLock { $0.touched.formUnion(again) }
    }
  }

  /// The one way in which anything here learns of a change: adds deployments, invalidates what changed, and removes.
  /// `made` was made here. In turn, or before anybody else has the registry.
  func apply(_ changes: ControlChanges, made: MadeStore? = nil) async {
    let (revision, known) = state.withLock { ($0.revision, $0.known) }
    var added: [KeptDeployment] = []
    for update in DeploymentUpdate.all(in: changes, after: revision, knowing: known) {
      switch update {
      case .remove(let id): remove(id)
      case .add(let kept): added.append(kept)
      case .change(let kept):
        let (served, unusable) = state.withLock { state in
          if state.served[kept.record.id] != nil { state.touched.insert(kept.record.id) }
          if state.resting[kept.record.id] != nil { state.resting[kept.record.id] = kept.record }
          return (state.served[kept.record.id], state.unusable[kept.record.id])
        }
        served?.take(kept)
        unusable?.take(kept)
      }
    }
    await enter(added, made: made)
    state.withLock { $0.revision = max($0.revision, changes.contents.revision) }
  }

  /// Its credentials end at once; its store is closed when what runs has ended.
  private func remove(_ id: String) {
    let deployment = state.withLock { state in
      state.unusable[id] = nil
      state.resting[id] = nil
      if state.served[id] != nil { state.touched.insert(id) }
      return state.served.removeValue(forKey: id)
    }
    guard let deployment else { return }
    deployment.noteDeletion()
    state.withLock { state in
      state.closing[id] = Task {
        await deployment.store.close()
        self.state.withLock { $0.closing[id] = nil }
      }
    }
  }
}

extension DeploymentRegistry.State {
  fileprivate var known: [String: DeploymentRecord] {
    served.mapValues(\.record).merging(unusable.mapValues(\.record)) { first, _ in first }
      .merging(resting) { first, _ in first }
  }
}
