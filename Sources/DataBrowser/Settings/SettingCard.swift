import Deployments
import Storage
import Web
import Wire

/// A setting as pages tell of it.
struct SettingCard: Sendable {
  var setting: DeploymentSetting
  /// Nil where nothing is set.
  var value: String?
  /// When it was set last, and by whom in words; nil where that is not known.
  var note: (at: Instant, by: String)?

  var name: String { setting.rawValue }

  /// What is in force.
  var inForce: HTML { Self.html(value ?? setting.defaultValue) }
  var standard: HTML { Self.html(setting.defaultValue) }

  /// Nothing and an empty text look different.
  static func html(_ value: String?) -> HTML {
    guard let value else { return .written(ValueHTML.none) }
    return value.isEmpty ? ValueHTML.blank("empty text") : code(.directionOfText) { value }
  }

  /// Who set it and when. What was set before that was kept says so.
  @HTMLBuilder
  var maker: HTML {
    if let note {
      span(.directionOfText) { note.by }
      " "
      span(.class("hush small")) { HTML.timeWithZone(note.at) }
    } else if value == nil {
      "never set"
    } else {
      span(.class("hush")) { "not known: when the deployment was made, or before this was kept" }
    }
  }
}
