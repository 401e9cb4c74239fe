import Deployments
import People
import Storage

// What is changed outside of the store of people, told by the audit.

extension DeploymentCall {
  var people: People { page.people }
  var registry: DeploymentRegistry { page.handler.services.deployments }

  /// As `PageCall.audited`, in this deployment.
  func audited<Value: Sendable>(
    _ action: AuditAction, _ what: String, _ change: () async throws -> Value
  ) async throws -> Value {
    try await page.audited(action, what, in: id, change)
  }

  func entry(_ action: AuditAction, _ what: String, _ outcome: String) -> AuditDraft {
    var draft = people.entry(action, by: visitor.person.id, visit.browser, target: what, outcome: outcome)
    draft.deployment = id
    return draft
  }
}
