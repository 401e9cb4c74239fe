import Wire

// Arguments, environment and settings file in; a command with values, or an error, out. Nothing here
// reads or prints.

extension CommandTable {
  /// Understands a command line.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - file: gives the text of the settings file at a path; called only when one is named.
  package func parse(
    _ arguments: [String], environment: [String: String] = [:],
    file: (String) throws(UsageError) -> String = { path throws(UsageError) in
      throw UsageError("\(path) cannot be read")
    }
  ) throws(UsageError) -> CommandLineRequest {
    if let request = try requestWithoutCommand(arguments) { return request }
    var line = ArgumentScanner(table: self, arguments: arguments)
    try line.scan()
    guard let command = line.command else { return .help([]) }
    if !command.subcommands.isEmpty {
      let names = command.subcommands.map(\.name).joined(separator: ", ")
      throw line.error("a command is missing: \(names)")
    }
    var values: [String: (values: [OptionValue], source: ParsedCommand.Source)] = [:]
    let options = options(of: command)
    for option in options {
      if let given = line.values[option.name] {
        values[option.name] = (given, .commandLine)
      } else if let variable = option.environment, let text = environment[variable], !text.isEmpty {
        values[option.name] = (try read(option, variable, text, line), .environment(variable))
      }
    }
    if case .text(let path)? = values["config"]?.values.last {
      try fill(&values, from: path, text: file, options: options, line: line)
    }
    for option in options where values[option.name] == nil {
      if let text = option.defaultValue, case .success(let value) = option.kind.value(of: text) {
        values[option.name] = ([value], .defaultValue)
      }
    }
    try Self.checkRequired(options, given: Set(values.keys), line)
    try line.checkArguments(of: command)
    return .run(
      ParsedCommand(
        path: line.path, arguments: line.positional, program: name, options: options, values: values))
  }

  /// One that is required is given, or its alternative is, and not both.
  private static func checkRequired(
    _ options: [CommandOption], given: Set<String>, _ line: ArgumentScanner
  ) throws(UsageError) {
    for option in options where option.isRequired {
      let other = options.first { $0.name == option.alternative }
      switch (given.contains(option.name), other.map { given.contains($0.name) } ?? false) {
      case (true, false), (false, true): continue
      case (true, true):
        throw line.error(
          "\(option.spelling) and \(other?.spelling ?? "") are given, of which only one can be",
          hint: "Look at the environment and at the configuration file, too.")
      case (false, false):
        let names = [option, other].compactMap { $0?.spelling }.joined(separator: " or ")
        let sources = [option, other].compactMap { $0?.sources }.joined(separator: "; or ")
        throw line.error("\(names) is missing", hint: "Give \(sources).")
      }
    }
  }

  /// `--help` and `-h` anywhere before `--`, `help …`, `--version`, and nothing at all.
  private func requestWithoutCommand(_ arguments: [String]) throws(UsageError) -> CommandLineRequest? {
    let own = arguments.prefix { $0 != "--" }
    let wantsHelp = own.contains("--help") || own.contains("-h")
    if own.isEmpty { return .help([]) }
    if own.first == "--version" || own == ["version"] && command(at: ["version"]) == nil { return .version }
    guard wantsHelp || own.first == "help" else { return nil }
    // The longest path of known commands; what follows them does not matter to the help page.
    var path: [String] = []
    for word in own where word != "help" && !word.hasPrefix("-") {
      guard command(at: path + [word]) != nil else {
        guard path.isEmpty else { break }
        throw unknownCommand(word, under: [])
      }
      path.append(word)
    }
    return .help(path)
  }

  func unknownCommand(_ word: String, under path: [String]) -> UsageError {
    let known = path.isEmpty ? commands : command(at: path)?.subcommands ?? []
    let question = NearestName.question(word, among: known.map(\.name))
    return UsageError("unknown command '\(CutText.cut(word))'\(question)", command: [name] + path)
  }

  private func read(_ option: CommandOption, _ variable: String, _ text: String, _ line: ArgumentScanner)
    throws(UsageError) -> [OptionValue]
  {
    var values: [OptionValue] = []
    let parts = option.isRepeated ? text.split { $0 == "," || $0 == " " }.map(String.init) : [text]
    for part in parts {
      switch option.kind.value(of: part) {
      case .success(let value): values.append(value)
      case .failure(let fault): throw line.error("the environment variable \(variable): \(fault.message)")
      }
    }
    return values
  }

  private func fill(
    _ values: inout [String: (values: [OptionValue], source: ParsedCommand.Source)], from path: String,
    text: (String) throws(UsageError) -> String, options: [CommandOption], line: ArgumentScanner
  ) throws(UsageError) {
    let file: ConfigurationFile
    do {
      file = try ConfigurationFile(path: path, text: text(path))
      try file.check(against: self)
    } catch {
      throw line.error(error.message, hint: error.hint)
    }
    for option in options where values[option.name] == nil {
      let entries = file.entries.filter { $0.key == option.configurationKey }
      guard let last = entries.last else { continue }
      var read: [OptionValue] = []
      for entry in entries {
        switch option.kind.value(of: entry.value) {
        case .success(let value): read.append(value)
        case .failure(let fault):
          throw line.error("\(path):\(entry.line): \(entry.key): \(fault.message)")
        }
      }
      values[option.name] = (read, .file(line: last.line))
    }
  }
}
