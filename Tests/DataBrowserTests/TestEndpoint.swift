import Attachments
import Deployments
import HTTPServer
import Objects
import Storage
import Synchronization
import Testing
import Webhooks
import Wire

/// Where the webhooks of a test send: hosts of `example.org` are public, addresses are what they are, all else is not
/// found.
final class TestEndpoint: DeliverySender {
  private let seen = Mutex<[String]>([])
  private let answer = Mutex(DeliveryResult(status: 200, problem: nil, milliseconds: 12, answer: Array("thanks".utf8)))

  /// The bodies that came.
  var bodies: [String] { seen.withLock { $0 } }

  func answers(_ result: DeliveryResult) { answer.withLock { $0 = result } }

  func send(_ request: DeliveryRequest) async -> DeliveryResult {
    seen.withLock { $0.append(String(decoding: request.body.bytes, as: UTF8.self)) }
    return answer.withLock { $0 }
  }

  func verdict(on endpoint: Endpoint, permitted: AddressGuard) async -> EndpointVerdict {
    let address = endpoint.host.hasSuffix("example.org") ? "93.184.216.34" : endpoint.host
    guard let address = NetworkAddress(address) else { return .notFound("\"\(endpoint.host)\" is not found") }
    return EndpointVerdict([address], permitted: permitted)
  }

  /// Of all engines of the tests: what the pages show does not depend on it, and it takes long to make.
  private static let signingKey = Result { try SigningKey.random() }

  static func engine(
    _ deployments: DeploymentRegistry, _ endpoint: TestEndpoint, _ spool: SpoolFolder, _ clock: ManualClock
  ) throws -> WebhookEngine {
    let settings = WebhookSettings(
      server: "http://here", version: "1", sealing: [UInt8](repeating: 7, count: 32), clock: clock,
      makeKey: { try signingKey.get() })
    return try WebhookEngine(settings: settings, sender: endpoint) { id in
      guard let deployment = deployments[id] else { return nil }
      let calls = ObjectCalls(store: deployment.store, spool: spool, blobs: nil)
      return WebhookDeployment(
        id: id, appID: "app", store: deployment.store,
        permitted: {
          AddressGuard(allowed: (try? DeploymentSetting.ranges(deployment.value(of: .webhookAllow) ?? "")) ?? [])
        },
        render: { wanted in
          let found = try await calls.entries(
            at: wanted.sequences, of: wanted.model, embedding: wanted.embedded, bytes: wanted.bytes,
            links: AttachmentLinks(
              base: "http://here", deployment: id, signature: .init(key: [1, 2, 3]), at: clock.now))
          return EntriesFound(
            entries: found.entries.map {
              RenderedEntry(sequence: $0.sequence, operation: $0.operation, object: $0.object)
            },
            gone: found.gone)
        })
    }
  }
}

extension TestBrowser {
  /// Keeps these beside what the webhook has, as if it had come to them.
  func keep(_ deliveries: [WebhookDelivery], _ attempts: [WebhookAttempt] = [], of name: String) async throws {
    let store = try deployments.deployment(deploymentID).store
    let record = try #require(try await store.webhooks().first { $0.name == name })
    try await store.change([WebhookChange(record: record, deliveries: deliveries, attempts: attempts)])
  }

  func unfinished(_ name: String) async throws -> [WebhookDelivery] {
    try await deployments.deployment(deploymentID).store.deliveries(of: name)
  }
}
