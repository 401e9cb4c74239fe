import Storage

/// What one change of the control store means for who knows some deployments already.
enum DeploymentUpdate: Sendable, Equatable {
  case remove(String)
  case add(KeptDeployment)
  case change(KeptDeployment)

  /// What is to be done, in order. `known` are the records of the deployments that are known, by id, as of
  /// `revision`. A deployment that was removed and made again under its id is another one: it is removed and added.
  static func all(
    in changes: ControlChanges, after revision: Int64, knowing known: [String: DeploymentRecord]
  ) -> [DeploymentUpdate] {
    let kept = Dictionary(
      changes.contents.deployments.map { ($0.record.id, $0) }, uniquingKeysWith: { first, _ in first })
    var touched: [String] = []
    var removed: Set<String> = []
    switch changes {
    case .everything(let contents):
      touched = known.keys.filter { kept[$0] == nil }.sorted() + contents.deployments.map(\.record.id)
    case .some(let notes, _):
      for note in notes where note.revision > revision {
        if !touched.contains(note.deployment) { touched.append(note.deployment) }
        if note.kind == .removed { removed.insert(note.deployment) }
      }
    }
    return touched.flatMap { id -> [DeploymentUpdate] in
      guard let now = kept[id] else { return known[id] == nil ? [] : [.remove(id)] }
      guard let before = known[id] else { return [.add(now)] }
      return removed.contains(id) || !before.isSameDeployment(as: now.record)
        ? [.remove(id), .add(now)] : [.change(now)]
    }
  }
}

extension DeploymentRecord {
  /// What never changes in the life of a deployment.
  fileprivate func isSameDeployment(as other: DeploymentRecord) -> Bool {
    id == other.id && createdAt == other.createdAt && appID == other.appID
  }
}
