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
  package let fields: [Field]
  package let belongsTo: [BelongsTo]
  package let hasMany: [HasMany]
  package let display: DisplayFormat
  package let indexes: [IndexDeclaration]
  package let notifyUsers: [NotifyUser]
  package let webhooks: [WebhookDeclaration]

  private let fieldPositions: [String: Int]
  private let belongsToPositions: [String: Int]
  private let hasManyPositions: [String: Int]

  package init(
    name: String, label: String, classification: Classification? = nil, fields: [Field] = [],
    belongsTo: [BelongsTo] = [], hasMany: [HasMany] = [], display: DisplayFormat,
    indexes: [IndexDeclaration] = [], notifyUsers: [NotifyUser] = [], webhooks: [WebhookDeclaration] = []
  ) {
    self.name = name
    self.label = label
    self.classification = classification
    self.fields = fields
    self.belongsTo = belongsTo
    self.hasMany = hasMany
    self.display = display
    self.indexes = indexes
    self.notifyUsers = notifyUsers
    self.webhooks = webhooks
    self.fieldPositions = namePositions(fields.map(\.name))
    self.belongsToPositions = namePositions(belongsTo.map(\.name))
    self.hasManyPositions = namePositions(hasMany.map(\.name))
  }

  package func field(_ name: String) -> Field? { fieldPositions[name].map { fields[$0] } }

  package func belongsTo(_ name: String) -> BelongsTo? { belongsToPositions[name].map { belongsTo[$0] } }

  package func hasMany(_ name: String) -> HasMany? { hasManyPositions[name].map { hasMany[$0] } }

  /// The index in `fields`.
  package func position(ofField name: String) -> Int? { fieldPositions[name] }

  /// The index in `belongsTo`.
  package func position(ofBelongsTo name: String) -> Int? { belongsToPositions[name] }
}

/// Where each name stands. Names are unique in a checked model; should one repeat, the first counts.
func namePositions(_ names: [String]) -> [String: Int] {
  Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
}
