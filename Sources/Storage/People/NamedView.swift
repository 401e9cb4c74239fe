import Wire

/// A view that somebody keeps by a name, for themselves or for all who see the deployment.
///
/// Its number is never that of a `ViewState`, so that one address finds either. It stays until it is dropped: when its
/// owner is removed a private one goes, and a shared one stays.
package struct NamedView: Sendable, Equatable {
  /// Given by the store.
  package var number: Int64 = 0
  package var deployment: String
  package var model: String
  package var owner: PersonID
  package var name: String
  package var note = ""
  /// Whether it is there for others, too.
  package var isShared = false
  package var changedAt: Instant
  /// One higher with each change.
  package var revision: Int64 = 0

  package init(deployment: String, model: String, owner: PersonID, name: String, changedAt: Instant) {
    self.deployment = deployment
    self.model = model
    self.owner = owner
    self.name = name
    self.changedAt = changedAt
  }
}

/// The view that opens with a model: for one person, or for everybody who has none of their own.
package struct ViewDefault: Sendable, Equatable {
  package var deployment: String
  package var model: String
  /// Nil for everybody.
  package var person: PersonID?
  /// Nil takes the default away.
  package var number: Int64?

  package init(deployment: String, model: String, person: PersonID?, number: Int64?) {
    self.deployment = deployment
    self.model = model
    self.person = person
    self.number = number
  }
}

/// Which views are looked up: those that are there for a person, of the model where one is said.
package struct NamedViewWant: Sendable, Equatable {
  package var deployment: String
  package var person: PersonID
  package var model: String?

  package init(deployment: String, person: PersonID, model: String? = nil) {
    self.deployment = deployment
    self.person = person
    self.model = model
  }
}
