import Wire

/// A form that was sent when it could not be taken, kept until its person has signed in or elevated again.
package struct HeldForm: Sendable, Equatable {
  package var person: PersonID
  /// The path that it was sent to.
  package var path: String
  /// Its fields, under the server's key.
  package var sealed: [UInt8]
  package var heldAt: Instant

  package init(person: PersonID, path: String, sealed: [UInt8], heldAt: Instant) {
    self.person = person
    self.path = path
    self.sealed = sealed
    self.heldAt = heldAt
  }
}

/// A POST that must not happen twice.
package struct NonceRecord: Sendable, Equatable {
  /// Of the form's ticket.
  package var nonce: [UInt8]
  package var at: Instant
  /// Where the first POST led; nil while it is being done.
  package var outcome: String?

  package init(nonce: [UInt8], at: Instant, outcome: String? = nil) {
    self.nonce = nonce
    self.at = at
    self.outcome = outcome
  }
}

/// The address of a view that is too long for a link, kept under a number that its person alone can use.
package struct ViewState: Sendable, Equatable {
  package var person: PersonID
  package var deployment: String
  /// Path and query.
  package var address: String
  package var usedAt: Instant

  package init(person: PersonID, deployment: String, address: String, usedAt: Instant) {
    self.person = person
    self.deployment = deployment
    self.address = address
    self.usedAt = usedAt
  }
}

/// The columns that a person has chosen for a model's table.
package struct ColumnChoice: Sendable, Equatable {
  package var person: PersonID
  package var deployment: String
  package var model: String
  /// Names in order; nil goes back to the default.
  package var columns: [String]?

  package init(person: PersonID, deployment: String, model: String, columns: [String]?) {
    self.person = person
    self.deployment = deployment
    self.model = model
    self.columns = columns
  }
}

/// The models that a person opened last in a deployment.
package struct RecentModels: Sendable, Equatable {
  package var person: PersonID
  package var deployment: String
  /// Names, the latest first.
  package var models: [String]

  package init(person: PersonID, deployment: String, models: [String]) {
    self.person = person
    self.deployment = deployment
    self.models = models
  }
}
