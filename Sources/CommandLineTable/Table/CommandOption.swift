/// A setting of a command: how it is written in each place, what it takes, what it means.
package struct CommandOption: Sendable, Equatable {
  /// Without dashes: `data-dir`. The key by which `ParsedCommand` gives the value.
  package let name: String
  package let kind: OptionKind
  /// Stands for the value on help pages.
  package let placeholder: String
  /// May be given several times; in an environment variable several values stand with commas.
  package let isRepeated: Bool
  package let isRequired: Bool
  package let environment: String?
  /// The key in the configuration file; nil when it cannot stand there.
  package let configurationKey: String?
  /// As it would be written on the command line.
  package let defaultValue: String?
  package let help: String
  /// False for secrets, which every user of the machine could read in the list of processes.
  package let isOnCommandLine: Bool

  package init(
    _ name: String, _ kind: OptionKind, placeholder: String? = nil, repeated: Bool = false,
    required: Bool = false, environment: String? = nil, key configurationKey: String? = nil,
    default defaultValue: String? = nil, onCommandLine: Bool = true, help: String
  ) {
    self.name = name
    self.kind = kind
    self.placeholder = placeholder ?? kind.placeholder
    self.isRepeated = repeated
    self.isRequired = required
    self.environment = environment
    self.configurationKey = configurationKey
    self.defaultValue = defaultValue
    self.isOnCommandLine = onCommandLine
    self.help = help
  }

  /// `--listen URL`, or the variable's name when it cannot stand on the command line.
  var spelling: String {
    guard isOnCommandLine else { return environment ?? name }
    return kind == .flag ? "--\(name)" : "--\(name) \(placeholder)"
  }

  /// Every place where it can be given, for messages: `--data-dir DIR or SOJOURN_DATA_DIR`.
  var sources: String {
    var sources = [spelling]
    if isOnCommandLine, let environment { sources.append("the environment variable \(environment)") }
    if let configurationKey { sources.append("'\(configurationKey) = …' in the configuration file") }
    guard let last = sources.popLast() else { return name }
    return sources.isEmpty ? last : sources.joined(separator: ", ") + " or " + last
  }
}
