import Deployments
import People
import Storage

// What is changed outside of the store of people, told by the audit.

extension DeploymentCall {
  var people: People { page.people }
  var registry: DeploymentRegistry { page.handler.services.deployments }

  /// Makes a change between two entries of the audit. Where the first cannot be written, it is not made.
  func audited<Value: Sendable>(
    _ action: AuditAction, _ what: String, _ change: () async throws -> Value
  ) async throws -> Value {
    try await people.record(entry(action, what, "began"))
    do {
      let value = try await change()
      try? await people.record(entry(action, what, "done"))
      return value
    } catch {
      try? await people.record(entry(action, what, "failed"))
      throw error
    }
  }

  func entry(_ action: AuditAction, _ what: String, _ outcome: String) -> AuditDraft {
    var draft = people.entry(action, by: visitor.person.id, visit.browser, target: what, outcome: outcome)
    draft.deployment = id
    return draft
  }
}
