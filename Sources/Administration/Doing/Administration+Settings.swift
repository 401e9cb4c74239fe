import Deployments
import People
import Storage

// Settings of a deployment; rate limits are some of them.

extension Administration {
  func setSettings(_ changes: [SettingChange], of id: String) async throws -> AdminResult {
    try await set(changes, of: id)
    return .settings(SettingValues(of: try deployments.deployment(id), only: nil))
  }

  func setLimits(_ changes: [SettingChange], of id: String) async throws -> AdminResult {
    try await set(changes, of: id)
    return .limits(LimitRows(try deployments.deployment(id).limiter.limits))
  }

  private func set(_ changes: [SettingChange], of id: String) async throws {
    let audit = changes.map { change in
      var draft = people.entry(.settings, by: nil, Self.console, target: change.setting.told(change.value))
      draft.deployment = id
      return draft
    }
    let outcome = try await deployments.set(
      changes.map { ($0.setting.rawValue, $0.value) }, of: id, audit: audit)
    if case .done(let entries) = outcome { people.tell(entries) }
  }
}
