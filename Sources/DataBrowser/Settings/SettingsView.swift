import Deployments
import Wire

/// What the page of settings shows: what is none of ours shows them all.
package enum SettingsView: Hashable, Sendable {
  case all
  /// The form of one of them.
  case change(DeploymentSetting)
  /// All, with a notice about the one that was set a moment ago.
  case done(DeploymentSetting)

  init(_ query: QueryPairs) {
    if let setting = query["change"].flatMap(DeploymentSetting.init) {
      self = .change(setting)
    } else if let setting = query["done"].flatMap(DeploymentSetting.init) {
      self = .done(setting)
    } else {
      self = .all
    }
  }

  var pairs: [(key: String, value: String)] {
    switch self {
    case .all: []
    case .change(let setting): [("change", setting.rawValue)]
    case .done(let setting): [("done", setting.rawValue)]
    }
  }
}
