import CommandLineTable

/// `sojourn manual`, `sojourn completions`: what a package installs beside the program, printed from the table of
/// commands.
enum ManualCommands {
  static let manual = Command(
    "manual", summary: "Prints the manual page, for man.",
    examples: [CommandExample("sojourn manual | man -l -", "reads it without installing it")])

  static let completions = Command(
    "completions", summary: "Prints what a shell offers while one types a command.",
    arguments: [CommandArgument("SHELL", help: "One of \(names).")],
    examples: [CommandExample("source <(sojourn completions bash)", "for this shell alone")])

  static func runManual(_ command: ParsedCommand) -> Int32 {
    print(ManualPage.roff(for: Commands.table, closing: closing), terminator: "")
    return 0
  }

  static func runCompletions(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    let name = command.arguments.first ?? ""
    guard let shell = Completions(rawValue: name) else {
      throw command.usageError("there are completions for \(names), not for \"\(name)\"")
    }
    print(shell.script(for: Commands.table), terminator: "")
    return 0
  }

  private static let names = Completions.allCases.map(\.rawValue).joined(separator: ", ")

  private static let closing = [
    (
      title: "EXIT STATUS",
      paragraphs: ["0: done. 1: not done; what is wrong stands on standard error. 2: the command was asked wrongly."]
    ),
    (
      title: "FILES",
      paragraphs: [
        "/etc/sojourn/sojourn.conf: the settings of the service that the Debian package installs.",
        "/var/lib/sojourn: its data directory.",
      ]
    ),
  ]
}
