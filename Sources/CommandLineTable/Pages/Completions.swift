import Wire

/// What a shell offers while one types a command: commands, their options, files, and the names of a choice.
package enum Completions: String, CaseIterable, Sendable {
  case bash, zsh, fish

  package func script(for table: CommandTable) -> String {
    switch self {
    case .bash: Self.bash(table)
    case .zsh: Self.zsh(table)
    case .fish: Self.fish(table)
    }
  }

  // MARK: bash

  private static func bash(_ table: CommandTable) -> String {
    var places = ""
    for place in allPlaces(of: table) {
      places +=
        "    \(ShellWord.quoted(place.path.joined(separator: " ")))) words=\(ShellWord.quoted(place.words.joined(separator: " "))) ;;\n"
    }
    var values = ""
    for (option, names) in choices(of: table) {
      values +=
        "    --\(option)) COMPREPLY=($(compgen -W \(ShellWord.quoted(names.joined(separator: " "))) -- \"$current\")); return ;;\n"
    }
    let taking = valued(in: table).joined(separator: " | --")
    return """
      # What bash offers behind '\(table.name)'. Written by '\(table.name) completions bash'.
      _\(table.name)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= words= word index
        for ((index = 1; index < COMP_CWORD; index++)); do
          word=${COMP_WORDS[index]}
          [[ $word == -* ]] && break
          path+=${path:+ }$word
        done
        case $previous in
      \(values)    --\(taking)) COMPREPLY=($(compgen -f -- "$current")); return ;;
        esac
        while :; do
          case $path in
      \(places)    esac
          # An argument stands behind the command.
          [[ -z $words && $path == *' '* ]] || break
          path=${path% *}
        done
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
      }
      complete -o filenames -F _\(table.name) \(table.name)

      """
  }

  // MARK: zsh

  private static func zsh(_ table: CommandTable) -> String {
    var places = ""
    for place in allPlaces(of: table) {
      let entries = place.entries.map { ShellWord.quoted("\($0.word.replacing(scalars: ":", with: "\\:")):\($0.help)") }
      places += "    \(ShellWord.quoted(place.path.joined(separator: " "))))\n      entries=(\n"
      for entry in entries { places += "        \(entry)\n" }
      places += "      ) ;;\n"
    }
    var values = ""
    for (option, names) in choices(of: table) {
      values += "    --\(option)) compadd -- \(names.map(ShellWord.quoted).joined(separator: " ")); return ;;\n"
    }
    let taking = valued(in: table).joined(separator: " | --")
    return """
      #compdef \(table.name)
      # What zsh offers behind '\(table.name)'. Written by '\(table.name) completions zsh'.
      local -a taken entries
      local word key
      for word in ${words[2,CURRENT-1]}; do
        [[ $word == -* ]] && break
        taken+=($word)
      done
      case ${words[CURRENT-1]} in
      \(values)    --\(taking)) _files; return ;;
      esac
      while :; do
        key="${taken[*]}"
        case $key in
      \(places)  esac
        # An argument stands behind the command.
        (( $#entries == 0 && $#taken > 1 )) || break
        taken=(${taken[1,-2]})
      done
      _describe -t commands '\(table.name)' entries
      [[ $PREFIX == -* ]] || _files

      """
  }

  // MARK: fish

  private static func fish(_ table: CommandTable) -> String {
    var lines = """
      # What fish offers behind '\(table.name)'. Written by '\(table.name) completions fish'.
      function __\(table.name)_at
          set -l taken
          for word in (commandline -opc)[2..]
              string match -q -- '-*' $word; and break
              set -a taken $word
          end
          test "$taken" = "$argv[1]"; and return 0
          test (count $argv) -gt 1; and string match -q -- "$argv[1] *" "$taken"
      end

      """
    for place in allPlaces(of: table) {
      let path = place.path.joined(separator: " ")
      let more = place.isRunnable ? " more" : ""
      let condition = "-n \(ShellWord.quoted("__\(table.name)_at \(quotedInner(path))\(more)"))"
      if !place.isRunnable { lines += "complete -c \(table.name) -f \(condition)\n" }
      for command in place.commands {
        lines += "complete -c \(table.name) \(condition) -a \(command.name) -d \(fishQuoted(command.summary))\n"
      }
      for option in place.options {
        var line = "complete -c \(table.name) \(condition) -l \(option.name)"
        if option.kind != .flag { line += " -r" }
        if case .choice(let names) = option.kind { line += " -f -a \(fishQuoted(names.joined(separator: " ")))" }
        lines += line + " -d \(fishQuoted(option.help))\n"
      }
    }
    return lines
  }

  // MARK: What there is to offer

  /// Where one stands after some words: which commands or options can come next.
  private struct Place {
    let path: [String]
    var commands: [Command] = []
    var options: [CommandOption] = []

    var isRunnable: Bool { commands.isEmpty }
    var entries: [(word: String, help: String)] {
      commands.map { ($0.name, $0.summary) } + options.map { ("--\($0.name)", $0.help) }
    }
    var words: [String] { entries.map(\.word) }
  }

  private static func allPlaces(of table: CommandTable) -> [Place] {
    let help = CommandOption("help", .flag, help: "Shows what the command takes.")
    func walk(_ commands: [Command], _ path: [String]) -> [Place] {
      commands.flatMap { command in
        let here = path + [command.name]
        if command.subcommands.isEmpty {
          return [Place(path: here, options: table.options(of: command).filter(\.isOnCommandLine) + [help])]
        }
        return [Place(path: here, commands: command.subcommands)] + walk(command.subcommands, here)
      }
    }
    return [Place(path: [], commands: table.commands)] + walk(table.commands, [])
  }

  /// Options whose value is one of a few names. One name may stand for several options: they offer all of theirs.
  private static func choices(of table: CommandTable) -> [(option: String, names: [String])] {
    var found: [(option: String, names: [String])] = []
    for option in allOptions(of: table) {
      guard case .choice(let names) = option.kind else { continue }
      if let index = found.firstIndex(where: { $0.option == option.name }) {
        found[index].names += names.filter { !found[index].names.contains($0) }
      } else {
        found.append((option.name, names))
      }
    }
    return found
  }

  /// Names of the options that a value follows.
  private static func valued(in table: CommandTable) -> [String] {
    var names: [String] = []
    for option in allOptions(of: table) where option.kind != .flag && !names.contains(option.name) {
      names.append(option.name)
    }
    return names
  }

  private static func allOptions(of table: CommandTable) -> [CommandOption] {
    (table.runnable.flatMap { $0.command.options } + table.commonOptions).filter(\.isOnCommandLine)
  }

  // MARK: Quoting

  private static func quotedInner(_ text: String) -> String { "\"\(text)\"" }
  /// In fish's quotes a backslash takes the meaning of an apostrophe and of itself.
  private static func fishQuoted(_ text: String) -> String {
    "'\(text.replacing(scalars: "\\", with: "\\\\").replacing(scalars: "'", with: "\\'"))'"
  }
}
