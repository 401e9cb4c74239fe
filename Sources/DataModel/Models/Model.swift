/// One model: what its objects carry, how they display, which indexes and webhooks they have.
package struct Model: Sendable, Hashable {
  package enum Classification: String, Sendable, Hashable, CaseIterable {
    case standard
    case sensitive
  }

  package let name: String
  package let label: String
  /// nil when the XML does not say.
  package let classification: Classification?
  package let members: ModelMembers
  package let display: DisplayFormat
  package let indexes: [IndexDeclaration]
  package let notifyUsers: [NotifyUser]
  package let webhooks: [WebhookDeclaration]

  package init(
    name: String, label: String, classification: Classification? = nil, members: ModelMembers = ModelMembers(),
    display: DisplayFormat, indexes: [IndexDeclaration] = [], notifyUsers: [NotifyUser] = [],
    webhooks: [WebhookDeclaration] = []
  ) {
    self.name = name
    self.label = label
    self.classification = classification
    self.members = members
    self.display = display
    self.indexes = indexes
    self.notifyUsers = notifyUsers
    self.webhooks = webhooks
  }

  package var fields: [Field] { members.fields }
  package var belongsTo: [BelongsTo] { members.belongsTo }
  package var hasMany: [HasMany] { members.hasMany }

  package func field(_ name: String) -> Field? { members.field(name) }

  package func belongsTo(_ name: String) -> BelongsTo? { members.belongsTo(name) }

  package func hasMany(_ name: String) -> HasMany? { members.hasMany(name) }
}

/// The fields and relationships of a model's objects, each found by its name.
package struct ModelMembers: Sendable, Hashable {
  package let fields: [Field]
  package let belongsTo: [BelongsTo]
  package let hasMany: [HasMany]

  private let fieldIndexes: [String: Int]
  private let belongsToIndexes: [String: Int]
  private let hasManyIndexes: [String: Int]

  package init(fields: [Field] = [], belongsTo: [BelongsTo] = [], hasMany: [HasMany] = []) {
    self.fields = fields
    self.belongsTo = belongsTo
    self.hasMany = hasMany
    self.fieldIndexes = indexesByName(fields.map(\.name))
    self.belongsToIndexes = indexesByName(belongsTo.map(\.name))
    self.hasManyIndexes = indexesByName(hasMany.map(\.name))
  }

  func field(_ name: String) -> Field? { fieldIndexes[name].map { fields[$0] } }

  func belongsTo(_ name: String) -> BelongsTo? { belongsToIndexes[name].map { belongsTo[$0] } }

  func hasMany(_ name: String) -> HasMany? { hasManyIndexes[name].map { hasMany[$0] } }
}

/// The index of each name. Names are unique in a checked model; should one repeat, the first counts.
func indexesByName(_ names: [String]) -> [String: Int] {
  Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
}
