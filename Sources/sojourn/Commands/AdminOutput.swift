import Administration
import CommandLineTable
import JSON
import Wire

/// Asks a data directory and prints what came of it: JSON with `--json`, else text for people.
enum AdminOutput {
  /// `text` is nil for a result that is none of this command.
  static func run(_ command: ParsedCommand, _ asked: AdminCommand, text: (AdminResult) -> String?) async -> Int32 {
    do throws(AdminRefusal) {
      let result = try await AdminReach(command).perform(asked)
      guard let text = text(result) else { throw unfitting }
      print(command.flag("json") ? Self.text(result.json) : text)
      return 0
    } catch {
      return refuse(error)
    }
  }

  /// The same for what is asked of the deployment that the command names.
  static func run(
    _ command: ParsedCommand, _ asked: DeploymentCommand, text: (AdminResult) -> String?
  ) async -> Int32 {
    await run(command, .deployment(id: command.text("deployment") ?? "", asked), text: text)
  }

  /// Says why not. The exit code.
  static func refuse(_ refusal: AdminRefusal) -> Int32 {
    Terminal.say("sojourn: \(refusal.text)\n", to: 2)
    return refusal.reason == .noDirectory ? 2 : 1
  }

  /// For a result that is none of what was asked.
  static let unfitting = AdminRefusal("The server's answer is none to this command: is it of another version?")

  /// JSON as it is printed.
  static func text(_ node: JSONNode) -> String { PrintableText.escapedJSON(node.string) }

  /// Lines of names and values, set in two columns; nil prints as a dash.
  static func lines(_ members: [(String, String?)]) -> String {
    let width = members.map(\.0.count).max() ?? 0
    return members.map { name, value in
      let value = PrintableText.escaped(text(value))
      return name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n")
  }

  static func text(_ value: String?) -> String { value ?? "–" }
  static func text(_ time: Instant?) -> String { text(time?.description) }

  /// A table without its last line break.
  static func text(_ table: TextTable) -> String { String(table.text(style: Terminal.style(of: 1)).dropLast()) }
}
