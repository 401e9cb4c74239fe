import Administration
import Deployments
import Objects
import People
import Storage
import Wire

extension DeploymentCall {
  /// Indexes that are named one by one.
  private static let mostIndexes = 5
  private static let mostWebhooks = 20

  /// What is wrong, as far as it is known without looking for it. What cannot be read is a trouble of its own, and keeps
  /// nobody from the page.
  func troubles() async -> [Trouble] {
    let store = deployment.store
    var troubles: [Trouble] = []
    if !store.isFit { troubles.append(.writesFail) }
    let disk = page.handler.services.server.disk()
    if let trouble = DiskTrouble.of(disk, hasNumbers: visitor.person.isOperator) { troubles.append(trouble) }
    do {
      troubles += try await webhookTroubles()
    } catch {
      troubles.append(.unreadable("What is known of webhooks"))
    }
    do {
      troubles += try await indexTroubles()
    } catch {
      troubles.append(.unreadable("Which indexes there are"))
    }
    return troubles
  }

  private func webhookTroubles() async throws -> [Trouble] {
    let parked = page.handler.services.server.parked(id)
    let suspended = try await deployment.store.webhooks().compactMap { webhook -> Trouble? in
      guard webhook.isEnabled, let since = webhook.suspendedSince else { return nil }
      return .suspended(webhook.name, since: Instant(clampingMilliseconds: since))
    }
    return suspended.prefix(Self.mostWebhooks) + (parked > 0 ? [.parked(parked)] : [])
  }

  private func indexTroubles() async throws -> [Trouble] {
    let names = Set(models(of: calls.view).all.map(\.name))
    let pending = try await deployment.store.pendingIndexes().filter { names.contains($0.model) }
    let named = pending.prefix(Self.mostIndexes).map { Trouble.pending($0.name, of: $0.model, objects: $0.objects) }
    let further = pending.count - named.count
    return named + (further > 0 ? [.furtherPending(further)] : [])
  }
}
