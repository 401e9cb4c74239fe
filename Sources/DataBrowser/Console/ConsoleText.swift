/// What was typed into the query console, as its address has it: what cannot be read is said at its field.
package struct ConsoleText: Hashable, Sendable {
  /// In the order in which addresses have them.
  package enum Key: String, CaseIterable, Sendable {
    case model
    /// The query of a GET: `q[status]=landed&sort[number]=1`.
    case query
    case expression, arguments, sort, size
  }

  /// None of them is empty.
  private var texts: [Key: String] = [:]

  /// Lines end as they are counted in positions, and not as browsers send them.
  package init(_ texts: [Key: String] = [:]) {
    self.texts = texts.filter { !$0.value.isEmpty }.mapValues { $0.replacing("\r\n", with: "\n") }
  }

  /// Nothing typed yet.
  package static let none = ConsoleText()

  /// Empty where nothing was typed.
  package subscript(key: Key) -> String { texts[key] ?? "" }

  package var pairs: [(key: String, value: String)] {
    Key.allCases.compactMap { key in texts[key].map { (key.rawValue, $0) } }
  }
}
