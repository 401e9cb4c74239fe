import Storage
import Wire

// What is done in the background, and the trimming of oplogs.

extension DeploymentRegistry {
  /// How long a trimming rests between two parts, so that writes find the disk free.
  private static let restMilliseconds = 10

  /// Removes entries of the oplog, for up to `seconds`; then it is to be called again until it is done.
  /// What an enabled webhook has not delivered stays, unless `isForced`.
  /// - Throws: `StorageError`; `leaseLost` where another node trims.
  package func trimOplog(
    of id: String, _ cut: OplogCut, evenIfNeeded isForced: Bool = false, forSeconds seconds: Int
  ) async throws -> OplogTrim {
    try await trim(try deployment(id), cut, evenIfNeeded: isForced, until: .now + .seconds(seconds))
  }

  private func trim(
    _ deployment: Deployment, _ cut: OplogCut, evenIfNeeded isForced: Bool = false, until end: ContinuousClock.Instant
  ) async throws -> OplogTrim {
    let hold = try await deployment.store.hold(LeaseName.trim)
    var whole = OplogTrim(removed: 0, isDone: false)
    while !whole.isDone, ContinuousClock.now < end, !Task.isCancelled {
      let part = try await deployment.store.trimOplog(cut, evenIfNeeded: isForced, under: hold)
      whole = OplogTrim(removed: whole.removed + part.removed, isDone: part.isDone, heldBy: part.heldBy)
      if !part.isDone { try? await Task.sleep(for: .milliseconds(Self.restMilliseconds)) }
    }
    return whole
  }

  /// The time up to which the oplog of a deployment may go, by its `oplog_retention`; nil where all is
  /// kept.
  private func retentionCut(of deployment: Deployment) -> OplogCut? {
    deployment.value(of: .oplogRetention).flatMap { Quantity.seconds(of: $0) }.map {
      .olderThan(milliseconds: clock.milliseconds() - Int64($0) * 1000)
    }
  }

  /// What is due now and then in the background: markers, uses of tokens, retention. Once a minute.
  package func tend() async {
    // Where a change could not be brought into effect at once.
    try? await catchUp()
    await storeUses()
    for deployment in all where !Task.isCancelled {
      // What fails here comes again in a minute; a disk that takes nothing shows in what clients ask.
      try? await deployment.store.tend()
      try? await deployment.storeConnections()
      guard let cut = retentionCut(of: deployment) else { continue }
      _ = try? await trim(deployment, cut, until: .now + .seconds(30))
    }
  }
}
