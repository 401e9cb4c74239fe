/// `docs/configuration.md`: every setting of the table, in each of its places.
package enum ConfigurationPage {
  /// The page. Settings that several commands share stand in the first table alone.
  package static func markdown(for table: CommandTable) -> String {
    let commands = table.runnable
    func users(of option: CommandOption) -> [String] {
      commands.filter { $0.command.options.contains(option) }.map { $0.path.joined(separator: " ") }
    }
    var page = """
      # Configuration

      \(introduction(table))

      """
    var shared: [CommandOption] = []
    for option in commands.flatMap({ $0.command.options }) + table.commonOptions
    where !shared.contains(option) && (users(of: option).count > 1 || table.commonOptions.contains(option)) {
      shared.append(option)
    }
    if !shared.isEmpty {
      page += "\n## Settings of several commands\n\n" + rows(shared)
      for option in shared {
        let names = users(of: option)
        let text = names.isEmpty ? "every command" : names.map { "`\($0)`" }.joined(separator: ", ")
        page += "\n* `\(option.isOnCommandLine ? "--" + option.name : option.spelling)`: \(text)"
      }
      page += "\n"
    }
    for (path, command) in commands {
      let own = command.options.filter { !shared.contains($0) }
      if own.isEmpty { continue }
      page += "\n## `\(([table.name] + path).joined(separator: " "))`\n\n\(command.summary)\n\n" + rows(own)
    }
    return page
  }

  /// How settings are looked for and written, in paragraphs with blank lines between them.
  static func introduction(_ table: CommandTable) -> String {
    """
    A setting is taken from the first of these places that has it:

    1. the command line, `--option VALUE` or `--option=VALUE`;
    2. the environment variable; an empty one counts as not set, and several values of a repeated \
    setting stand with commas between them;
    3. the configuration file named by `--config FILE` or `\(table.name.uppercased())_CONFIG`;
    4. the default.

    The configuration file has one `key = value` on a line. `#` begins a comment, at the start of a line \
    or after a blank; a value may stand in double quotes; a key of a repeated setting may stand on several \
    lines. One file serves all commands. An unknown key is an error, with its line.

    Durations are written `90s`, `15m`, `12h`, `30d`, `2w`, or as a number of seconds. Sizes are written in \
    bytes or as `64 KiB`, `50 MB`.
    """
  }

  private static func rows(_ options: [CommandOption]) -> String {
    var text = "| option | environment | file | default | meaning |\n|---|---|---|---|---|\n"
    for option in options {
      let cells = [
        option.isOnCommandLine ? code(option.spelling) : "", option.environment.map(code) ?? "",
        option.configurationKey.map(code) ?? "", option.defaultValue.map(code) ?? "",
        cell(option.help)
          + (option.isRequired ? option.alternative.map { " Required without `--\($0)`." } ?? " Required." : "")
          + (option.isRepeated ? " May be repeated." : ""),
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    return text
  }

  private static func code(_ text: String) -> String { "`\(cell(text))`" }

  /// A bar would end the cell.
  private static func cell(_ text: String) -> String {
    var escaped = ""
    for character in text { escaped += character == "|" ? "\\|" : String(character) }
    return escaped
  }
}
