// Help pages of the program, its groups and its commands.

extension CommandTable {
  /// The help page at a path, with a line end; the program's for an empty or unknown path.
  package func help(for path: [String], style: TerminalStyle) -> String {
    var page = HelpPage(style: style)
    let title = ([name] + path).joined(separator: " ")
    guard let command = command(at: path) else {
      page.paragraph(summary)
      page.heading("Usage")
      page.verbatim("\(name) COMMAND …")
      page.heading("Commands")
      page.rows(commands.map { ($0.name, $0.summary) })
      page.paragraph("'\(name) COMMAND --help' says more. '\(name) --version' prints \(version).")
      return page.text
    }
    page.paragraph(command.summary)
    for paragraph in command.discussion { page.paragraph(paragraph) }
    page.heading("Usage")
    if !command.subcommands.isEmpty {
      page.verbatim("\(title) COMMAND …")
      page.heading("Commands")
      page.rows(command.subcommands.map { ($0.name, $0.summary) })
      page.paragraph("'\(title) COMMAND --help' says more.")
      return page.text
    }
    page.usage(title, usage(of: command))
    if !command.arguments.isEmpty {
      page.heading("Arguments")
      page.rows(command.arguments.map { ($0.placeholder, $0.help) })
    }
    page.heading("Options")
    page.rows(options(of: command).filter(\.isOnCommandLine).map { ($0.spelling, $0.explanation) })
    page.rows([("--help", "Shows this page.")])
    let hidden = command.options.filter { !$0.isOnCommandLine }
    if !hidden.isEmpty {
      page.heading("Environment")
      page.rows(hidden.map { ($0.spelling, $0.explanation) })
    }
    if !command.examples.isEmpty {
      page.heading("Examples")
      for example in command.examples {
        page.verbatim("# \(example.explanation)")
        page.verbatim(example.line)
      }
    }
    return page.text
  }

  /// The parts of the usage line: required options, then the others, then the arguments.
  private func usage(of command: Command) -> [String] {
    let visible = command.options.filter(\.isOnCommandLine)
    func part(_ option: CommandOption) -> String { option.spelling + (option.isRepeated ? "…" : "") }
    func choice(_ option: CommandOption) -> String {
      guard let other = visible.first(where: { $0.name == option.alternative }) else { return part(option) }
      return "(\(part(option)) | \(part(other)))"
    }
    let alternatives = visible.compactMap(\.alternative)
    return visible.filter(\.isRequired).map(choice)
      + visible.filter { !$0.isRequired && !alternatives.contains($0.name) }.map { "[\(part($0))]" }
      + command.arguments.map(\.usage)
  }
}

extension CommandOption {
  /// The help text, then what else is to be known: whether it may be repeated, default and places.
  var explanation: String {
    var notes: [String] = []
    if isRequired { notes.append(alternative.map { "required without --\($0)" } ?? "required") }
    if isRepeated { notes.append("may be repeated") }
    if let defaultValue { notes.append("default: \(defaultValue)") }
    if isOnCommandLine, let environment { notes.append(environment) }
    return notes.isEmpty ? help : "\(help) [\(notes.joined(separator: "; "))]"
  }
}
