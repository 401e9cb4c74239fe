import Wire

/// A deploy as the history keeps it; its document is asked for by version.
package struct DeployRecord: Sendable, Equatable {
  /// Counts the deploys of a deployment, from 1.
  package var version: Int
  package var at: Instant
  package var by: Person?
  /// `datamodel_hash`.
  package var hash: String
  /// What whoever deployed says of it; nil where nothing.
  package var note: String?

  package init(version: Int, at: Instant, by: Person?, hash: String, note: String? = nil) {
    self.version = version
    self.at = at
    self.by = by
    self.hash = hash
    self.note = note
  }
}

/// What is asked of a deploy, and kept of it, beside its data model.
package struct DeployTerms: Sendable, Equatable {
  package var by: Person?
  package var note: String?
  /// In characters.
  package static let longestNote = 500
  /// The version that must be in force when it is done; nil where any may.
  package var over: Int?

  package init(by person: Person? = nil, note: String? = nil, over version: Int? = nil) {
    by = person
    self.note = note
    over = version
  }
}

/// An index that a deploy has to build over objects that are there.
package struct IndexBuilding: Sendable, Equatable {
  package var model: String
  /// As `StoredIndex.name`.
  package var name: String
  package var objects: Int
  /// For how long, about, writes wait for it; 0 where none do.
  package var secondsHoldingUp: Double

  package init(model: String, name: String, objects: Int, secondsHoldingUp: Double) {
    self.model = model
    self.name = name
    self.objects = objects
    self.secondsHoldingUp = secondsHoldingUp
  }
}

/// What a deploy would do to those who write meanwhile.
package struct DeployRehearsal: Sendable, Equatable {
  /// Indexes that are built after it.
  package var buildings: [IndexBuilding]
  /// For how long, about, writes wait for the longest step of the deploy itself.
  package var secondsHoldingUp: Double

  package init(buildings: [IndexBuilding], secondsHoldingUp: Double) {
    self.buildings = buildings
    self.secondsHoldingUp = secondsHoldingUp
  }
}
