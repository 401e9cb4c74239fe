/// Something that reading a data model has to tell a person: what is wrong, where, and what to do.
package struct Finding: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable, CaseIterable {
    /// Nothing is deployed.
    case error
    /// Deployed, and reported.
    case warning
  }

  package let code: FindingCode
  /// Counted from 1; of the element that the finding is about.
  package let line: Int
  /// In characters, counted from 1.
  package let column: Int
  /// Sentences for a person: what is wrong and what to do. Values in it are cut at 100 characters.
  package let message: String

  package init(code: FindingCode, line: Int, column: Int, message: String) {
    self.code = code
    self.line = line
    self.column = column
    self.message = message
  }

  package var severity: Severity { code.severity }
}

extension Finding: CustomStringConvertible {
  /// `12:5: error: unknown-type: …`
  package var description: String { "\(line):\(column): \(severity.rawValue): \(code.rawValue): \(message)" }
}
