import Wire

/// An object, and of which state of the deployment it is.
package struct ReadObject {
  /// One row with all columns.
  package let page: RowPage
  /// `Snapshot.nextSequence`.
  package let nextSequence: Int64
  /// Of the models that were asked for, in their order; these are final for the snapshot.
  package let stateVersions: [Int?]

  package init(page: RowPage, nextSequence: Int64, stateVersions: [Int?]) {
    self.page = page
    self.nextSequence = nextSequence
    self.stateVersions = stateVersions
  }
}

/// A call of `Snapshot.object`, as a value.
package struct ObjectLookup: Sendable {
  package let model: StoredModel
  package let id: ObjectID
  package let versioned: [StoredModel]

  package init(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) {
    self.model = model
    self.id = id
    versioned = models
  }
}
