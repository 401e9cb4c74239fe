import JSON
import Deployments
import CommandLineTable

enum CredentialCommands {
  static let resetPassword = Command(
    "reset", summary: "Makes a new API password; the old one ends at once.",
    options: [Commands.dataDirectory, Commands.deployment, Commands.json])
  static let createToken = Command(
    "create", summary: "Makes a named token and prints it, this once.",
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption("name", .text, placeholder: "N", required: true, help: "Which integration it is for."),
      CommandOption("read-only", .flag, help: "It can read and not write."),
      CommandOption("expires", .age(1...Int.max), placeholder: "30d", help: "It ends after this long."), Commands.json,
    ])
  static let listTokens = Command(
    "list", summary: "Lists the tokens, without their secrets.",
    options: [Commands.dataDirectory, Commands.deployment, Commands.json])
  static let revokeToken = Command(
    "revoke", summary: "Ends a token at once.",
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption("name", .text, placeholder: "N", required: true, help: "The token's name."), Commands.json,
    ])

  static func runResetPassword(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, AdminRequest(.resetPassword, ["deployment": command.text("deployment")])) {
      AdminOutput.lines([
        ("User name", AdminOutput.text($0, "username")), ("Password", AdminOutput.text($0, "password")),
      ])
    }
  }

  static func runCreateToken(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    if let problem = DeploymentRegistry.problem(withName: command.text("name") ?? "", of: "A token", most: 100) {
      throw command.usageError(problem)
    }
    let request = AdminRequest(
      .createToken,
      [
        "deployment": command.text("deployment"), "name": command.text("name"),
        "read_only": command.flag("read-only") ? "true" : nil,
        "expires": command.seconds("expires").map(String.init),
      ])
    return await AdminOutput.run(command, request) { AdminOutput.text($0, "token") }
  }

  static func runListTokens(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, AdminRequest(.listTokens, ["deployment": command.text("deployment")])) { root in
      let rows =
        root["tokens"]?.elements.map { row in
          [
            AdminOutput.text(row, "name"), row["read_only"]?.bool == true ? "read-only" : "read, write",
            AdminOutput.text(row, "created_at"), AdminOutput.text(row, "last_used_at"),
            AdminOutput.text(row, "expires_at"),
          ]
        } ?? []
      if rows.isEmpty { return "There is no token. `sojourn token create` makes one." }
      var table = TextTable(["NAME", "MAY", "CREATED", "LAST USED", "EXPIRES"])
      for row in rows { table.append(row) }
      return String(table.text(style: Terminal.style(of: 1)).dropLast())
    }
  }

  static func runRevokeToken(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let name = command.text("name") ?? ""
    let request = AdminRequest(.revokeToken, ["deployment": command.text("deployment"), "name": name])
    return await AdminOutput.run(command, request) { _ in "The token \(name) has ended." }
  }
}
