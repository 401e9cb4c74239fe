import Storage
import Synchronization
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
      whole = OplogTrim(
        removed: whole.removed + part.removed, isDone: part.isDone, heldBy: part.heldBy, next: part.next)
      if !part.isDone { try? await Task.sleep(for: .milliseconds(Self.restMilliseconds)) }
    }
    return whole
  }

  /// Trims the oplog by its `oplog_retention`, where some of it may go by now.
  private func trimWhatIsOld(in deployment: Deployment) async throws {
    guard let seconds = deployment.value(of: .oplogRetention).flatMap({ Quantity.seconds(of: $0) }) else { return }
    let (now, kept) = (clock.milliseconds(), Int64(seconds) * 1000)
    guard deployment.retention.withLock({ $0.isDue(at: now, keeping: kept) }) else { return }
    try await deployment.store.doingWhatIsDue {
      let trim = try await trim(deployment, .olderThan(milliseconds: now - kept), until: .now + .seconds(30))
      deployment.retention.withLock { $0.note(trim, at: now) }
    }
  }

  /// What is due now and then in the background: markers, uses of tokens, retention; and the closing of what nobody
  /// uses. Once a minute.
  package func tend() async {
    // Where a change could not be brought into effect at once.
    try? await catchUp()
    await storeUses()
    for deployment in all where !Task.isCancelled {
      // What fails here comes again in a minute; a disk that takes nothing shows in what clients ask.
      try? await deployment.store.tend()
      try? await deployment.storeConnections()
      try? await trimWhatIsOld(in: deployment)
      let decision = deployment.closing.withLock { $0.look(at: clock.milliseconds(), deployment.store.use) }
      if decision == .close { await deployment.store.release() }
    }
  }
}
