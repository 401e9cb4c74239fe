import Deployments
import Testing
import Wire

@testable import Administration

@Suite("Administrative acts in the log")
struct AdminActTests {
  private static let peer = UnixSocket.Peer(user: 1, process: 2)

  @Test("hold no secret of a command, of a result or of a refusal that repeats it", arguments: SampleCommands.all)
  func secrets(command: AdminCommand) {
    var answers = SampleResults.all.map(Result<AdminResult, AdminRefusal>.success)
    answers.append(.failure(AdminRefusal("The endpoint \"\(SampleCommands.secret)\" is wrong.")))
    answers.append(.failure(AdminRefusal("It is wrong.", hint: "Not \(SampleCommands.secret).")))
    let isEndpoint = command.name == "enableWebhook" || "\(command)".contains("password: Optional")
    for answer in answers {
      // Only the command that has the endpoint is refused with it.
      if case .failure = answer, !isEndpoint { continue }
      let act = AdminAct(command, Self.peer, answer)
      #expect(!act.message.contains("geheim"))
      for (key, value) in act.members { #expect(!value.contains("geheim"), "\(command): \(key)=\(value)") }
    }
    #expect(!"\(command)".contains("geheim"))
  }

  @Test("do not repeat an endpoint that was refused", arguments: ["", String(repeating: "x", count: 300)])
  func refusedEndpoint(path: String) {
    let url = "http://u:geheim@a/\(path)?token=geheim"
    let act = AdminAct(
      .deployment(id: "d", .webhook(name: "n", .enable(url: Untold(url)))), nil,
      .failure(AdminRefusal("The endpoint \"\(CutText.cut(url))\" has a user name in it.")))
    #expect(act.members.contains { $0 == ("outcome", "refused: The endpoint \"…\" has a user name in it.") })
    #expect(!act.members.contains { $0.1.contains("geheim") })
  }

  @Test("say what was done to what, and by whom")
  func told() {
    for (command, message, members) in [
      (
        AdminCommand.deployment(id: "d", .createToken(NewToken(name: "etl", isReadOnly: true, validSeconds: 60))),
        "create token",
        [("deployment", "d"), ("name", "etl"), ("read_only", "true"), ("expires", "60")]
      ),
      (
        .deployment(id: "d", .setSettings([SettingChange(.label, "A"), SettingChange(.region, nil)])), "set settings",
        [("deployment", "d"), ("unset", "region"), ("label", "A")]
      ),
      (
        .deployment(id: "d", .trimOplog(OplogTrimming(.olderThan(seconds: 5), isForced: true))), "trim oplog",
        [("deployment", "d"), ("older_than", "5"), ("force", "true")]
      ),
      (
        .deployment(id: "d", .rollBackDataModel(ModelRollback(version: 3, person: SampleCommands.person))),
        "roll back data model", [("deployment", "d"), ("version", "3")]
      ),
      (
        .deployment(id: "d", .webhook(name: "n", .replay(from: 0))), "replay webhook",
        [("deployment", "d"), ("name", "n"), ("from", "0")]
      ),
      (.checkStrays(isRepairing: true), "check strays", [("repair", "true")]),
    ] {
      let act = AdminAct(command, Self.peer, .success(.deleted))
      #expect(act.message == "Administration: \(message)")
      #expect(
        act.members.elementsEqual(members + [("by", "uid 1, process 2"), ("outcome", "done")], by: ==),
        "\(act.members)")
    }
  }

  @Test("are what changes something or shows a secret, and not what only looks")
  func acts() {
    let looks: Set = [
      "listDeployments", "status", "getSettings", "getLimits", "listTokens", "previewDataModel", "listDeploys",
      "previewRollback",
      "listWebhooks", "listDeliveries", "listPeople", "verifyAudit",
    ]
    for command in SampleCommands.all where !["checkAttachments", "checkStrays"].contains(command.name) {
      #expect(command.isAct == !looks.contains(command.name), "\(command.name)")
    }
    for isRepairing in [true, false] {
      #expect(AdminCommand.checkStrays(isRepairing: isRepairing).isAct == isRepairing)
      let checking = AttachmentChecking(after: nil, isRepairing: isRepairing)
      #expect(AdminCommand.deployment(id: "d", .checkAttachments(checking)).isAct == isRepairing)
    }
  }
}
