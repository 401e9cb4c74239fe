import Deployments
import JSON

/// A setting and its new value; nil goes back to the default.
package struct SettingChange: Sendable, Equatable, JSONRecord {
  package var setting = DeploymentSetting.label
  package var value: String?

  init() {}
  package static var blank: SettingChange { SettingChange() }

  package init(_ setting: DeploymentSetting, _ value: String?) {
    self.setting = setting
    self.value = value
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("setting", &setting, .word)
    try members.member("value", &value, .optional(.text))
  }
}
