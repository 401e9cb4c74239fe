import Deployments

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
    try await deployments.set(changes.map { ($0.setting.rawValue, $0.value) }, of: id)
  }
}
