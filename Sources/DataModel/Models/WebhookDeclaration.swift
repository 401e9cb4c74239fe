/// A `<webhook>` (webhooks.md «Declaring»). It does nothing until it is enabled with an endpoint.
package struct WebhookDeclaration: Sendable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Once per object, the first time that the conditions hold.
    case ready
    /// On every save of an object while the conditions hold.
    case update
  }

  package enum Receiver: String, Sendable, Hashable, CaseIterable {
    case cloudcode
    case pdfmailer
  }

  /// A condition on a field or belongs-to, and whether the related object is put into the body.
  package struct Condition: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
      case present
      /// Attachments only: wait until the bytes are there.
      case uploaded
    }

    /// A field or belongs-to of the model.
    package let name: String
    /// It must be set for the webhook to fire.
    package let required: Bool
    /// True on belongs-to only.
    package let embed: Bool
    package let state: State

    package init(name: String, required: Bool, embed: Bool, state: State) {
      self.name = name
      self.required = required
      self.embed = embed
      self.state = state
    }
  }

  /// How it came by its name.
  package enum Naming: Sendable {
    case written
    /// It is the only one without a name that this default name stands for.
    case byDefault
    /// Others have the same default name: which of them has which number follows from their order alone.
    case byOrder
  }

  /// Unique in the deployment.
  package let name: String
  package let kind: Kind
  /// nil is an HTTP endpoint.
  package let receiver: Receiver?
  /// There exactly when there is a receiver.
  package let action: String?
  package let conditions: [Condition]
  package let naming: Naming
  /// Where it stands in the document.
  package let line: Int

  package init(
    name: String, kind: Kind, receiver: Receiver?, action: String?, conditions: [Condition],
    naming: Naming = .written, line: Int = 0
  ) {
    self.name = name
    self.kind = kind
    self.receiver = receiver
    self.action = action
    self.conditions = conditions
    self.naming = naming
    self.line = line
  }
}

extension WebhookDeclaration: Hashable {
  /// Equal in meaning: how it came by its name and where it stands have none.
  package static func == (left: WebhookDeclaration, right: WebhookDeclaration) -> Bool {
    left.name == right.name && left.kind == right.kind && left.receiver == right.receiver
      && left.action == right.action && left.conditions == right.conditions
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(kind)
    hasher.combine(conditions)
  }
}
