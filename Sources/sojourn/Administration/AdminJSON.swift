import Accounts
import Storage
import Wire

/// The JSON that administrative commands print with `--json`.
enum AdminJSON {
  static func created(_ account: Account, password: String) -> String {
    object([
      ("id", account.id), ("path", "/api/v4/\(account.id)"), ("username", account.id), ("password", password),
    ])
  }

  static func password(_ password: String, of deployment: String) -> String {
    object([("username", deployment), ("password", password)])
  }

  static func token(_ token: String) -> String { object([("token", token)]) }

  static func list(_ accounts: [Account]) -> String {
    let items = accounts.map { account in
      let record = account.record
      return object([
        ("id", record.id), ("name", record.name), ("environment", record.environment),
        ("app_id", record.appID), ("path", "/api/v4/\(record.id)"),
        ("created_at", record.createdAt.description),
        ("last_deployed_at", account.store.dataModel.deployedAt.description),
        ("datamodel_hash", account.store.dataModel.model.hash),
      ])
    }
    return "{\"deployments\":[\(items.joined(separator: ","))]}"
  }

  static func settings(_ account: Account, only key: String?) -> String {
    let rows = DeploymentSetting.allCases.filter { key == nil || $0.rawValue == key }
    return object(rows.map { ($0.rawValue, account.value(of: $0)) })
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
