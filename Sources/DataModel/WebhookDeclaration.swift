/// A `<webhook>` (webhooks.md «Declaring»). It does nothing until it is enabled with an endpoint.
package struct WebhookDeclaration: Sendable, Hashable {
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
    /// It must be set for the hook to fire.
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

  /// Unique in the deployment.
  package let name: String
  package let kind: Kind
  /// nil is an HTTP endpoint.
  package let receiver: Receiver?
  /// There exactly when there is a receiver.
  package let action: String?
  package let conditions: [Condition]

  package init(name: String, kind: Kind, receiver: Receiver?, action: String?, conditions: [Condition]) {
    self.name = name
    self.kind = kind
    self.receiver = receiver
    self.action = action
    self.conditions = conditions
  }
}
