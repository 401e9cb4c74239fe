/// One difference between a deployed data model and the next one (data-model.md «Deploying a changed
/// model»).
///
/// There is no rename: it shows as a removal and an addition.
package struct DataModelChange: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case modelAdded = "model-added"
    case modelRemoved = "model-removed"
    case modelDescribed = "model-described"
    case modelsReordered = "models-reordered"
    case fieldAdded = "field-added"
    case fieldRemoved = "field-removed"
    case fieldRetyped = "field-retyped"
    case fieldDescribed = "field-described"
    case fieldsReordered = "fields-reordered"
    case optionsChanged = "options-changed"
    case belongsToAdded = "belongs-to-added"
    case belongsToRemoved = "belongs-to-removed"
    case belongsToRetargeted = "belongs-to-retargeted"
    case belongsToReordered = "belongs-to-reordered"
    case hasManyChanged = "has-many-changed"
    case displayChanged = "display-changed"
    case indexAdded = "index-added"
    case indexRemoved = "index-removed"
    case indexRenamed = "index-renamed"
    case webhookAdded = "webhook-added"
    case webhookRemoved = "webhook-removed"
    case webhookChanged = "webhook-changed"
    case notificationsChanged = "notifications-changed"

    /// Values in storage are hidden by the change, or read under another type or model than they were
    /// written: it takes more than adding tables, columns and indexes. All other kinds add something
    /// or change how values are shown.
    package var touchesStoredValues: Bool {
      switch self {
      case .modelRemoved, .fieldRemoved, .fieldRetyped, .belongsToRemoved, .belongsToRetargeted: true
      default: false
      }
    }
  }

  package let kind: Kind
  /// The model that changes; empty for `modelsReordered`.
  package let model: String
  /// The field, relationship, index or webhook that changes; nil where it is the model itself.
  package let name: String?
  /// One sentence for a person.
  package let sentence: String

  package var touchesStoredValues: Bool { kind.touchesStoredValues }
}
