import Deployments
import JSON
import Wire

/// Settings of a deployment with the values in force.
package struct SettingValues: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package var setting: DeploymentSetting
    /// Nil where nothing is set and there is no default.
    package var value: String?
  }

  package var rows: [Row]

  /// All, or one.
  init(of deployment: Deployment, only setting: DeploymentSetting?) {
    rows = (setting.map { [$0] } ?? DeploymentSetting.allCases).map {
      Row(setting: $0, value: deployment.value(of: $0))
    }
  }

  init(rows: [Row]) { self.rows = rows }

  /// An object with a member for each. Switches are true or false in it, and texts in storage.
  static let form = JSONForm<SettingValues>(
    write: { values in .object(values.rows.map { ($0.setting.rawValue, node(of: $0)) }) },
    read: { value throws(JSONMismatch) in
      guard value.isObject else { throw JSONMismatch("an object is expected") }
      var rows: [Row] = []
      for member in value.members {
        guard let setting = DeploymentSetting(rawValue: member.key) else {
          throw JSONMismatch("there is no such setting").within(CutText.cut(member.key))
        }
        do throws(JSONMismatch) {
          rows.append(Row(setting: setting, value: try text(of: setting, member.value)))
        } catch {
          throw error.within(member.key)
        }
      }
      return SettingValues(rows: rows)
    })

  private static func node(of row: Row) -> JSONNode {
    guard let value = row.value else { return .null }
    return row.setting.isSwitch ? .bool(value == "true") : .text(value)
  }

  private static func text(of setting: DeploymentSetting, _ value: JSONValue) throws(JSONMismatch) -> String? {
    if value.isNull { return nil }
    return setting.isSwitch ? (try JSONForm.flag.read(value) ? "true" : "false") : try JSONForm.text.read(value)
  }
}

/// The rate limits in force; nil is none.
package struct LimitRows: Sendable, Equatable, JSONRecord {
  package struct Row: Sendable, Equatable, JSONRecord {
    /// Requests a second in the long run.
    package var rate = 0.0
    /// Requests at once.
    package var burst = 1

    package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try members.member("rate", &rate, .number)
      try members.member("burst", &burst, .count)
    }
  }

  package var deployment: Row?
  package var user: Row?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("deployment", &deployment, .optional(.record))
    try members.member("user", &user, .optional(.record))
  }
}

extension LimitRows {
  package static var blank: LimitRows { LimitRows() }

  init(_ limits: RateLimiter.Limits) {
    self.init(deployment: limits.deployment.map(Row.init), user: limits.users.map(Row.init))
  }
}

extension LimitRows.Row {
  package static var blank: LimitRows.Row { LimitRows.Row() }

  init(_ limit: RateLimit) { self.init(rate: limit.rate, burst: limit.burst) }
}
