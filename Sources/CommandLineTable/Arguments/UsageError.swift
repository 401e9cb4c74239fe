import Wire

/// A command line, variable or settings file that cannot be understood.
///
/// It is shown on standard error and ends the program with `exitCode`.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package static let exitCode: Int32 = 2

  /// The command that was meant, program first: `["sojourn", "deployment", "create"]`.
  package let command: [String]
  /// What is wrong, without a full stop.
  package let message: String
  /// What to do, beyond reading the help page.
  package let hint: String?

  package init(_ message: String, command: [String] = [], hint: String? = nil) {
    self.command = command
    self.message = message
    self.hint = hint
  }

  /// Two or three lines, without a line end.
  package var description: String {
    let name = command.joined(separator: " ")
    var text = Sentence.ended(name.isEmpty ? message : "\(name): \(message)")
    if let hint { text += "\n\(hint)" }
    if !name.isEmpty { text += "\nSee '\(name) --help'." }
    return text
  }
}
