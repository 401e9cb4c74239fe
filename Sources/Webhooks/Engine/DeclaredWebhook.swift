import DataModel
import Storage

/// A webhook as the data model in force declares it, with the model that it stands in.
package struct DeclaredWebhook: Sendable {
  package let declaration: WebhookDeclaration
  package let model: StoredModel

  package var name: String { declaration.name }
  /// The relationships whose objects are put into the body.
  package var embedded: [String] { declaration.conditions.filter(\.embed).map(\.name) }

  /// All of a data model, in its order.
  package static func all(in stored: StoredDataModel) -> [DeclaredWebhook] {
    stored.models.flatMap { model in
      model.model.webhooks.map { DeclaredWebhook(declaration: $0, model: model) }
    }
  }

  /// Nil where none of this name is declared.
  package static func named(_ name: String, in stored: StoredDataModel) -> DeclaredWebhook? {
    for model in stored.models {
      if let declaration = model.model.webhooks.first(where: { $0.name == name }) {
        return DeclaredWebhook(declaration: declaration, model: model)
      }
    }
    return nil
  }
}
