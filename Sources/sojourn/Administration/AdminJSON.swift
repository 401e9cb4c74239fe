import DataModel
import Deployments
import Storage
import Wire

/// The JSON that administrative commands print with `--json`.
enum AdminJSON {
  static func created(_ deployment: Deployment, password: String) -> String {
    object([
      ("id", deployment.id), ("path", "/api/v4/\(deployment.id)"), ("username", deployment.id), ("password", password),
    ])
  }

  static func password(_ password: String, of deployment: String) -> String {
    object([("username", deployment), ("password", password)])
  }

  static func token(_ token: String) -> String { object([("token", token)]) }

  /// Those that cannot be used say why in `problem`, which is null for the others.
  static func list(_ deployments: [Deployment], unusable: [UnusableDeployment]) -> String {
    let items =
      deployments.map { deployment($0.record, $0.store.dataModel, problem: nil) }
      + unusable.map { deployment($0.record, nil, problem: $0.reason) }
    return "{\"deployments\":[\(items.joined(separator: ","))]}"
  }

  private static func deployment(
    _ record: DeploymentRecord, _ stored: StoredDataModel?, problem: String?
  ) -> String {
    object([
      ("id", record.id), ("name", record.name), ("environment", record.environment),
      ("app_id", record.appID), ("path", "/api/v4/\(record.id)"),
      ("created_at", record.createdAt.description),
      ("last_deployed_at", stored?.deployedAt.description), ("datamodel_hash", stored?.model.hash),
      ("problem", problem),
    ])
  }

  static func settings(_ deployment: Deployment, only key: String?) -> String {
    let rows = DeploymentSetting.allCases.filter { key == nil || $0.rawValue == key }
    var writer = ByteWriter()
    writer.append("{")
    for (place, setting) in rows.enumerated() {
      if place > 0 { writer.append(",") }
      writer.append(quoted: setting.rawValue)
      writer.append(":")
      switch deployment.value(of: setting) {
      case nil: writer.append("null")
      case let value? where setting.isSwitch: writer.append(text: value == "true" ? "true" : "false")
      case let value?: writer.append(quoted: value)
      }
    }
    writer.append("}")
    return writer.string
  }

  static func tokens(_ tokens: [TokenRecord]) -> String {
    let items = tokens.map { token in
      var text = object([
        ("name", token.name), ("created_at", token.createdAt.description),
        ("last_used_at", token.lastUsedAt?.description), ("expires_at", token.expiresAt?.description),
      ])
      text.removeLast()
      return text + ",\"read_only\":\(token.isReadOnly)}"
    }
    return "{\"tokens\":[\(items.joined(separator: ","))]}"
  }

  static func trimmed(_ trim: OplogTrim, oldest: Int64?) -> String {
    let text = object([("oldest", oldest.map(String.init)), ("held_by", trim.heldBy)])
    return "{\"removed\":\(trim.removed),\"done\":\(trim.isDone),\(text.dropFirst())"
  }

  static func object(_ members: [(String, String?)]) -> String {
    var writer = ByteWriter()
    writer.append("{")
    for (place, member) in members.enumerated() {
      if place > 0 { writer.append(",") }
      writer.append(quoted: member.0)
      writer.append(":")
      if let value = member.1 { writer.append(quoted: value) } else { writer.append("null") }
    }
    writer.append("}")
    return writer.string
  }
}
