import Wire

/// Walks over the arguments once: command words, options with their values, the rest by position.
struct ArgumentScanner {
  let table: CommandTable
  let arguments: [String]
  private(set) var path: [String] = []
  private(set) var command: Command?
  private(set) var values: [String: [OptionValue]] = [:]
  private(set) var positional: [String] = []

  init(table: CommandTable, arguments: [String]) {
    self.table = table
    self.arguments = arguments
  }

  func error(_ message: String, hint: String? = nil) -> UsageError {
    UsageError(message, command: [table.name] + path, hint: hint)
  }

  mutating func scan() throws(UsageError) {
    var index = 0
    var optionsEnded = false
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      if !optionsEnded, argument == "--" {
        optionsEnded = true
      } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
        try scanOption(argument, &index)
      } else if command == nil || command?.subcommands.isEmpty == false {
        guard let next = table.command(at: path + [argument]) else {
          throw table.unknownCommand(argument, under: path)
        }
        path.append(argument)
        command = next
      } else {
        positional.append(argument)
      }
    }
  }

  /// `--name value`, `--name=value`, or a flag. `index` stands behind the option.
  private mutating func scanOption(_ argument: String, _ index: inout Int) throws(UsageError) {
    let known = command.map { table.options(of: $0) } ?? table.commonOptions
    let equals = argument.firstIndex(of: "=")
    let spelled = equals.map { String(argument[..<$0]) } ?? argument
    guard
      let option = known.first(where: { $0.isOnCommandLine && "--\($0.name)" == spelled })
    else { throw unknownOption(spelled, among: known) }
    let text: String
    if let equals {
      text = String(argument[argument.index(after: equals)...])
    } else if option.kind == .flag {
      text = "true"
    } else {
      guard index < arguments.count, !arguments[index].hasPrefix("--") else {
        throw error(
          "\(option.spelling): the value is missing",
          hint: index < arguments.count
            ? "A value that begins with dashes is written --\(option.name)=VALUE." : nil)
      }
      text = arguments[index]
      index += 1
    }
    if values[option.name] != nil, !option.isRepeated { throw error("--\(option.name) is given twice") }
    switch option.kind.value(of: text) {
    case .success(let value): values[option.name, default: []].append(value)
    case .failure(let fault): throw error("--\(option.name): \(fault.message)")
    }
  }

  private func unknownOption(_ spelled: String, among known: [CommandOption]) -> UsageError {
    if let secret = known.first(where: { !$0.isOnCommandLine && "--\($0.name)" == spelled }) {
      return error(
        "\(spelled) is not taken on the command line, where other users of this machine could read it",
        hint: "Give \(secret.sources).")
    }
    let names = known.filter(\.isOnCommandLine).map { "--\($0.name)" }
    let later =
      command == nil && table.settings.contains { "--\($0.name)" == spelled }
      ? "Options stand behind the command: \(table.name) COMMAND \(spelled) …" : nil
    return error(
      "unknown option '\(CutText.cut(spelled))'\(NearestName.question(spelled, among: names + ["--help"]))",
      hint: later)
  }

  func checkArguments(of command: Command) throws(UsageError) {
    let required = command.arguments.filter(\.isRequired)
    if positional.count < required.count {
      throw error("\(required[positional.count].placeholder) is missing")
    }
    if command.arguments.last?.isRepeated == true { return }
    if positional.count > command.arguments.count {
      throw error("'\(CutText.cut(positional[command.arguments.count]))' is one argument too many")
    }
  }
}
