import Deployments
import CommandLineTable
import Glibc
import JSON
import Wire

enum DeploymentCommands {
  static let create = Command(
    "create", summary: "Makes a deployment and prints its password, this once.",
    options: [
      Commands.dataDirectory,
      CommandOption("name", .text, placeholder: "N", required: true, help: "What people call it."),
      CommandOption(
        "environment", .choice(DeploymentRegistry.environments), required: true, help: "Which kind of deployment it is."
      ),
      CommandOption("data-model", .path, placeholder: "FILE", required: true, help: "Its schema.xml."),
      CommandOption("id", .text, placeholder: "24HEX", help: "Keeps the id of a deployment that moves here."),
      CommandOption("app-id", .text, placeholder: "24HEX", help: "Keeps the app's id."),
      Commands.byName, Commands.byEmail, Commands.json,
    ],
    examples: [
      CommandExample(
        "sojourn deployment create --data-dir data --name flights --environment testing --data-model schema.xml",
        "a deployment to try things with")
    ])
  static let list = Command(
    "list", summary: "Lists the deployments.", options: [Commands.dataDirectory, Commands.json])
  static let show = Command(
    "show", summary: "Shows a deployment.", options: [Commands.dataDirectory, Commands.deployment, Commands.json])
  static let delete = Command(
    "delete", summary: "Removes a deployment with all its objects, for good.",
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption("yes", .flag, help: "Does not ask for the deployment's name."), Commands.json,
    ])
  static let set = Command(
    "set", summary: "Sets settings of a deployment.",
    discussion: DeploymentSetting.allCases.map { "\($0.rawValue): \($0.summary)" },
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption(
        "unset", .choice(DeploymentSetting.allCases.map(\.rawValue)), placeholder: "KEY", repeated: true,
        help: "Takes the setting's value away: its default holds."),
      Commands.json,
    ],
    arguments: [
      CommandArgument("KEY=VALUE", help: "A setting and its value.", isRequired: false, isRepeated: true)
    ],
    examples: [
      CommandExample(
        "sojourn deployment set --data-dir data --deployment ID cors_origins=https://app.example.org",
        "lets the pages of one origin call the API")
    ])
  static let get = Command(
    "get", summary: "Shows settings of a deployment.",
    options: [Commands.dataDirectory, Commands.deployment, Commands.json],
    arguments: [CommandArgument("KEY", help: "One setting instead of all.", isRequired: false)])

  static func runCreate(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    guard let xml = try DataModelCommands.checked(command, path: command.text("data-model") ?? "") else { return 1 }
    if let problem = DeploymentRegistry.problem(withName: command.text("name") ?? "", of: "A deployment", most: 200) {
      throw command.usageError(problem)
    }
    let request = AdminRequest(
      .createDeployment,
      [
        "name": command.text("name"), "environment": command.text("environment"), "data_model": xml,
        "id": command.text("id"), "app_id": command.text("app-id"), "by_name": command.text("by-name"),
        "by_email": command.text("by-email"),
      ])
    return await AdminOutput.run(command, request) { root in
      AdminOutput.lines([
        ("Deployment", AdminOutput.text(root, "id")), ("Path", AdminOutput.text(root, "path")),
        ("User name", AdminOutput.text(root, "username")), ("Password", AdminOutput.text(root, "password")),
      ]) + "\nThe password is shown this once; `sojourn password reset` makes another."
    }
  }

  static func runList(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, AdminRequest(.listDeployments)) { root in
      let rows =
        root["deployments"]?.elements.map { row in
          [
            AdminOutput.text(row, "id"), AdminOutput.text(row, "name"), AdminOutput.text(row, "environment"),
            AdminOutput.text(row, "last_deployed_at"),
          ]
        } ?? []
      if rows.isEmpty { return "There is no deployment yet. `sojourn deployment create` makes one." }
      var table = TextTable(["ID", "NAME", "ENVIRONMENT", "LAST DEPLOYED"])
      for row in rows { table.append(row) }
      let problems = root["deployments"]?.elements.compactMap { row in
        row["problem"]?.string.map { "\n\(AdminOutput.text(row, "id")) cannot be used. \(PrintableText.escaped($0))" }
      }
      return table.text(style: Terminal.style(of: 1)).dropLast() + (problems ?? []).joined()
    }
  }

  static func runShow(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let id = command.text("deployment") ?? ""
    let answer = await AdminClient.perform(AdminRequest(.listDeployments), in: command.text("data-dir") ?? "")
    switch answer {
    case .refused(let sentence), .nowhere(let sentence):
      Terminal.say("sojourn: \(sentence)\n", to: 2)
      return answer.exitCode
    case .done(let json):
      guard let root = try? JSONDocument.read(json).root,
        let row = root["deployments"]?.elements.first(where: { AdminOutput.text($0, "id") == id })
      else {
        Terminal.say(
          "sojourn: There is no deployment \(CutText.cut(id)). `sojourn deployment list` shows those there are.\n",
          to: 2)
        return 1
      }
      print(
        command.flag("json")
          ? PrintableText.escapedJSON(row.rawText)
          : AdminOutput.lines(row.members.map { ($0.key, $0.value.string ?? "–") }))
      return 0
    }
  }

  static func runDelete(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let id = command.text("deployment") ?? ""
    if !command.flag("yes") {
      guard isatty(0) == 1 else {
        throw command.usageError("this removes all objects of the deployment; give --yes to do so without being asked")
      }
      guard let name = await name(of: id, command) else {
        Terminal.say("sojourn: There is no deployment \(CutText.cut(id)).\n", to: 2)
        return 1
      }
      Terminal.say("This removes “\(name)” with all its objects, for good. Type its name to go on: ", to: 2)
      guard readLine() == name else {
        Terminal.write("Nothing was removed.\n", to: 2)
        return 1
      }
    }
    return await AdminOutput.run(command, AdminRequest(.deleteDeployment, ["deployment": id])) { _ in
      "Deployment \(id) is gone."
    }
  }

  private static func name(of id: String, _ command: ParsedCommand) async -> String? {
    guard
      case .done(let json) = await AdminClient.perform(
        AdminRequest(.listDeployments), in: command.text("data-dir") ?? ""),
      let root = try? JSONDocument.read(json).root
    else { return nil }
    return root["deployments"]?.elements.first { AdminOutput.text($0, "id") == id }?["name"]?.string
  }

  static func runSet(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    var assignments: [(key: String, value: String)] = []
    for argument in command.arguments {
      guard let equals = argument.firstIndex(of: "=") else {
        throw command.usageError("'\(CutText.cut(argument))' is no KEY=VALUE")
      }
      assignments.append((String(argument[..<equals]), String(argument[argument.index(after: equals)...])))
    }
    let unset = command.texts("unset")
    if assignments.isEmpty, unset.isEmpty { throw command.usageError("give KEY=VALUE or --unset KEY") }
    try check(assignments, command)
    let request = AdminRequest(
      .setSettings, ["deployment": command.text("deployment"), "unset": unset.joined(separator: ",")],
      assignments: assignments)
    return await AdminOutput.run(command, request, text: settings)
  }

  /// What no deployment takes is asked wrongly.
  static func check(
    _ assignments: [(key: String, value: String)], _ command: ParsedCommand
  ) throws(UsageError) {
    for (key, value) in assignments {
      guard let setting = DeploymentSetting(rawValue: key) else { throw noSetting(key, command) }
      if let problem = setting.problem(with: value) { throw command.usageError(problem) }
    }
  }

  private static func noSetting(_ key: String, _ command: ParsedCommand) -> UsageError {
    command.usageError(
      "there is no setting '\(CutText.cut(key))'; there are \(DeploymentSetting.allCases.map(\.rawValue).joined(separator: ", "))"
    )
  }

  static func runGet(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let key = command.arguments.first
    if let key, DeploymentSetting(rawValue: key) == nil { throw noSetting(key, command) }
    return await AdminOutput.run(
      command, AdminRequest(.getSettings, ["deployment": command.text("deployment"), "key": key]), text: settings)
  }

  private static func settings(_ root: JSONValue) -> String {
    AdminOutput.lines(
      root.members.map { ($0.key, $0.value.string ?? $0.value.bool.map { $0 ? "true" : "false" } ?? "–") })
  }
}
