import Deployments
import CommandLineTable
import JSON

/// `sojourn limits`: the rate limits of a deployment. They are settings of it; this shows what holds.
enum LimitsCommands {
  private static let options: [(option: String, setting: DeploymentSetting)] = [
    ("rate", .rateLimit), ("burst", .rateBurst), ("user-rate", .userRateLimit), ("user-burst", .userRateBurst),
  ]

  static let set = Command(
    "set", summary: "Sets rate limits of a deployment; what is not named stays.",
    options: [
      Commands.dataDirectory, Commands.deployment,
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
    options: [Commands.dataDirectory, Commands.deployment, Commands.json])

  static func runSet(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let assignments = options.compactMap { option, setting in
      command.text(option).map { (key: setting.rawValue, value: $0) }
    }
    if assignments.isEmpty {
      throw command.usageError("give at least one of --rate, --burst, --user-rate, --user-burst")
    }
    try DeploymentCommands.check(assignments, command)
    let request = AdminRequest(
      .setLimits, ["deployment": command.text("deployment")], assignments: assignments)
    return await AdminOutput.run(command, request, text: text)
  }

  static func runShow(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(
      command, AdminRequest(.getLimits, ["deployment": command.text("deployment")]), text: text)
  }

  private static func text(_ root: JSONValue) -> String {
    AdminOutput.lines([
      ("API password and tokens", line(root["deployment"])), ("Devices of one app user", line(root["user"])),
    ])
  }

  private static func line(_ value: JSONValue?) -> String {
    guard let value, let rate = value["rate"]?.rawText, let burst = value["burst"]?.rawText else { return "no limit" }
    return "\(rate) a second, \(burst) at once"
  }
}
