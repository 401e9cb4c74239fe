import Wire

/// Rows with headings for `list` commands: aligned columns, two blanks between them.
package struct TextTable: Sendable {
  package enum Alignment: Sendable { case left, right }

  private let headings: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  /// Columns are aligned to the left unless their title is in `numbers`.
  package init(_ titles: [String], numbers: Set<String> = []) {
    headings = titles.map { ($0, numbers.contains($0) ? .right : .left) }
  }

  /// A row; missing cells are empty, control characters (a line end in a name) become blanks, and others that are
  /// not to be seen are written out.
  package mutating func append(_ cells: [String]) {
    rows.append(
      headings.indices.map { index in
        guard index < cells.count else { return "" }
        let text = cells[index].map { character in
          character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : character
        }
        return PrintableText.escaped(String(text))
      })
  }

  /// The text with line ends. Without rows, the headings alone.
  package func text(style: TerminalStyle) -> String {
    let widths = headings.indices.map { column in
      max(headings[column].title.count, rows.map { $0[column].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let fill = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { text += "  " }
        text += headings[column].alignment == .left ? cell + fill : fill + cell
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    return style.bold(line(headings.map(\.title))) + "\n" + rows.map { line($0) + "\n" }.joined()
  }
}
