/// Everything that the program can be asked to do, as data.
///
/// The parser, the help pages, `docs/configuration.md` and the tests read this one table:
///
/// ```swift
/// let table = CommandTable(
///   name: "sojourn", summary: "A backend for the v4 API.", version: "0.1.0",
///   commands: [
///     Command("serve", summary: "Serves deployments.", options: [.dataDirectory, listen]),
///     Command("deployment", summary: "Deployments.", subcommands: [create, list]),
///   ])
/// switch try table.parse(arguments, environment: environment, file: read) {
/// case .run(let command): …
/// case .help(let path): print(table.help(for: path, style: style))
/// case .version: print(table.version)
/// }
/// ```
///
/// A setting is looked for on the command line, then in the environment, then in the configuration
/// file, and then its default is taken.
package struct CommandTable: Sendable {
  package let name: String
  package let summary: String
  package let version: String
  package let commands: [Command]
  /// Options that every command takes. `--config` is always among them.
  package let commonOptions: [CommandOption]

  package init(
    name: String, summary: String, version: String, commonOptions: [CommandOption] = [],
    commands: [Command]
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    self.commands = commands
    self.commonOptions =
      commonOptions + [
        CommandOption(
          "config", .path, placeholder: "FILE", environment: "\(name.uppercased())_CONFIG",
          help: "Settings file: lines of 'key = value', '#' begins a comment.")
      ]
  }

  /// The command at the end of the path, `["deployment", "create"]`; nil when there is none.
  package func command(at path: [String]) -> Command? {
    guard let first = path.first else { return nil }
    var found = commands.first { $0.name == first }
    for name in path.dropFirst() { found = found?.subcommands.first { $0.name == name } }
    return found
  }

  /// Each command that can be run, with its path, in the order of the table.
  package var runnable: [(path: [String], command: Command)] {
    func walk(_ commands: [Command], under path: [String]) -> [(path: [String], command: Command)] {
      commands.flatMap { command in
        let here = path + [command.name]
        return command.subcommands.isEmpty
          ? [(path: here, command: command)] : walk(command.subcommands, under: here)
      }
    }
    return walk(commands, under: [])
  }

  /// What the command at `path` takes: its own options, then the common ones.
  package func options(of command: Command) -> [CommandOption] { command.options + commonOptions }

  /// Every distinct setting of the table, in order; one per configuration-file key, and one per option
  /// without a key.
  package var settings: [CommandOption] {
    var seen: Set<String> = []
    return (runnable.flatMap { $0.command.options } + commonOptions).filter { option in
      seen.insert(option.configurationKey.map { "=" + $0 } ?? option.name).inserted
    }
  }
}
