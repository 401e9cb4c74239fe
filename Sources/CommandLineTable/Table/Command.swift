/// One row of the table: a command that runs, or a group of commands.
package struct Command: Sendable {
  package let name: String
  /// One sentence, shown in lists of commands.
  package let summary: String
  /// Further paragraphs of the help page.
  package let discussion: [String]
  package let options: [CommandOption]
  package let arguments: [CommandArgument]
  package let examples: [CommandExample]
  /// Not empty for a group; a group has neither options nor arguments of its own.
  package let subcommands: [Command]

  package init(
    _ name: String, summary: String, discussion: [String] = [], options: [CommandOption] = [],
    arguments: [CommandArgument] = [], examples: [CommandExample] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.options = options
    self.arguments = arguments
    self.examples = examples
    self.subcommands = []
  }

  /// A group.
  package init(_ name: String, summary: String, discussion: [String] = [], subcommands: [Command]) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.options = []
    self.arguments = []
    self.examples = []
    self.subcommands = subcommands
  }
}

/// An argument that is known by its position.
package struct CommandArgument: Sendable {
  /// As the help page shows it: `FILE.csv`.
  package let placeholder: String
  package let help: String
  package let isRequired: Bool
  /// Takes all arguments that remain; only the last one may.
  package let isRepeated: Bool

  package init(_ placeholder: String, help: String, isRequired: Bool = true, isRepeated: Bool = false) {
    self.placeholder = placeholder
    self.help = help
    self.isRequired = isRequired
    self.isRepeated = isRepeated
  }

  var usage: String {
    let name = isRepeated ? placeholder + "…" : placeholder
    return isRequired ? name : "[\(name)]"
  }
}

/// A command line that works, and what it does.
package struct CommandExample: Sendable {
  package let line: String
  package let explanation: String

  package init(_ line: String, _ explanation: String) {
    self.line = line
    self.explanation = explanation
  }
}
