import APIClient
import CommandLineTable

/// Everything that the program can be asked.
enum Commands {
  static let version = "0.1.0"

  static let table = CommandTable(
    name: "sojourn", summary: "A self-hosted backend that speaks the JourneyApps Backend API v4.",
    version: version,
    commands: [
      ServeCommand.command,
      Command(
        "deployment", summary: "Deployments: each has its own data model, data and credentials.",
        subcommands: [
          DeploymentCommands.create, DeploymentCommands.list, DeploymentCommands.show,
          DeploymentCommands.delete, DeploymentCommands.set, DeploymentCommands.get,
        ]),
      Command(
        "password", summary: "The API password of a deployment.", subcommands: [CredentialCommands.resetPassword]),
      Command(
        "token", summary: "Named tokens of a deployment, one for each integration.",
        subcommands: [
          CredentialCommands.createToken, CredentialCommands.listTokens, CredentialCommands.revokeToken,
        ]),
      Command(
        "person", summary: "People who can sign in to the pages.",
        subcommands: [
          PeopleCommands.create, PeopleCommands.list, PeopleCommands.reset, PeopleCommands.remove,
        ]),
      Command(
        "audit", summary: "The audit of what people did on the pages.", subcommands: [PeopleCommands.verify]),
      Command(
        "limits", summary: "Rate limits of a deployment.", subcommands: [LimitsCommands.set, LimitsCommands.show]),
      Command(
        "data-model", summary: "Data models: check one, make one current, go back to an earlier one.",
        subcommands: [
          DataModelCommands.check, DataModelCommands.deploy, DataModelCommands.history, DataModelCommands.rollback,
        ]),
      Command("oplog", summary: "The log of changes that programs follow.", subcommands: [OplogCommands.trim]),
      Command(
        "certificate", summary: "The certificate that a server has where it is given none.",
        subcommands: [CertificateCommands.make]),
      StatusCommands.status, StatusCommands.doctor, BackupCommands.backup, BackupCommands.restore,
      CheckCommand.command,
      Command(
        "storage", summary: "Databases that several servers share.",
        subcommands: [
          StorageCommands.initialize, StorageCommands.upgrade, StorageCommands.check, StorageCommands.restored,
        ]),
      Command(
        "webhook", summary: "Webhooks: what objects' changes are sent to.",
        subcommands: [
          WebhookCommands.list, WebhookCommands.enable, WebhookCommands.disable,
          Command(
            "secret", summary: "The secret that a webhook's requests are signed with.",
            subcommands: [
              WebhookCommands.showSecret, WebhookCommands.rotateSecret, WebhookCommands.promoteSecret,
            ]),
          WebhookCommands.deliveries, WebhookCommands.resend, WebhookCommands.skip, WebhookCommands.replay,
          ListenCommand.command,
        ]),
      ImportCommand.command, MirrorCommand.command, PictureCommand.command, SettingsCommand.command,
      ManualCommands.manual, ManualCommands.completions,
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    switch command.path {
    case ["serve"]: return try await ServeCommand.run(command)
    case ["picture"]: return PictureCommand.run(command)
    case ["settings"]: return SettingsCommand.run(command)
    case ["manual"]: return ManualCommands.runManual(command)
    case ["completions"]: return try ManualCommands.runCompletions(command)
    case ["import"]: return try await ImportCommand.run(command)
    case ["mirror"]: return try await MirrorCommand.run(command)
    case ["data-model", "check"]: return try await DataModelCommands.runCheck(command)
    case ["data-model", "deploy"]: return try await DataModelCommands.runDeploy(command)
    case ["data-model", "history"]: return try await DataModelCommands.runHistory(command)
    case ["data-model", "rollback"]: return try await DataModelCommands.runRollback(command)
    case ["status"]: return try await StatusCommands.runStatus(command)
    case ["doctor"]: return try await StatusCommands.runDoctor(command)
    case ["backup"]: return try BackupCommands.runBackup(command)
    case ["restore"]: return try BackupCommands.runRestore(command)
    case ["fsck"]: return try await CheckCommand.run(command)
    case ["oplog", "trim"]: return try await OplogCommands.runTrim(command)
    case ["deployment", "create"]: return try await DeploymentCommands.runCreate(command)
    case ["deployment", "list"]: return try await DeploymentCommands.runList(command)
    case ["deployment", "show"]: return try await DeploymentCommands.runShow(command)
    case ["deployment", "delete"]: return try await DeploymentCommands.runDelete(command)
    case ["deployment", "set"]: return try await DeploymentCommands.runSet(command)
    case ["deployment", "get"]: return try await DeploymentCommands.runGet(command)
    case ["password", "reset"]: return try await CredentialCommands.runResetPassword(command)
    case ["limits", "set"]: return try await LimitsCommands.runSet(command)
    case ["limits", "show"]: return try await LimitsCommands.runShow(command)
    case ["certificate", "make"]: return try CertificateCommands.runMake(command)
    case ["token", "create"]: return try await CredentialCommands.runCreateToken(command)
    case ["token", "list"]: return try await CredentialCommands.runListTokens(command)
    case ["token", "revoke"]: return try await CredentialCommands.runRevokeToken(command)
    case ["audit", "verify"]: return await PeopleCommands.runVerify(command)
    case let path where path.first == "person": return try await PeopleCommands.run(command)
    case let path where path.first == "storage": return try StorageCommands.run(command)
    case ["webhook", "listen"]: return try await ListenCommand.run(command)
    case let path where path.first == "webhook": return try await WebhookCommands.run(command)
    default: throw command.usageError("this command does nothing yet")
    }
  }

  static let dataDirectory = CommandOption(
    "data-dir", .path, placeholder: "DIR", required: true, unless: "storage", environment: "SOJOURN_DATA_DIR",
    key: "data-dir",
    help: "The directory that holds all data. serve, deployment create and restore make it where it is missing.")
  static let deployment = CommandOption(
    "deployment", .text, placeholder: "ID", required: true, environment: "SOJOURN_DEPLOYMENT",
    help: "The deployment's id, as 'sojourn deployment list' prints it, or its name where no other has it.")
  static let json = CommandOption("json", .flag, help: "Prints JSON, for scripts.")
  static let byName = CommandOption(
    "by-name", .text, placeholder: "NAME", help: "Who deploys, for info.json and the history.")
  static let byEmail = CommandOption(
    "by-email", .text, placeholder: "EMAIL", help: "The e-mail address of who deploys.")
}
