import JSON

/// A text that is told to nobody: it may hold a secret. Acts in the log take texts alone, so none can get there.
package struct Untold: Sendable, Equatable {
  package let text: String

  package init(_ text: String) { self.text = text }
}

extension Untold: CustomStringConvertible {
  package var description: String { "…" }
}

extension JSONForm where Value == Untold {
  static var untold: JSONForm {
    let text = JSONForm<String>.text
    return JSONForm(
      write: { text.write($0.text) }, read: { value throws(JSONMismatch) in Untold(try text.read(value)) })
  }
}
