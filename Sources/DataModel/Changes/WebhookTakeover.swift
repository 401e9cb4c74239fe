/// A configured webhook whose name a deploy would give to another one, which would then send to its endpoint.
///
/// Webhooks without a name that share a default name are told apart by their order alone. When one of them is
/// removed, added or moved, what was configured for one name would serve what another declares. A webhook whose
/// name means it alone, before and after, may change what it sends: that is an edit of it.
package struct WebhookTakeover: Sendable, Equatable {
  package let name: String
  /// The line in which the next data model declares it.
  package let line: Int

  /// `configured` are the names with an endpoint; `before` is what the name stood for when it was declared
  /// last, nil where nobody knows.
  package static func all(
    in model: DataModel, configured: [(name: String, before: ModelWebhook?)]
  ) -> [WebhookTakeover] {
    let webhooks = model.webhooks
    let byName = Dictionary(webhooks.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
    return configured.compactMap { name, before in
      guard let next = byName[name], isTakeover(of: before, by: next, among: webhooks) else { return nil }
      return WebhookTakeover(name: name, line: next.declaration.line)
    }
  }

  private static func isTakeover(
    of before: ModelWebhook?, by next: ModelWebhook, among webhooks: [ModelWebhook]
  ) -> Bool {
    guard let before else { return next.declaration.naming == .byOrder }
    if next.doesTheSame(as: before) { return false }
    switch (before.declaration.naming, next.declaration.naming) {
    case (_, .byOrder), (.byOrder, .byDefault), (.written, .byDefault): return true
    // The name was written for this one; whether the other was to lose it, only its own name can say.
    case (.byDefault, .written), (.byOrder, .written):
      return webhooks.contains { $0.declaration.naming != .written && $0.doesTheSame(as: before) }
    // Where the name means one alone before and after, that one is edited.
    case (.written, .written), (.byDefault, .byDefault): return false
    }
  }

  /// What is wrong and what to do.
  package var sentence: String {
    "The webhook \(quoted(name)) has an endpoint, and this data model would give the name to another webhook, in line"
      + " \(line). Without names of their own, webhooks with one default name are told apart by their order alone."
      + " Write name=\(quoted(name)) on the one that is to keep the endpoint, and a name on each of the others."
  }
}

/// A webhook's declaration with the model that it stands in.
package struct ModelWebhook: Sendable {
  package let model: String
  package let declaration: WebhookDeclaration

  /// Whatever they are called.
  func doesTheSame(as other: ModelWebhook) -> Bool {
    model == other.model && declaration.kind == other.declaration.kind
      && declaration.receiver == other.declaration.receiver && declaration.action == other.declaration.action
      && Set(declaration.conditions) == Set(other.declaration.conditions)
  }
}

extension DataModel {
  package var webhooks: [ModelWebhook] {
    models.flatMap { model in model.webhooks.map { ModelWebhook(model: model.name, declaration: $0) } }
  }
}
