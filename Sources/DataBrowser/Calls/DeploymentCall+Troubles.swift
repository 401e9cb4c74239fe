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
    if !store.isFit { troubles.append(onServer(.writesFail)) }
    let disk = page.handler.services.server.disk()
    if let trouble = Trouble.nearlyFull(disk, hasNumbers: visitor.person.isOperator) {
      troubles.append(onServer(trouble))
    }
    do {
      troubles += try await webhookTroubles()
    } catch {
      troubles.append(onServer(.unreadable("What is known of webhooks")))
    }
    do {
      troubles += try await indexTroubles()
    } catch {
      troubles.append(onServer(.unreadable("Which indexes there are")))
    }
    return troubles
  }

  private func onServer(_ trouble: Trouble) -> Trouble {
    trouble.leading(to: "Look at the server", .server, if: visitor.person.isOperator)
  }

  private func webhookTroubles() async throws -> [Trouble] {
    let parked = page.handler.services.server.parked(id)
    let manages = visitor.has(.administrator, in: id)
    let suspended = try await deployment.store.webhooks().compactMap { webhook -> Trouble? in
      guard webhook.isEnabled, let since = webhook.suspendedSince else { return nil }
      return Trouble.suspended(webhook.name, since: Instant(clampingMilliseconds: since))
        .leading(to: "Mend its endpoint", .webhook(id, name: webhook.name), if: manages)
    }
    let givenUp = Trouble.parked(parked).leading(to: "Look at them", .webhooks(id), if: manages)
    return suspended.prefix(Self.mostWebhooks) + (parked > 0 ? [givenUp] : [])
  }

  private func indexTroubles() async throws -> [Trouble] {
    let names = Set(models(of: calls.view).all.map(\.name))
    let pending = try await deployment.store.pendingIndexes().filter { names.contains($0.model) }
    let named = pending.prefix(Self.mostIndexes).map { index in
      Trouble.pending(index.name, of: index.model, objects: index.objects)
        .leading(to: "The model's indexes", .about(id, model: index.model), if: true)
    }
    let further = pending.count - named.count
    let rest = Trouble.furtherPending(further).leading(to: "All indexes", .dataModel(id), if: true)
    return named + (further > 0 ? [rest] : [])
  }
}
