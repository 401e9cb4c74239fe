import DataModel
import Deployments
import Storage
import Wire

/// What deploying a data model would change, as far as its reader may know.
struct DeployOutlook: Sendable {
  var changes: [DataModelChange]
  /// Changes that are not told, since they are about models that the reader may not see.
  var untold: Int
  var retyped: [RetypedValues]
  var buildings: [IndexBuilding]
  /// How long writes would wait for the deploy itself.
  var seconds: Double

  /// Changes of all kinds that are listed.
  static let mostChanges = 1000

  var isNothing: Bool { changes.isEmpty && untold == 0 }
}

/// The models of two data models that somebody may not see.
struct HiddenModels: Sendable {
  let names: Set<String>

  static let none = HiddenModels(names: [])

  init(names: Set<String>) { self.names = names }

  /// Those that are sensitive in any of these. One that cannot be read may have any: all of its lines are hidden.
  init(in models: [DataModel?]) {
    let sensitive = models.compactMap { $0 }.flatMap(\.models).filter { $0.classification == .sensitive }
    names = Set(sensitive.map(\.name) + (models.contains { $0 == nil } ? [""] : []))
  }

  /// Whether a change tells of none of them: neither as its own model nor as the end of a relationship.
  func allows(_ change: DataModelChange, _ models: [DataModel?]) -> Bool {
    if names.isEmpty { return true }
    if names.contains(change.model) { return false }
    guard let name = change.name else { return true }
    return !models.contains { model in
      model?[change.model]?.belongsTo(name).map { names.contains($0.model) } ?? false
    }
  }
}

extension DataModelChange.Kind {
  var isAboutWebhooks: Bool {
    switch self {
    case .webhookAdded, .webhookRemoved, .webhookChanged: true
    default: false
    }
  }
}
