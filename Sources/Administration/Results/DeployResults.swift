import DataModel
import Deployments
import JSON
import Storage
import Wire

/// What a deploy changes, or would change.
package struct DeployEffectRows: Sendable, Equatable {
  package struct Change: Sendable, Equatable, JSONRecord {
    package var kind = DataModelChange.Kind.modelAdded
    /// Nil where the change is about all models.
    package var model: String?
    package var name: String?
    package var sentence = ""
    /// Values are hidden, or read under another type than they were written.
    package var touchesStoredValues = false

    package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try members.member("kind", &kind, .word)
      try members.member("model", &model, .optional(.text))
      try members.member("name", &name, .optional(.text))
      try members.member("sentence", &sentence, .text)
      try members.member("touches_stored_values", &touchesStoredValues, .flag)
    }
  }

  package struct Index: Sendable, Equatable, JSONRecord {
    package var model = ""
    package var name = ""
    package var objects = 0
    /// About how long writes wait for it.
    package var seconds = 0.0

    package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try members.member("model", &model, .text)
      try members.member("name", &name, .text)
      try members.member("objects", &objects, .count)
      try members.member("seconds", &seconds, .number)
    }
  }

  /// Of all changes; not more than `mostChanges` of them are listed.
  package var changeCount = 0
  package var changes: [Change] = []
  package var indexes: [Index] = []

  static let mostChanges = 1000

  mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("change_count", &changeCount, .count)
    try members.member("changes", &changes, .list(.record))
    try members.member("indexes", &indexes, .list(.record))
  }
}

/// A data model that was made current.
package struct Deployed: Sendable, Equatable, JSONRecord {
  package var version = 1
  package var hash = ""
  package var at = Instant.first
  package var effect = DeployEffectRows()

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("version", &version, .count)
    try members.member("datamodel_hash", &hash, .text)
    try members.member("last_deployed_at", &at, .time)
    try effect.visit(&members)
  }
}

/// What a deploy would do.
package struct DeployPreview: Sendable, Equatable, JSONRecord {
  package var hash = ""
  package var effect = DeployEffectRows()
  /// About how long writes would wait for the deploy itself.
  package var seconds = 0.0

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("datamodel_hash", &hash, .text)
    try effect.visit(&members)
    try members.member("seconds", &seconds, .number)
  }
}

/// A deploy in the history.
package struct DeployRow: Sendable, Equatable, JSONRecord {
  package var version = 1
  package var at = Instant.first
  package var name: String?
  package var email: String?
  package var hash = ""
  package var isCurrent = false
  /// What whoever deployed said of it.
  package var note: String?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("version", &version, .count)
    try members.member("deployed_at", &at, .time)
    try members.member("by_name", &name, .optional(.text))
    try members.member("by_email", &email, .optional(.text))
    try members.member("datamodel_hash", &hash, .text)
    try members.member("current", &isCurrent, .flag)
    try members.member("note", &note, .optional(.text))
  }
}

// MARK: From what the deployments say.

extension DeployEffectRows {
  init(_ effect: DeploymentRegistry.DeployEffect) {
    changeCount = effect.changes.count
    changes = effect.changes.prefix(Self.mostChanges).map { change in
      Change(
        kind: change.kind, model: change.model.isEmpty ? nil : change.model, name: change.name,
        sentence: change.sentence, touchesStoredValues: change.touchesStoredValues)
    }
    indexes = effect.buildings.map { building in
      Index(
        model: building.model, name: building.name, objects: building.objects,
        seconds: Self.estimate(building.secondsHoldingUp))
    }
  }

  /// To the millisecond.
  static func estimate(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

extension DeployEffectRows.Change { package static var blank: DeployEffectRows.Change { DeployEffectRows.Change() } }
extension DeployEffectRows.Index { package static var blank: DeployEffectRows.Index { DeployEffectRows.Index() } }
extension DeployPreview { package static var blank: DeployPreview { DeployPreview() } }

extension Deployed {
  package static var blank: Deployed { Deployed() }

  init(_ stored: StoredDataModel, _ effect: DeploymentRegistry.DeployEffect) {
    self.init(
      version: stored.version, hash: stored.model.hash, at: stored.deployedAt, effect: DeployEffectRows(effect))
  }
}

extension DeployRow {
  package static var blank: DeployRow { DeployRow() }

  init(_ deploy: DeployRecord, isCurrent: Bool) {
    self.init(
      version: deploy.version, at: deploy.at, name: deploy.by?.name, email: deploy.by?.email, hash: deploy.hash,
      isCurrent: isCurrent, note: deploy.note)
  }
}
