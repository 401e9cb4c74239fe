import Storage

extension PostgresObjectStore {
  package var feedID: String { deployment.feed.feedID }

  package func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    try await deployment.waiters.wait(from: position, until: deadline, since: wakes)
  }

  package var waitWakes: Int { deployment.waiters.wakes }

  package func wakeWaits() { deployment.waiters.wake() }

  package func endWaits() { deployment.waiters.end() }

  package func tend() async throws {
    indexBuilder.startWhereNew()
    try await deployment.tend()
  }

  package var isFit: Bool { deployment.metrics.isFit && !deployment.context.feeds.listener.isCutOff }

  package var microsecondsWriting: UInt64 { deployment.metrics.microsecondsWriting }

  package var figures: StoreFigures { deployment.figures(waitingWrites: writer.waitingCount) }
}
