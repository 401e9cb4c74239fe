import Wire

/// A command line that was understood: which command, and every setting's value.
package struct ParsedCommand: Sendable {
  /// Where a value came from.
  package enum Source: Sendable, Equatable {
    case commandLine, environment(String), file(line: Int), defaultValue
  }

  /// `["deployment", "create"]`.
  package let path: [String]
  /// What was given without an option, in order.
  package let arguments: [String]
  let program: String
  let options: [CommandOption]
  let values: [String: (values: [OptionValue], source: Source)]

  /// True when the flag is set.
  package func flag(_ name: String) -> Bool {
    if case .flag(let isSet)? = value(name) { isSet } else { false }
  }

  /// The value of a text, path or choice.
  package func text(_ name: String) -> String? {
    if case .text(let text)? = value(name) { text } else { nil }
  }

  /// All values of a repeated text.
  package func texts(_ name: String) -> [String] {
    all(name).compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  package func integer(_ name: String) -> Int? {
    if case .integer(let number)? = value(name) { number } else { nil }
  }

  package func seconds(_ name: String) -> Int? {
    if case .duration(let seconds)? = value(name) { seconds } else { nil }
  }

  package func bytes(_ name: String) -> Int? {
    if case .size(let bytes)? = value(name) { bytes } else { nil }
  }

  package func listenAddresses(_ name: String) -> [ListenAddress] {
    all(name).compactMap { if case .listen(let address) = $0 { address } else { nil } }
  }

  /// Where the value came from; nil when there is none.
  package func source(of name: String) -> Source? { values[name]?.source }

  /// What holds of each option, in the order of the table, as people are shown it. Secrets are not told.
  package var told: [ToldOption] {
    options.map { option in
      let found = values[option.name]
      let text = found.map { found in
        if !option.isOnCommandLine { return "set, not shown" }
        if found.source == .defaultValue, let text = option.defaultValue { return text }
        return found.values.map(\.told).joined(separator: ", ")
      }
      return ToldOption(
        name: option.name, value: text, source: found?.source, places: option.sources, help: option.help)
    }
  }

  /// The options whose values are not those of `other`, in the order of the table.
  package func differences(from other: ParsedCommand) -> [String] {
    options.map(\.name).filter { values[$0]?.values != other.values[$0]?.values }
  }

  /// An error of this command, to be thrown by the code that runs it: for what the table cannot say,
  /// such as options that exclude each other.
  package func usageError(_ message: String, hint: String? = nil) -> UsageError {
    UsageError(message, command: [program] + path, hint: hint)
  }

  private func value(_ name: String) -> OptionValue? { all(name).last }

  private func all(_ name: String) -> [OptionValue] {
    precondition(
      options.contains { $0.name == name },
      "the table has no option '\(name)' for \(path): a slip in the code")
    return values[name]?.values ?? []
  }
}

/// An option with what holds of it.
package struct ToldOption: Sendable, Equatable {
  package let name: String
  /// Nil where nothing is set.
  package let value: String?
  package let source: ParsedCommand.Source?
  /// Every place that can set it.
  package let places: String
  package let help: String
}

extension OptionValue {
  fileprivate var told: String {
    switch self {
    case .flag(let isSet): isSet ? "on" : "off"
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .duration(let seconds): Self.text(seconds, [(86_400, "d"), (3600, "h"), (60, "m")], "s")
    case .size(let bytes):
      Self.text(bytes, [(1 << 30, " GiB"), (1 << 20, " MiB"), (1 << 10, " KiB"), (1_000_000, " MB")], " bytes")
    case .listen(let address): "\(address)"
    }
  }

  /// In the first of the units that leaves no rest, the largest first.
  private static func text(_ number: Int, _ units: [(factor: Int, name: String)], _ rest: String) -> String {
    guard let unit = units.first(where: { number > 0 && number % $0.factor == 0 }) else { return "\(number)\(rest)" }
    return "\(number / unit.factor)\(unit.name)"
  }
}

/// What a command line asks for.
package enum CommandLineRequest: Sendable {
  case run(ParsedCommand)
  /// The help page of the program (an empty path), a group or a command.
  case help([String])
  case version
}
