import Storage
import Threads
import Wire

/// A delivery from the rendered entry to its result: the body, the signatures, the request.
struct DeliveryJob: Sendable {
  let one: DeliveryTry
  let entry: RenderedEntry
  let event: String
  let url: String
  let secrets: WebhookSecrets
  let key: SigningKey
  let deployment: WebhookDeployment
  let settings: WebhookSettings

  /// Signing is most of the work: it has a thread of its own that gives way to those who answer clients.
  func run(over sender: any DeliverySender, signing: BlockingThreads) async -> DeliveryResult {
    do {
      return await sender.send(try await signing.run { try request() })
    } catch {
      return DeliveryResult(status: nil, problem: "\(error)")
    }
  }

  private func request() throws -> DeliveryRequest {
    let body = DeliveryBody.json(
      event: event, server: settings.server, deployment: deployment.id, appID: deployment.appID, entry)
    return DeliveryRequest(
      endpoint: try Endpoint(url),
      headers: try DeliveryHeaders.all(
        event: event, one, body: body, secrets: secrets, key: key, version: settings.version),
      body: ByteBlock(body), permitted: deployment.permitted(), attempt: one.delivery.attempts)
  }
}
