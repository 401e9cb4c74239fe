import Wire

/// Finds what changes from one data model to another.
struct DataModelComparison {
  private(set) var changes: [DataModelChange] = []

  mutating func note(_ kind: DataModelChange.Kind, _ model: String, _ name: String?, _ sentence: String) {
    changes.append(DataModelChange(kind: kind, model: model, name: name, sentence: sentence))
  }

  mutating func compare(_ old: DataModel?, _ new: DataModel) {
    for model in new.models {
      if let before = old?[model.name] {
        compare(before, model)
      } else {
        note(
          .modelAdded, model.name, nil,
          "The model \(model.name) is added, with \(CountText.of(model.fields.count, "field")).")
      }
    }
    guard let old else { return }
    for model in old.models where new[model.name] == nil {
      note(
        .modelRemoved, model.name, nil,
        "The model \(model.name) is removed: its objects are kept, hidden, until it is declared again.")
    }
    if isReordered(old.models.map(\.name), new.models.map(\.name)) {
      note(.modelsReordered, "", nil, "The models have another order.")
    }
  }

  private mutating func compare(_ old: Model, _ new: Model) {
    let name = new.name
    if old.label != new.label {
      note(
        .modelDescribed, name, nil,
        "The label of \(name) changes from \(quoted(old.label)) to \(quoted(new.label)).")
    }
    if old.classification != new.classification {
      note(
        .modelDescribed, name, nil,
        "The classification of \(name) changes from \(old.classification?.rawValue ?? "none") to"
          + " \(new.classification?.rawValue ?? "none").")
    }
    compareFields(old, new)
    compareRelationships(old, new)
    if old.display.text != new.display.text {
      note(
        .displayChanged, name, nil,
        "The display of \(name) changes from \(quoted(old.display.text)) to \(quoted(new.display.text)).")
    }
    compareIndexes(old, new)
    compareWebhooks(old, new)
    if old.notifyUsers != new.notifyUsers {
      note(.notificationsChanged, name, nil, "The notifications of \(name) change.")
    }
  }

  private mutating func compareRelationships(_ old: Model, _ new: Model) {
    let model = new.name
    for relationship in new.belongsTo {
      let name = relationship.name
      guard let before = old.belongsTo(name) else {
        note(
          .belongsToAdded, model, name, "\(model).\(name) is added, a relationship to \(relationship.model).")
        continue
      }
      if before.model != relationship.model {
        note(
          .belongsToRetargeted, model, name,
          "\(model).\(name) points to \(relationship.model) instead of \(before.model): stored ids are kept.")
      }
    }
    for relationship in old.belongsTo where new.belongsTo(relationship.name) == nil {
      note(
        .belongsToRemoved, model, relationship.name,
        "\(model).\(relationship.name) is removed, a relationship: its stored ids are kept, hidden.")
    }
    if isReordered(old.belongsTo.map(\.name), new.belongsTo.map(\.name)) {
      note(.belongsToReordered, model, nil, "The relationships of \(model) have another order.")
    }
    if old.hasMany != new.hasMany {
      note(.hasManyChanged, model, nil, "The has-many of \(model) change. Nothing is stored for them.")
    }
  }

  private mutating func compareIndexes(_ old: Model, _ new: Model) {
    let model = new.name
    for index in new.indexes {
      if let before = old.indexes.first(where: { $0.isSame(as: index) }) {
        if before.name != index.name {
          note(
            .indexRenamed, model, index.name, "The index \(before.name) of \(model) is now \(index.name).")
        }
        continue
      }
      note(.indexAdded, model, index.name, "\(model) gets the index \(index.name) on \(index.columns).")
    }
    for index in old.indexes where !new.indexes.contains(where: { $0.isSame(as: index) }) {
      note(.indexRemoved, model, index.name, "\(model) loses the index \(index.name) on \(index.columns).")
    }
  }

  private mutating func compareWebhooks(_ old: Model, _ new: Model) {
    let model = new.name
    for webhook in new.webhooks {
      let name = webhook.name
      guard let before = old.webhooks.first(where: { $0.name == name }) else {
        note(.webhookAdded, model, name, "\(model) gets the webhook \(name). It does nothing until enabled.")
        continue
      }
      if before != webhook { note(.webhookChanged, model, name, "The webhook \(name) of \(model) changes.") }
    }
    for webhook in old.webhooks where !new.webhooks.contains(where: { $0.name == webhook.name }) {
      note(.webhookRemoved, model, webhook.name, "\(model) loses the webhook \(webhook.name).")
    }
  }
}

/// The names that both have stand in another order.
func isReordered(_ old: [String], _ new: [String]) -> Bool {
  let common = Set(old).intersection(new)
  return old.filter(common.contains) != new.filter(common.contains)
}

extension IndexDeclaration {
  /// One real index serves both.
  fileprivate func isSame(as other: IndexDeclaration) -> Bool {
    keys == other.keys && databases == other.databases
  }

  /// As in the XML.
  fileprivate var columns: String { keys.map { ($0.descending ? "-" : "") + $0.name }.joined(separator: ",") }
}
