import Storage

/// A control store in front of another one: it hands on whatever it does not do otherwise itself.
package protocol WrappedControl: ControlStore {
  var inner: any ControlStore { get }
}

extension WrappedControl {
  package func revision() async throws -> Int64 { try await inner.revision() }
  package func contents() async throws -> ControlContents { try await inner.contents() }

  package func changes(since revision: Int64) async throws -> ControlChanges {
    try await inner.changes(since: revision)
  }

  package func add(_ deployment: DeploymentRecord) async throws { try await inner.add(deployment) }
  package func remove(deployment id: String) async throws { try await inner.remove(deployment: id) }

  package func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome {
    try await inner.set(plan, of: deployment)
  }

  package func setPassword(hash: [UInt8], of deployment: String) async throws {
    try await inner.setPassword(hash: hash, of: deployment)
  }

  package func add(_ token: TokenRecord) async throws { try await inner.add(token) }

  package func remove(token name: String, of deployment: String) async throws {
    try await inner.remove(token: name, of: deployment)
  }

  package func touch(_ uses: [NotedUse]) async throws {
    try await inner.touch(uses)
  }
}
