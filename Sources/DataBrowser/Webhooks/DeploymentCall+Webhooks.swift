import Administration
import Attachments
import DataModel
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Webhooks
import Wire

// Manage Webhooks: what is shown. Changes are the commands that the command line has.

extension DeploymentCall {
  /// - Throws: `PageFault` where this server has none.
  func administration() throws(PageFault) -> Administration {
    guard let administration = page.handler.services.administration else {
      throw PageFault(
        422, "This cannot be done", "This server manages webhooks by commands alone.",
        next: "`sojourn webhook list` shows them.", ways: [Crumb("Overview", .overview(id))])
    }
    return administration
  }

  func webhooks() async throws -> Response {
    let engine = try administration().webhooks
    let visible = models(of: calls.view)
    var entries: [WebhooksPage.Entry] = []
    for status in try await engine.webhooks(of: id) where isThere(status, visible) && isListed(status) {
      let attempts = status.condition == .new ? [] : try await deployment.store.attempts(of: status.name)
      entries.append(WebhooksPage.Entry(status: status, success: TrySuccess(attempts)))
    }
    let (_, frame) = try await reading { _ in () }
    return answer(WebhooksPage(card: DeploymentCard(deployment), entries: entries, now: visit.now), in: frame)
  }

  /// One that is not declared any more is listed until its deliveries are done.
  private func isListed(_ status: WebhookStatus) -> Bool {
    status.isDeclared || status.waiting + status.parked > 0
  }

  /// A webhook that sends of a model which the visitor does not see is as if it were not declared: whoever could
  /// direct it somewhere would see the model.
  private func isThere(_ status: WebhookStatus, _ visible: VisibleModels) -> Bool {
    guard let declared = DeclaredWebhook.named(status.name, in: visible.view.stored) else { return true }
    return ([declared.model.name] + declared.related(in: visible.view).map(\.model.name)).allSatisfy {
      visible[$0] != nil
    }
  }

  /// - Throws: `PageFault` where there is none of this name for the visitor.
  func status(_ name: String) async throws -> WebhookStatus {
    guard let status = try await administration().webhooks.webhook(name, of: id),
      isThere(status, models(of: calls.view))
    else {
      throw PageFault.notFound("There is no webhook of this name here.", ways: [Crumb("Webhooks", .webhooks(id))])
    }
    return status
  }

  func webhook(_ name: String, object: String, _ form: PostForm?) async throws -> Response {
    let status = try await status(name)
    if let form { return try await change(status, form) }
    return try await webhookPage(status, EndpointForm.of(status), object: object)
  }

  func webhookPage(
    _ status: WebhookStatus, _ form: Form, object: String = "", code: Int? = nil
  ) async throws -> Response {
    let engine = try administration().webhooks
    let attempts = status.condition == .new ? [] : try await deployment.store.attempts(of: status.name)
    let declared = DeclaredWebhook.named(status.name, in: calls.view.stored)
    let route = Route.webhook(id, name: status.name)
    let sample = try await sample(of: status, object)
    let (_, frame) = try await reading { _ in () }
    let shown = WebhookPage(
      card: DeploymentCard(deployment), status: status,
      conditions: declared.map(WebhookPage.Conditions.init) ?? .init(), success: TrySuccess(attempts), form: form,
      verdict: try await verdict(on: status, engine), shown: try await shownSecrets(of: status),
      publicKey: engine.publicKey(of: id),
      keyAddress: "\(visit.apiOrigin)/.well-known/sojourn/webhook-key.pem?deployment=\(id)", sample: sample,
      now: visit.now, ticket: { [visit] in visit.ticket(route) })
    let isGood = form.isGood && sample.fault == nil
    return answer(shown, in: frame, status: code ?? (isGood ? 200 : 422))
  }

  private func verdict(on status: WebhookStatus, _ engine: WebhookEngine) async throws -> EndpointVerdict? {
    guard status.isOn, let url = status.url else { return nil }
    // An endpoint that was good once may be refused by a later version.
    return try? await engine.verdict(on: url, of: id)
  }

  // MARK: The body for an object.

  /// Bytes of a body that are shown.
  private static let mostOfBody = 64 << 10

  private func sample(of status: WebhookStatus, _ object: String) async throws -> WebhookPage.Sample {
    var sample = WebhookPage.Sample(object: object)
    guard !object.isEmpty, let declared = DeclaredWebhook.named(status.name, in: calls.view.stored) else {
      return sample
    }
    guard let id = ObjectID(object) else {
      sample.fault = DeliveryQuestion.noID(object)
      return sample
    }
    let name = declared.model.name
    let sequence = try await reading { read -> Int64? in
      let model = try Self.model(name, read)
      return try read.snapshot.object(model.stored, id)?.integer(0, RowPage.Lead.sequence)
    }.value
    guard let sequence else {
      sample.fault = "There is no \(name) with this id."
      return sample
    }
    let links = AttachmentLinks(
      base: visit.apiOrigin, deployment: self.id, signature: page.handler.services.attachments.signature, at: visit.now)
    let found = try await calls.entries(
      at: [sequence], of: name, embedding: declared.embedded, bytes: 1, links: links, isMasked: true)
    guard let entry = found.entries.first else {
      sample.fault = "Its last change was removed from the oplog, so that nothing can be sent of it."
      return sample
    }
    try fill(&sample, declared, entry)
    return sample
  }

  private func fill(
    _ sample: inout WebhookPage.Sample, _ declared: DeclaredWebhook,
    _ entry: (sequence: Int64, operation: OplogEntry.Operation, object: ByteBlock)
  ) throws {
    let json = withExtendedLifetime(entry.object) { String(decoding: entry.object.bytes, as: UTF8.self) }
    let masked = try PasswordMask(declared.model, embedding: declared.related(in: calls.view)).masked(json)
    let rendered = RenderedEntry(
      sequence: entry.sequence, operation: entry.operation, object: ByteBlock(Array(masked.utf8)))
    let body = try administration().webhooks.body(of: declared.name, in: id, rendered)
    sample.hasPasswords = masked != json
    sample.bytes = body.count > Self.mostOfBody ? body.count : nil
    sample.body = body.withUnsafeBytes { CutBytes.text($0, Self.mostOfBody) }
  }
}

extension DeclaredWebhook {
  /// The models of what it puts into its bodies, each by its relationship.
  fileprivate func related(in view: DataModelView) -> [(relationship: String, model: StoredModel)] {
    let embedded = Set(embedded)
    return model.model.belongsTo.compactMap { relationship in
      guard embedded.contains(relationship.name), let related = view[relationship.model] else { return nil }
      return (relationship.name, related.stored)
    }
  }
}

extension WebhookPage.Conditions {
  init(_ declared: DeclaredWebhook) {
    required = declared.declaration.conditions.filter(\.required).map {
      $0.state == .uploaded ? "\($0.name) (uploaded)" : $0.name
    }
    embedded = declared.embedded
  }
}
