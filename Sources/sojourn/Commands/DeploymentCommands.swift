import Administration
import CommandLineTable
import Deployments
import Glibc
import JSON
import Wire

enum DeploymentCommands {
  static let create = Command(
    "create", summary: "Makes a deployment and prints its password, this once.",
    options: DataPlace.options + [
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
    "list", summary: "Lists the deployments.", options: DataPlace.options + [Commands.json])
  static let show = Command(
    "show", summary: "Shows a deployment.", options: DataPlace.options + [Commands.deployment, Commands.json])
  static let delete = Command(
    "delete", summary: "Removes a deployment with all its objects, for good.",
    options: DataPlace.optionsWithBytes + [
      Commands.deployment,
      CommandOption("yes", .flag, help: "Does not ask for the deployment's name."), Commands.json,
    ])
  static let set = Command(
    "set", summary: "Sets settings of a deployment.",
    discussion: DeploymentSetting.allCases.map { "\($0.rawValue): \($0.summary)" },
    options: DataPlace.options + [
      Commands.deployment,
      CommandOption(
        "unset", .several(.choice(DeploymentSetting.allCases.map(\.rawValue))), placeholder: "KEY",
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
    options: DataPlace.options + [Commands.deployment, Commands.json],
    arguments: [CommandArgument("KEY", help: "One setting instead of all.", isRequired: false)])

  static func runCreate(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    guard let xml = try DataModelCommands.checked(command, path: command.text("data-model") ?? "") else { return 1 }
    var new = NewDeployment()
    new.name = command.text("name") ?? ""
    new.environment = command.text("environment") ?? ""
    new.document = xml
    new.id = command.text("id")
    new.appID = command.text("app-id")
    new.person = DataModelCommands.person(command)
    if let problem = DeploymentRegistry.problem(withName: new.name, of: "A deployment", most: 200) {
      throw command.usageError(problem)
    }
    return await AdminOutput.run(command, .createDeployment(new)) { result in
      guard case .created(let created) = result else { return nil }
      return AdminOutput.lines([
        ("Deployment", created.id), ("Path", created.path), ("User name", created.id), ("Password", created.password),
      ]) + "\nThe password is shown this once; `sojourn password reset` makes another."
    }
  }

  static func runList(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, .listDeployments) { result in
      guard case .deployments(let rows) = result else { return nil }
      if rows.isEmpty { return "There is no deployment yet. `sojourn deployment create` makes one." }
      var table = TextTable(["ID", "NAME", "ENVIRONMENT", "LAST DEPLOYED"])
      for row in rows { table.append([row.id, row.name, row.environment, AdminOutput.text(row.lastDeployedAt)]) }
      let problems = rows.compactMap { row in
        row.problem.map { "\n\(row.id) cannot be used. \(PrintableText.escaped($0))" }
      }
      return AdminOutput.text(table) + problems.joined()
    }
  }

  static func runShow(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    do throws(AdminRefusal) {
      let row = try await named(command)
      print(command.flag("json") ? AdminOutput.text(row.json) : lines(row))
      return 0
    } catch {
      return AdminOutput.refuse(error)
    }
  }

  /// Under the same names as with `--json`.
  private static func lines(_ row: DeploymentRow) -> String {
    AdminOutput.lines([
      ("id", row.id), ("name", row.name), ("environment", row.environment), ("app_id", row.appID), ("path", row.path),
      ("created_at", row.createdAt.description), ("last_deployed_at", row.lastDeployedAt?.description),
      ("datamodel_hash", row.hash), ("problem", row.problem),
    ])
  }

  static func runDelete(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let id = command.text("deployment") ?? ""
    if !command.flag("yes") {
      guard isatty(0) == 1 else {
        throw command.usageError("this removes all objects of the deployment; give --yes to do so without being asked")
      }
      let name: String
      do throws(AdminRefusal) {
        name = try await named(command).name
      } catch {
        return AdminOutput.refuse(error)
      }
      Terminal.say("This removes “\(name)” with all its objects, for good. Type its name to go on: ", to: 2)
      guard readLine() == name else {
        Terminal.write("Nothing was removed.\n", to: 2)
        return 1
      }
    }
    return await AdminOutput.run(command, .deleteDeployment) { result in
      if case .deleted = result { "Deployment \(id) is gone." } else { nil }
    }
  }

  /// The deployment that the command names.
  private static func named(_ command: ParsedCommand) async throws(AdminRefusal) -> DeploymentRow {
    guard case .deployments(let rows) = try await AdminReach(command).perform(.listDeployments) else {
      throw AdminOutput.unfitting
    }
    let text = command.text("deployment") ?? ""
    let id = try DeploymentNaming.id(of: text, among: rows.map { ($0.id, $0.name) })
    guard let row = rows.first(where: { $0.id == id }) else {
      throw AdminRefusal(
        "There is no deployment \(CutText.cut(text)).", hint: "`sojourn deployment list` shows those there are.")
    }
    return row
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
    var changes: [SettingChange] = []
    for (key, value) in assignments {
      changes.append(SettingChange(try setting(key, command), value))
      try check(changes, command)
    }
    for key in unset { changes.append(SettingChange(try setting(key, command), nil)) }
    return await AdminOutput.run(command, .setSettings(changes), text: settings)
  }

  /// What no deployment takes is asked wrongly.
  static func check(_ changes: [SettingChange], _ command: ParsedCommand) throws(UsageError) {
    for change in changes {
      if let problem = change.value.flatMap(change.setting.problem) { throw command.usageError(problem) }
    }
  }

  private static func setting(_ key: String, _ command: ParsedCommand) throws(UsageError) -> DeploymentSetting {
    if let setting = DeploymentSetting(rawValue: key) { return setting }
    throw command.usageError(
      "there is no setting '\(CutText.cut(key))'; there are \(DeploymentSetting.allCases.map(\.rawValue).joined(separator: ", "))"
    )
  }

  static func runGet(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    var only: DeploymentSetting?
    if let key = command.arguments.first { only = try setting(key, command) }
    return await AdminOutput.run(command, .getSettings(only: only), text: settings)
  }

  private static func settings(_ result: AdminResult) -> String? {
    guard case .settings(let values) = result else { return nil }
    return AdminOutput.lines(values.rows.map { ($0.setting.rawValue, $0.value) })
  }
}
