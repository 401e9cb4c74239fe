import CommandLineTable
import Deployments
import Metrics

/// `sojourn settings`: every setting as a page; docs/configuration.md is what it prints.
enum SettingsCommand {
  static let command = Command(
    "settings", summary: "Prints every setting, with its default and its places, as Markdown.",
    options: [CommandOption("metrics", .flag, help: "Prints every metric of /metrics instead.")])

  static func run(_ command: ParsedCommand) -> Int32 {
    print(command.flag("metrics") ? MetricsDocumentation.page : page, terminator: "")
    return 0
  }

  static var page: String {
    var page = ConfigurationPage.markdown(for: Commands.table)
    while page.hasSuffix("\n") { page.removeLast() }
    page += """


      ## Settings of a deployment

      Each deployment has its own. `sojourn deployment set --deployment ID KEY=VALUE` sets them and
      `sojourn deployment get` shows them; they take effect at once.

      | setting | default | meaning |
      |---|---|---|

      """
    for setting in DeploymentSetting.allCases {
      let value = setting.defaultValue.map { "`\($0)`" } ?? "none"
      page += "| `\(setting.rawValue)` | \(value) | \(setting.summary) |\n"
    }
    return page
  }
}
