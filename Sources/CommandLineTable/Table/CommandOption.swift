/// A setting of a command: how it is written in each source, what it takes, what it means.
package struct CommandOption: Sendable, Equatable {
  /// Without dashes: `data-dir`. The key by which `ParsedCommand` gives the value.
  package let name: String
  package let kind: OptionKind
  /// Stands for the value on help pages.
  package let placeholder: String
  package let isRequired: Bool
  /// Of one that is required: the option that may be given in its place, and never beside it.
  package let alternative: String?
  package let environment: String?
  /// The key in the configuration file; nil when it cannot stand there.
  package let configurationKey: String?
  /// As it would be written on the command line.
  package let defaultValue: String?
  package let help: String

  package init(
    _ name: String, _ kind: OptionKind, placeholder: String? = nil, required: Bool = false,
    unless alternative: String? = nil, environment: String? = nil, key configurationKey: String? = nil,
    default defaultValue: String? = nil, help: String
  ) {
    self.name = name
    self.kind = kind
    self.placeholder = placeholder ?? kind.placeholder
    self.isRequired = required
    self.alternative = alternative
    self.environment = environment
    self.configurationKey = configurationKey
    self.defaultValue = defaultValue
    self.help = help
  }

  package var isRepeated: Bool { if case .several = kind { true } else { false } }

  package var isOnCommandLine: Bool { kind != .secret }

  /// `--listen URL`, or the variable's name when it cannot stand on the command line.
  var spelling: String {
    guard isOnCommandLine else { return environment ?? name }
    return kind == .flag ? "--\(name)" : "--\(name) \(placeholder)"
  }

  /// Every source that can give it, for messages: `--data-dir DIR or SOJOURN_DATA_DIR`.
  var sources: String {
    var sources = [spelling]
    if isOnCommandLine, let environment { sources.append("the environment variable \(environment)") }
    if let configurationKey { sources.append("'\(configurationKey) = …' in the configuration file") }
    guard let last = sources.popLast() else { return name }
    return sources.isEmpty ? last : sources.joined(separator: ", ") + " or " + last
  }
}
