import CommandLineTable
import Glibc
import JSON
import Wire

/// Asks a data directory and prints what came of it: JSON with `--json`, else text for people.
enum AdminOutput {
  static func run(
    _ command: ParsedCommand, _ request: AdminRequest, text: (JSONValue) -> String
  ) async -> Int32 {
    let answer = await AdminClient.perform(request, in: command.text("data-dir") ?? "")
    switch answer {
    case .refused(let sentence), .nowhere(let sentence):
      Terminal.say("sojourn: \(sentence)\n", to: 2)
      return answer.exitCode
    case .done(let json):
      if command.flag("json") {
        print(PrintableText.escapedJSON(json))
      } else if let root = try? JSONDocument.read(json).root {
        print(text(root))
      }
      return 0
    }
  }

  /// Lines of names and values, set in two columns.
  static func lines(_ members: [(String, String)]) -> String {
    let width = members.map(\.0.count).max() ?? 0
    return members.map { name, value in
      let value = PrintableText.escaped(value)
      return name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n")
  }

  static func text(_ value: JSONValue?, _ key: String) -> String { value?[key]?.string ?? "–" }
}
