/// A page of headed sections and two-column rows, broken at the width of the terminal.
struct HelpPage {
  /// Where the second column begins; a longer name stands on a line of its own.
  static let indent = 26

  let style: TerminalStyle
  private(set) var text = ""

  init(style: TerminalStyle) { self.style = style }

  mutating func heading(_ title: String) {
    gap()
    text += style.bold(title) + "\n"
  }

  mutating func paragraph(_ content: String) {
    gap()
    for line in Self.wrap(content, width: style.width) { text += line + "\n" }
  }

  /// A line to be copied: indented, never broken.
  mutating func verbatim(_ line: String) { text += "  " + line + "\n" }

  /// The command, its parts broken between each other and aligned behind the name.
  mutating func usage(_ title: String, _ parts: [String]) {
    let indent = "      "
    var line = "  " + title
    for part in parts {
      if line.count + 1 + part.count > style.width {
        text += line + "\n"
        line = indent + part
      } else {
        line += " " + part
      }
    }
    text += line + "\n"
  }

  mutating func rows(_ rows: [(name: String, explanation: String)]) {
    for row in rows {
      let lines = Self.wrap(row.explanation, width: max(style.width - Self.indent, 20))
      let space = String(repeating: " ", count: Self.indent)
      let name = "  " + row.name
      var rest = lines[...]
      if name.count + 2 <= Self.indent, let first = rest.popFirst() {
        text += name + String(repeating: " ", count: Self.indent - name.count) + first + "\n"
      } else {
        text += name + "\n"
      }
      for line in rest { text += space + line + "\n" }
    }
  }

  private mutating func gap() {
    if !text.isEmpty { text += "\n" }
  }

  /// Breaks between words; a word longer than a line stays whole.
  static func wrap(_ content: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in content.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(word)
      } else {
        line += line.isEmpty ? word : " " + word
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
