import Wire

/// A delivery from the rendered entry to its result: the body, the signatures, the request.
struct DeliveryJob: Sendable {
  let one: HookCursor.Try
  let entry: RenderedEntry
  let event: String
  let url: String
  let secrets: WebhookSecrets
  let key: SigningKey
  let place: HookDeployment
  let settings: HookSettings

  func run(over sender: any DeliverySender) async -> DeliveryResult {
    let body = DeliveryBody.json(
      event: event, server: settings.server, deployment: place.id, appID: place.appID, entry)
    do {
      let request = DeliveryRequest(
        endpoint: try Endpoint(url),
        headers: try DeliveryHeaders.all(
          event: event, one, body: body, secrets: secrets, key: key, version: settings.version),
        body: ByteBlock(body), permitted: place.permitted(), attempt: one.delivery.attempts)
      return await sender.send(request)
    } catch {
      return DeliveryResult(status: nil, problem: "\(error)")
    }
  }
}
