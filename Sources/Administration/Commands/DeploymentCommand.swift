import Deployments
import JSON

/// What is asked of one deployment.
package enum DeploymentCommand: Sendable, Equatable {
  case deleteDeployment
  case setSettings([SettingChange])
  /// One setting, or all.
  case getSettings(only: DeploymentSetting?)
  case setLimits([SettingChange])
  case getLimits
  case resetPassword
  case createToken(NewToken)
  case listTokens
  case revokeToken(name: String)
  case deployDataModel(ModelDeploy)
  case previewDataModel(document: String)
  case listDeploys
  case rollBackDataModel(ModelRollback)
  case previewRollback(version: Int)
  case checkAttachments(AttachmentChecking)
  case trimOplog(OplogTrimming)
  case listWebhooks
  case webhook(name: String, WebhookCommand)

  package enum Name: String, CaseIterable, Sendable {
    case deleteDeployment, setSettings, getSettings, setLimits, getLimits
    case resetPassword, createToken, listTokens, revokeToken
    case deployDataModel, previewDataModel, listDeploys, rollBackDataModel, previewRollback
    case checkAttachments, trimOplog, listWebhooks
  }

  var isAct: Bool {
    switch self {
    case .getSettings, .getLimits, .listTokens, .previewDataModel, .listDeploys, .previewRollback, .listWebhooks: false
    case .checkAttachments(let checking): checking.isRepairing
    case .deleteDeployment, .setSettings, .setLimits, .resetPassword, .createToken, .revokeToken, .deployDataModel,
      .rollBackDataModel, .trimOplog:
      true
    case .webhook(_, let command): command.isAct
    }
  }

  var name: String {
    let name: Name
    switch self {
    case .deleteDeployment: name = .deleteDeployment
    case .setSettings: name = .setSettings
    case .getSettings: name = .getSettings
    case .setLimits: name = .setLimits
    case .getLimits: name = .getLimits
    case .resetPassword: name = .resetPassword
    case .createToken: name = .createToken
    case .listTokens: name = .listTokens
    case .revokeToken: name = .revokeToken
    case .deployDataModel: name = .deployDataModel
    case .previewDataModel: name = .previewDataModel
    case .listDeploys: name = .listDeploys
    case .rollBackDataModel: name = .rollBackDataModel
    case .previewRollback: name = .previewRollback
    case .checkAttachments: name = .checkAttachments
    case .trimOplog: name = .trimOplog
    case .listWebhooks: name = .listWebhooks
    case .webhook(_, let command): return command.name.rawValue
    }
    return name.rawValue
  }
}

// What each carries in JSON.

extension DeploymentCommand {
  var payload: JSONNode {
    switch self {
    case .deleteDeployment, .getLimits, .resetPassword, .listTokens, .listDeploys, .listWebhooks: .object([])
    case .setSettings(let changes), .setLimits(let changes): Forms.changes.write(changes)
    case .getSettings(let setting): Forms.setting.write(setting)
    case .createToken(let new): new.json
    case .revokeToken(let name): AdminCommand.Forms.name.write(name)
    case .deployDataModel(let deploy): deploy.json
    case .previewDataModel(let document): Forms.document.write(document)
    case .rollBackDataModel(let rollback): rollback.json
    case .previewRollback(let version): Forms.version.write(version)
    case .checkAttachments(let checking): checking.json
    case .trimOplog(let trimming): trimming.json
    case .webhook(_, let command): command.payload
    }
  }

  init(_ name: Name, _ payload: JSONValue) throws(JSONMismatch) {
    switch name {
    case .deleteDeployment: self = .deleteDeployment
    case .setSettings: self = .setSettings(try Forms.changes.read(payload))
    case .getSettings: self = .getSettings(only: try Forms.setting.read(payload))
    case .setLimits: self = .setLimits(try Forms.changes.read(payload))
    case .getLimits: self = .getLimits
    case .resetPassword: self = .resetPassword
    case .createToken: self = .createToken(try NewToken(payload))
    case .listTokens: self = .listTokens
    case .revokeToken: self = .revokeToken(name: try AdminCommand.Forms.name.read(payload))
    case .deployDataModel: self = .deployDataModel(try ModelDeploy(payload))
    case .previewDataModel: self = .previewDataModel(document: try Forms.document.read(payload))
    case .listDeploys: self = .listDeploys
    case .rollBackDataModel: self = .rollBackDataModel(try ModelRollback(payload))
    case .previewRollback: self = .previewRollback(version: try Forms.version.read(payload))
    case .checkAttachments: self = .checkAttachments(try AttachmentChecking(payload))
    case .trimOplog: self = .trimOplog(try OplogTrimming(payload))
    case .listWebhooks: self = .listWebhooks
    }
  }

  /// Payloads of one member.
  private enum Forms {
    static let changes = JSONForm.only("settings", .list(.record, most: 1000) as JSONForm<[SettingChange]>)
    static let setting = JSONForm.only("setting", .optional(.word) as JSONForm<DeploymentSetting?>)
    static let document = JSONForm.only("data_model", .document)
    static let version = JSONForm.only("version", .deployVersion)
  }
}
