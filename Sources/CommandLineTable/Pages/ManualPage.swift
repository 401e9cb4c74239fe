/// The manual page (`man 1 NAME`), as roff.
package enum ManualPage {
  /// - Parameter closing: sections that the table knows nothing of, at the end: title and paragraphs.
  package static func roff(for table: CommandTable, closing: [(title: String, paragraphs: [String])] = []) -> String {
    var page = Roff()
    page.line(".TH \(Roff.text(table.name.uppercased())) 1 \"\" \"\(Roff.text(table.name + " " + table.version))\"")
    page.section("NAME")
    page.paragraph("\(table.name) - \(table.summary)")
    page.section("SYNOPSIS")
    page.bold(table.name, then: "COMMAND …")
    page.section("COMMANDS")
    for (path, command) in table.runnable { add(command, at: [table.name] + path, to: &page) }
    page.section("OPTIONS OF EVERY COMMAND")
    for option in table.commonOptions { page.term(option.spelling, option.explanation) }
    page.term("--help", "Shows what the command takes.")
    page.section("SETTINGS")
    for paragraph in ConfigurationPage.introduction(table).split(separator: "\n\n") {
      page.paragraph(String(paragraph.filter { $0 != "`" }))
    }
    for section in closing {
      page.section(section.title)
      for paragraph in section.paragraphs { page.paragraph(paragraph) }
    }
    return page.text
  }

  private static func add(_ command: Command, at path: [String], to page: inout Roff) {
    page.subsection(path.joined(separator: " "))
    page.paragraph(command.summary)
    for paragraph in command.discussion { page.paragraph(paragraph) }
    for argument in command.arguments { page.term(argument.placeholder, argument.help) }
    for option in command.options { page.term(option.spelling, option.explanation) }
    for example in command.examples { page.example(example.line, example.explanation) }
  }
}

/// Text for `man`: a line that begins with a dot or an apostrophe is an order there, and a backslash begins one.
private struct Roff {
  private(set) var text = ""

  mutating func line(_ line: String) { text += line + "\n" }
  mutating func section(_ title: String) { line(".SH \"\(Self.text(title))\"") }
  mutating func subsection(_ title: String) { line(".SS \"\(Self.text(title))\"") }
  mutating func bold(_ bold: String, then rest: String) { line("\\fB\(Self.text(bold))\\fR \(Self.text(rest))") }

  mutating func paragraph(_ content: String) {
    line(".PP")
    line("\\&" + Self.text(content))
  }

  mutating func term(_ name: String, _ explanation: String) {
    line(".TP")
    line("\\fB\(Self.text(name))\\fR")
    line("\\&" + Self.text(explanation))
  }

  mutating func example(_ command: String, _ explanation: String) {
    paragraph(explanation + ":")
    line(".RS")
    line(".nf")
    line("\\&" + Self.text(command))
    line(".fi")
    line(".RE")
  }

  /// A minus is typed as such: roff would make a hyphen of it, which nobody can copy into a shell.
  static func text(_ content: String) -> String {
    var escaped = ""
    for character in content {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "\"": escaped += "\\(dq"
      case "\n": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
