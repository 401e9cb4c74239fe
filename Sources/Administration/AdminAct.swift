import Deployments
import Wire

/// One administrative act, as the log tells it: what was done to which deployment, who did it, and what came of it.
/// It holds no secret: of a command those texts that are none (`Untold` has no way here), of an answer nothing but a
/// refusal.
package struct AdminAct: Sendable, Equatable {
  package let message: String
  package let members: [(String, String)]

  package init(
    _ command: AdminCommand, _ peer: UnixSocket.Peer?, _ answer: Result<AdminResult, AdminRefusal>
  ) {
    message = "Administration: \(command.words)"
    var told = ToldMembers()
    command.tell(&told)
    told.members.append(("by", peer.map { "uid \($0.user), process \($0.process)" } ?? "unknown"))
    switch answer {
    case .success: told.members.append(("outcome", "done"))
    case .failure(let refusal):
      told.members.append(("outcome", "refused: \(CutText.cut(told.shown(refusal.text), to: 300))"))
    }
    members = told.members
  }

  package static func == (left: AdminAct, right: AdminAct) -> Bool {
    left.message == right.message && left.members.elementsEqual(right.members, by: ==)
  }
}

/// What an act tells of its command.
struct ToldMembers {
  var members: [(String, String)] = []
  /// Texts that are told nowhere, also not by a refusal that repeats them.
  private var untold: [Untold] = []

  /// Empty texts and nil are passed over.
  mutating func tell(_ key: String, _ text: String?) {
    if let text, !text.isEmpty { members.append((key, CutText.cut(text))) }
  }

  mutating func tell(_ key: String, _ number: (some FixedWidthInteger)?) { tell(key, number.map { "\($0)" }) }
  mutating func tell(_ key: String, if flag: Bool) { if flag { tell(key, "true") } }

  mutating func tell(_ changes: [SettingChange]) {
    tell("unset", changes.filter { $0.value == nil }.map(\.setting.rawValue).joined(separator: ","))
    for change in changes {
      if let value = change.value { members.append((change.setting.rawValue, CutText.cut(value))) }
    }
  }

  mutating func hide(_ text: Untold) { untold.append(text) }

  /// A refusal without what is hidden.
  func shown(_ sentence: String) -> String {
    var sentence = sentence
    for hidden in untold where !hidden.text.isEmpty {
      for shown in [hidden.text, CutText.cut(hidden.text)] { sentence = sentence.replacing(scalars: shown, with: "…") }
    }
    return sentence
  }
}

extension AdminCommand {
  /// As people say it: `create token`.
  fileprivate var words: String {
    var words = ""
    for character in name {
      if character.isUppercase { words += " " }
      words += character.lowercased()
    }
    return words
  }

  fileprivate func tell(_ told: inout ToldMembers) {
    switch self {
    case .createDeployment(let new):
      told.tell("name", new.name)
      told.tell("environment", new.environment)
      told.tell("id", new.id)
    case .listDeployments, .status: break
    case .checkStrays(let isRepairing): told.tell("repair", if: isRepairing)
    case .deployment(let id, let command):
      told.tell("deployment", id)
      command.tell(&told)
    case .people(let command): command.tell(&told)
    }
  }
}

extension PeopleCommand {
  fileprivate func tell(_ told: inout ToldMembers) {
    switch self {
    case .createPerson(let new):
      told.tell("email", new.email)
      told.tell("operator", if: new.isOperator)
      if let password = new.password { told.hide(password) }
    case .listPeople, .verifyAudit: break
    case .resetPerson(let reset):
      told.tell("person", reset.person)
      told.tell("lost", reset.lost.rawValue)
    case .removePerson(let name): told.tell("person", name)
    }
  }
}

extension DeploymentCommand {
  fileprivate func tell(_ told: inout ToldMembers) {
    switch self {
    case .deleteDeployment, .getSettings, .getLimits, .resetPassword, .listTokens, .deployDataModel, .previewDataModel,
      .listDeploys, .listWebhooks:
      break
    case .setSettings(let changes), .setLimits(let changes): told.tell(changes)
    case .createToken(let new):
      told.tell("name", new.name)
      told.tell("read_only", if: new.isReadOnly)
      told.tell("expires", new.validSeconds)
    case .revokeToken(let name): told.tell("name", name)
    case .rollBackDataModel(let rollback): told.tell("version", rollback.version)
    case .previewRollback(let version): told.tell("version", version)
    case .checkAttachments(let checking): told.tell("repair", if: checking.isRepairing)
    case .trimOplog(let trimming):
      switch trimming.cut {
      case .before(let sequence): told.tell("before", sequence)
      case .olderThan(let seconds): told.tell("older_than", seconds)
      }
      told.tell("force", if: trimming.isForced)
    case .webhook(let name, let command):
      told.tell("name", name)
      command.tell(&told)
    }
  }
}

extension WebhookCommand {
  fileprivate func tell(_ told: inout ToldMembers) {
    switch self {
    case .enable(let url): told.hide(url)
    case .disable, .showSecret, .rotateSecret, .promoteSecret, .listDeliveries: break
    case .resend(let sequence): told.tell("sequence", sequence)
    case .skip(let sequence): told.tell("sequence", sequence)
    case .replay(let start): told.tell("from", start)
    }
  }
}
