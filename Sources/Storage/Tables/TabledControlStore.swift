/// A control store, with its people, that lies in the tables of a database. An engine brings transactions; what is
/// read and changed in them is the same for all.
package protocol TabledControlStore: ControlStore, PeopleStore {
  associatedtype Tables: ControlTables
  /// How many changes are kept for who asks what happened.
  var remembered: Int64 { get }
  /// Runs `body`, which may run twice, on what is stored now. All that it reads is of one state, unless it says that
  /// it reads with one statement alone.
  func reading<Result: Sendable>(
    _ extent: ReadExtent, _ body: @Sendable @escaping (Tables) throws -> Result
  ) async throws -> Result
  /// Runs `body` in one transaction, which sees all transactions before it and none beside it. It is rolled back where
  /// `body` throws or `isKept` says no of its result.
  func writing<Result: Sendable>(
    keeping isKept: @Sendable @escaping (Result) -> Bool, _ body: @Sendable @escaping (Tables) throws -> Result
  ) async throws -> Result
}

package enum ReadExtent: Sendable { case oneStatement, severalStatements }

extension TabledControlStore {
  // MARK: Reading.

  package func revision() async throws -> Int64 {
    try await reading(.oneStatement) { try ChangeRows(tables: $0).revision() }
  }

  package func contents() async throws -> ControlContents {
    try await reading(.severalStatements) { try ChangeRows(tables: $0).contents() }
  }

  package func changes(since revision: Int64) async throws -> ControlChanges {
    try await reading(.severalStatements) { try ChangeRows(tables: $0).changes(since: revision) }
  }

  // MARK: Changing.

  package func add(_ deployment: DeploymentRecord) async throws {
    try await change(.added, deployment.id) { try DeploymentRows(tables: $0).add(deployment) }
  }

  package func remove(deployment id: String) async throws {
    try await change(.removed, id) { try DeploymentRows(tables: $0).remove(id) }
  }

  package func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome {
    try await writing(keeping: { (outcome: SettingsOutcome) in outcome.isDone }) { [remembered] tables in
      guard try SettingRows(tables: tables).set(plan, of: deployment) else { return .refused }
      try ChangeRows(tables: tables).note(.changed, of: deployment, remembering: remembered)
      return .done(try AuditRows(tables: tables).append(plan.audit))
    }
  }

  package func setPassword(hash: [UInt8], of deployment: String) async throws {
    try await change(.changed, deployment) { try DeploymentRows(tables: $0).setPassword(hash: hash, of: deployment) }
  }

  package func add(_ token: TokenRecord) async throws {
    try await change(.changed, token.deployment) { try TokenRows(tables: $0).add(token) }
  }

  package func remove(token name: String, of deployment: String) async throws {
    try await change(.changed, deployment) { try TokenRows(tables: $0).remove(name, of: deployment) }
  }

  package func touch(_ uses: [NotedUse]) async throws {
    try await writing(keeping: { _ in true }) { tables in
      for use in uses { try DeploymentRows(tables: tables).touch(use) }
    }
  }

  /// The change and the note of it, or neither.
  private func change(
    _ kind: ControlChange.Kind, _ deployment: String, _ body: @Sendable @escaping (Tables) throws -> Void
  ) async throws {
    try await writing(keeping: { _ in true }) { [remembered] tables in
      try body(tables)
      try ChangeRows(tables: tables).note(kind, of: deployment, remembering: remembered)
    }
  }
}
