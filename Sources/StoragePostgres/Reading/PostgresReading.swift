import Storage

/// How a store's snapshots come to be.
struct PostgresReading: Sendable {
  private let deployment: PostgresDeployment
  private let points: PointReads
  /// Brings the node's data model up to the database's. It is called before a read fails with `replan`.
  private let catchUp: @Sendable (PostgresConnection) throws -> Void

  init(_ deployment: PostgresDeployment, catchUp: @escaping @Sendable (PostgresConnection) throws -> Void) {
    self.deployment = deployment
    points = PointReads(deployment)
    self.catchUp = catchUp
  }

  /// As `ObjectStore.read`.
  func read<Result: Sendable>(_ body: @Sendable @escaping (any Snapshot) throws -> Result) async throws -> Result {
    try await deployment.context.reading { try now(body) }
  }

  /// As `ObjectStore.read(beginningWith:_:)`.
  func read<Result: Sendable>(
    beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { answer in
      let end = ContinuousClock.now + deployment.context.options.readingPatience
      points.add(PointRead(first: first, reading: self, body: body, answer: answer, end: end))
    }
  }

  /// On this thread, which waits for a connection.
  func now<Result>(_ body: (any Snapshot) throws -> Result) throws -> Result {
    try deployment.context.pool.read { try run(body, on: $0) }
  }

  /// As `ObjectStore.readAtOnce`: never, since a network may let the caller's thread wait, which others need.
  func atOnce<Result>(_ body: (any Snapshot) throws -> Result) throws -> Result? { nil }

  /// - Parameters:
  ///   - ahead: the answer to the first call of `body`, where there is one.
  ///   - beforeMore: is called before each further round trip.
  func run<Result>(
    _ body: (any Snapshot) throws -> Result, on connection: PostgresConnection, ahead: ReadAhead? = nil,
    beforeMore: (() -> Void)? = nil
  ) throws -> Result {
    do {
      if let result = try run(body, on: connection, holdsFirst: false, ahead, beforeMore) { return result }
      if connection.isInTransaction { try connection.rollback() }
      guard let result = try run(body, on: connection, holdsFirst: true, nil, beforeMore) else {
        throw StorageError.broken("a transaction showed two states")
      }
      return result
    } catch StorageError.replan(let version) {
      beforeMore?()
      if connection.isInTransaction { try connection.rollback() }
      try catchUp(connection)
      throw StorageError.replan(version: version)
    }
  }

  /// Nil where it must be run once more: whatever the body made of that.
  private func run<Result>(
    _ body: (any Snapshot) throws -> Result, on connection: PostgresConnection, holdsFirst: Bool, _ ahead: ReadAhead?,
    _ beforeMore: (() -> Void)?
  ) throws -> Result? {
    let snapshot = PostgresSnapshot(
      deployment, on: connection, holdsFirst: holdsFirst, ahead: ahead, beforeAsking: beforeMore)
    do {
      let result = try body(snapshot)
      return snapshot.isOutdated ? nil : result
    } catch  where snapshot.isOutdated {
      return nil
    }
  }
}
