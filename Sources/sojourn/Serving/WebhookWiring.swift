import Attachments
import Deployments
import Objects
import Storage
import Synchronization
import Transfers
import Webhooks
import Wire

/// Puts webhooks together from the deployments, their objects and the server's key.
struct WebhookWiring {
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  /// For large bodies.
  let spool: SpoolFolder
  /// The server's own.
  let key: ServerKey
  var clock: any WallClock = SystemClock()

  /// For a server, which clients reach at the address `server`: it sends.
  func sending(as server: String, log: ServerLog) throws -> WebhookEngine {
    let settings = settings(server: server, report: { log.warning($0) })
    let sender: EndpointSender
    do {
      sender = try EndpointSender(lookup: try SystemLookup())
    } catch let fault as TransferLoop.Fault {
      throw DeploymentFault("Webhooks cannot be sent: \(fault).")
    }
    return try engine(settings, sender)
  }

  /// For a command that has the data open itself: it changes what is kept and sends nothing.
  static func resting(
    _ deployments: DeploymentRegistry, _ attachments: AttachmentService, key: ServerKey, spool: String
  ) throws -> WebhookEngine {
    let wiring = WebhookWiring(
      deployments: deployments, attachments: attachments,
      spool: SpoolFolder(path: spool, memory: SpoolMemory(limit: 0)), key: key)
    return try wiring.engine(wiring.settings(server: "", report: { _ in }), Nobody())
  }

  private struct Nobody: DeliverySender {
    func send(_ request: DeliveryRequest) async -> DeliveryResult {
      DeliveryResult(status: nil, problem: "no server runs")
    }

    func verdict(on endpoint: Endpoint, permitted: AddressGuard) async -> EndpointVerdict {
      .notFound("no server runs")
    }
  }

  private func settings(
    server: String, report: @escaping @Sendable (String) -> Void
  ) -> WebhookSettings {
    WebhookSettings(
      server: server, version: Commands.version,
      sealing: key.derived("webhooks"), clock: clock, report: report)
  }

  private func engine(_ settings: WebhookSettings, _ sender: any DeliverySender) throws -> WebhookEngine {
    try WebhookEngine(settings: settings, sender: sender) { [deployments, attachments, spool] id in
      guard let deployment = deployments[id] else { return nil }
      let calls = ObjectCalls(
        store: deployment.store, spool: spool, blobs: nil)
      return WebhookDeployment(
        id: id, appID: deployment.record.appID, store: deployment.store,
        permitted: {
          // What stands there was checked when it was set.
          AddressGuard(allowed: (try? DeploymentSetting.ranges(deployment.value(of: .webhookAllow) ?? "")) ?? [])
        },
        render: { wanted in
          let found = try await calls.entries(
            at: wanted.sequences, of: wanted.model, embedding: wanted.embedded, bytes: wanted.bytes,
            links: AttachmentLinks(
              base: settings.server, deployment: id, signature: attachments.signature, at: settings.clock.now))
          return EntriesFound(
            entries: found.entries.map {
              RenderedEntry(sequence: $0.sequence, operation: $0.operation, object: $0.object)
            },
            gone: found.gone)
        }, announce: { try await deployments.announceChange(of: id) }, isGone: { deployment.isDeleted })
    }
  }

  /// Says which deployments send an address that receivers cannot use.
  static func warn(of webhooks: WebhookEngine, _ deployments: DeploymentRegistry, _ log: ServerLog) async {
    for deployment in deployments.all {
      let webhooks = (try? await deployment.store.webhooks().filter(\.isEnabled)) ?? []
      if webhooks.isEmpty { continue }
      log.warning(
        "The deployment \(deployment.id) has \(webhooks.count) enabled webhook\(webhooks.count == 1 ? "" : "s"), and no public URL "
          + "is set: what they send names this machine as their server. --public-url says how receivers reach it.")
    }
  }
}
