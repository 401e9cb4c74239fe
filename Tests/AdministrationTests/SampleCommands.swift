import Crypto
import Deployments
import Storage

@testable import Administration

/// At least one command of each name; the switches let nobody forget one.
enum SampleCommands {
  static let secret = "http://u:geheim@a.example/?token=geheim"
  static let hash = ContentHash(of: [1, 2, 3])
  static let person = Person(name: "Ada \"L\"\n", email: nil)

  static var all: [AdminCommand] {
    AdminCommand.Name.allCases.flatMap(commands)
      + DeploymentCommand.Name.allCases.flatMap(commands).map { .deployment(id: "dé\u{1F600}", $0) }
      + PeopleCommand.Name.allCases.flatMap(commands).map { .people($0) }
      + WebhookCommand.Name.allCases.flatMap(commands).map { .deployment(id: "d", .webhook(name: "n", $0)) }
  }

  static func commands(_ name: AdminCommand.Name) -> [AdminCommand] {
    switch name {
    case .createDeployment:
      var whole = NewDeployment()
      (whole.name, whole.environment, whole.document) = ("flights", "testing", "<schema/>")
      (whole.id, whole.appID, whole.person) = ("i", "a", person)
      return [.createDeployment(NewDeployment()), .createDeployment(whole)]
    case .listDeployments: return [.listDeployments]
    case .status: return [.status]
    case .checkStrays: return [.checkStrays(isRepairing: true), .checkStrays(isRepairing: false)]
    }
  }

  static func commands(_ name: PeopleCommand.Name) -> [PeopleCommand] {
    switch name {
    case .createPerson:
      [
        .createPerson(NewPerson(email: "ada@example.org", name: "Ada", isOperator: true, password: secret)),
        .createPerson(NewPerson(email: "", name: "")),
      ]
    case .listPeople: [.listPeople]
    case .resetPerson: PersonReset.Lost.allCases.map { .resetPerson(PersonReset(person: "ada@example.org", lost: $0)) }
    case .removePerson: [.removePerson(named: "0123456789ab")]
    case .verifyAudit: [.verifyAudit(knownHash: nil), .verifyAudit(knownHash: "ab")]
    }
  }

  static func commands(_ name: DeploymentCommand.Name) -> [DeploymentCommand] {
    switch name {
    case .deleteDeployment: [.deleteDeployment]
    case .setSettings:
      [
        .setSettings([]),
        .setSettings([SettingChange(.label, "A = B"), SettingChange(.region, ""), SettingChange(.appUser, nil)]),
      ]
    case .getSettings: [.getSettings(only: nil)] + DeploymentSetting.allCases.map { .getSettings(only: $0) }
    case .setLimits: [.setLimits([SettingChange(.rateLimit, "2.5")])]
    case .getLimits: [.getLimits]
    case .resetPassword: [.resetPassword]
    case .createToken:
      [
        .createToken(NewToken(name: "etl")),
        .createToken(NewToken(name: "", isReadOnly: true, validSeconds: .max)),
      ]
    case .listTokens: [.listTokens]
    case .revokeToken: [.revokeToken(name: "etl")]
    case .deployDataModel:
      [
        .deployDataModel(ModelDeploy(document: "<schema/>", person: nil)),
        .deployDataModel(ModelDeploy(document: "", person: person, note: "with gates")),
      ]
    case .previewDataModel: [.previewDataModel(document: "<schema/>")]
    case .listDeploys: [.listDeploys]
    case .rollBackDataModel: [.rollBackDataModel(ModelRollback(version: 7, person: person, note: "as before"))]
    case .previewRollback: [.previewRollback(version: Int(Int32.max))]
    case .checkAttachments:
      [
        .checkAttachments(AttachmentChecking(after: nil, isRepairing: false)),
        .checkAttachments(AttachmentChecking(after: hash, isRepairing: true)),
      ]
    case .trimOplog:
      [
        .trimOplog(OplogTrimming(.before(.max), isForced: false)),
        .trimOplog(OplogTrimming(.olderThan(seconds: 0), isForced: true)),
      ]
    case .listWebhooks: [.listWebhooks]
    }
  }

  static func commands(_ name: WebhookCommand.Name) -> [WebhookCommand] {
    switch name {
    case .enableWebhook: [.enable(url: Untold(secret))]
    case .disableWebhook: [.disable]
    case .showSecret: [.showSecret]
    case .rotateSecret: [.rotateSecret]
    case .promoteSecret: [.promoteSecret]
    case .listDeliveries: [.listDeliveries]
    case .resendWebhook: [.resend(sequence: nil), .resend(sequence: .max)]
    case .skipWebhook: [.skip(sequence: 1), .skip(sequence: .max)]
    case .replayWebhook: [.replay(from: 0), .replay(from: .max)]
    }
  }
}
