import Storage
import Wire

// What another node, or a command, changed.

extension WebhookEngine {
  /// Brings into force here what was changed of the webhooks of these deployments, which may be gone.
  /// - Returns: those of which it could not be read: they are to be looked at once more.
  package func look(at deployments: Set<String>) async -> Set<String> {
    var failed: Set<String> = []
    for id in deployments.sorted() {
      guard isRunning else { return [] }
      guard let deployment = deployment(id) else {
        await forget(id)
        continue
      }
      do {
        try await deployment.store.doingWhatIsDue { try await look(at: deployment) }
      } catch {
        failed.insert(id)
      }
    }
    return failed
  }

  private func look(at deployment: WebhookDeployment) async throws {
    if running(of: deployment.id).values.contains(where: { $0.deployment.isGone() }) {
      await forget(deployment.id)
    }
    let kept = try await deployment.store.webhooks()
    let running = running(of: deployment.id)
    let look = WebhookLook(kept: kept, running: Set(running.keys))
    for name in look.toRefresh { try await running[name]?.refresh() }
    for name in look.toEnd { await end(name, of: deployment.id) }
    for webhook in look.toRun { try await run(try await load(webhook, deployment), of: deployment) }
  }
}
