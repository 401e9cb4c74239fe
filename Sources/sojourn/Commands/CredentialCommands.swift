import Administration
import CommandLineTable
import Deployments
import Wire

enum CredentialCommands {
  static let resetPassword = Command(
    "reset", summary: "Makes a new API password; the old one ends at once.",
    options: DataPlace.options + [Commands.deployment, Commands.json])
  static let createToken = Command(
    "create", summary: "Makes a named token and prints it, this once.",
    options: DataPlace.options + [
      Commands.deployment,
      CommandOption("name", .text, placeholder: "N", required: true, help: "Which integration it is for."),
      CommandOption("read-only", .flag, help: "It can read and not write."),
      CommandOption("expires", .age(1...Int.max), placeholder: "30d", help: "It ends after this long."), Commands.json,
    ])
  static let listTokens = Command(
    "list", summary: "Lists the tokens, without their secrets.",
    options: DataPlace.options + [Commands.deployment, Commands.json])
  static let revokeToken = Command(
    "revoke", summary: "Ends a token at once.",
    options: DataPlace.options + [
      Commands.deployment,
      CommandOption("name", .text, placeholder: "N", required: true, help: "The token's name."), Commands.json,
    ])

  static func runResetPassword(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, .resetPassword) { result in
      guard case .password(let new) = result else { return nil }
      return AdminOutput.lines([("User name", new.username), ("Password", new.password)])
    }
  }

  static func runCreateToken(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let new = NewToken(
      name: command.text("name") ?? "", isReadOnly: command.flag("read-only"), validSeconds: command.seconds("expires"))
    if let problem = DeploymentRegistry.problem(withName: new.name, of: "A token", most: 100) {
      throw command.usageError(problem)
    }
    return await AdminOutput.run(command, .createToken(new)) { result in
      if case .token(let token) = result { token } else { nil }
    }
  }

  static func runListTokens(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, .listTokens) { result in
      guard case .tokens(let rows) = result else { return nil }
      if rows.isEmpty { return "There is no token. `sojourn token create` makes one." }
      var table = TextTable(["NAME", "MAY", "CREATED", "LAST USED", "FROM", "EXPIRES"])
      for row in rows {
        table.append([
          row.name, row.isReadOnly ? "read-only" : "read, write", row.createdAt.description,
          AdminOutput.text(row.lastUsedAt), AdminOutput.text(row.lastAddress), AdminOutput.text(row.expiresAt),
        ])
      }
      return AdminOutput.text(table)
    }
  }

  static func runRevokeToken(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let name = command.text("name") ?? ""
    return await AdminOutput.run(command, .revokeToken(name: name)) { result in
      if case .revoked = result { "The token \(name) has ended." } else { nil }
    }
  }
}
