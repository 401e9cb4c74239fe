import Administration
import CommandLineTable
import Deployments
import Wire

/// `sojourn limits`: the rate limits of a deployment. They are settings of it; this shows what holds.
enum LimitsCommands {
  private static let options: [(option: String, setting: DeploymentSetting)] = [
    ("rate", .rateLimit), ("burst", .rateBurst), ("user-rate", .userRateLimit), ("user-burst", .userRateBurst),
  ]

  static let set = Command(
    "set", summary: "Sets rate limits of a deployment; what is not named stays.",
    options: DataPlace.options + [
      Commands.deployment,
      CommandOption(
        "rate", .text, placeholder: "N",
        help: "Requests a second of the API password and all tokens together, in the long run; 0 is no limit."),
      CommandOption("burst", .text, placeholder: "N", help: "Requests at once of them."),
      CommandOption(
        "user-rate", .text, placeholder: "N",
        help: "Requests a second of the devices of one app user, in the long run; 0 is no limit."),
      CommandOption("user-burst", .text, placeholder: "N", help: "Requests at once of them."), Commands.json,
    ],
    examples: [
      CommandExample(
        "sojourn limits set --data-dir data --deployment ID --rate 50 --burst 200 --user-rate 5",
        "lets integrations make 50 requests a second, and each app user 5")
    ])
  static let show = Command(
    "show", summary: "Shows the rate limits of a deployment.",
    options: DataPlace.options + [Commands.deployment, Commands.json])

  static func runSet(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let changes = options.compactMap { option, setting in
      command.text(option).map { SettingChange(setting, $0) }
    }
    if changes.isEmpty {
      throw command.usageError("give at least one of --rate, --burst, --user-rate, --user-burst")
    }
    try DeploymentCommands.check(changes, command)
    return await AdminOutput.run(command, .setLimits(changes), text: text)
  }

  static func runShow(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, .getLimits, text: text)
  }

  private static func text(_ result: AdminResult) -> String? {
    guard case .limits(let limits) = result else { return nil }
    return AdminOutput.lines([
      ("API password and tokens", line(limits.deployment)), ("Devices of one app user", line(limits.user)),
    ])
  }

  private static func line(_ limit: LimitRows.Row?) -> String {
    limit.map { "\(ECMAScriptNumber.text(of: $0.rate)) a second, \($0.burst) at once" } ?? "no limit"
  }
}
