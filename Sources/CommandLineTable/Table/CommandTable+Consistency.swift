extension CommandTable {
  /// What a table must not contain, for a test: each slip as a sentence; empty for a sound table.
  package var slips: [String] {
    var slips: [String] = []
    var kinds: [String: OptionKind] = [:]
    for (path, command) in runnable {
      let title = path.joined(separator: " ")
      let options = options(of: command)
      for (index, option) in options.enumerated() {
        let name = "\(title): \(option.name)"
        if options[..<index].contains(where: { $0.name == option.name }) {
          slips.append("\(name) stands twice")
        }
        if option.isRequired, option.defaultValue != nil {
          slips.append("\(name) is required and has a default")
        }
        if !option.isOnCommandLine, option.environment == nil { slips.append("\(name) can be given nowhere") }
        if !option.help.hasSuffix(".") { slips.append("\(name): the help text is no sentence") }
        if let text = option.defaultValue, case .failure(let fault) = option.kind.value(of: text) {
          slips.append("\(name): default: \(fault.message)")
        }
        if let key = option.configurationKey {
          if let kind = kinds[key], kind != option.kind { slips.append("\(name): '\(key)' has two kinds") }
          kinds[key] = option.kind
        }
        if let variable = option.environment, !variable.hasPrefix(self.name.uppercased() + "_") {
          slips.append("\(name): \(variable) does not begin with the program's name")
        }
      }
      if command.arguments.dropLast().contains(where: \.isRepeated) {
        slips.append("\(title): only the last argument may be repeated")
      }
    }
    return slips
  }
}
