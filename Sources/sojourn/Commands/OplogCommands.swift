import CommandLineTable
import JSON

enum OplogCommands {
  static let trim = Command(
    "trim", summary: "Removes old entries of a deployment's oplog, for good.",
    discussion: [
      "Objects are not touched. A program that follows the feed from a position that was removed is told so and has "
        + "to load anew; the last entry always stays. The setting oplog_retention does this by itself.",
      "What an enabled webhook has not delivered yet stays too, unless --force is given.",
    ],
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption(
        "before", .integer(1...Int.max), placeholder: "SEQUENCE", help: "Removes the entries below this sequence."),
      CommandOption(
        "older-than", .age(0...Int.max), placeholder: "90d",
        help: "Removes the entries that are older, except the youngest of them, behind which followers may stand."),
      CommandOption("force", .flag, help: "Removes also what webhooks have not delivered: they will not send it."),
      Commands.json,
    ])

  static func runTrim(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let before = command.integer("before")
    let age = command.seconds("older-than")
    guard (before == nil) != (age == nil) else {
      throw command.usageError("give either --before SEQUENCE or --older-than DURATION")
    }
    let request = AdminRequest(
      .trimOplog,
      [
        "deployment": command.text("deployment"), "before": before.map(String.init),
        "older_than": age.map(String.init), "force": command.flag("force") ? "true" : nil,
      ])
    // A long oplog goes in several requests, so that the server answers others in between.
    var removed = 0
    while true {
      let answer = await AdminClient.perform(request, in: command.text("data-dir") ?? "")
      switch answer {
      case .refused(let sentence), .nowhere(let sentence):
        if removed > 0 { Terminal.say("sojourn: \(removed) entries were removed before this.\n", to: 2) }
        Terminal.say("sojourn: \(sentence)\n", to: 2)
        return answer.exitCode
      case .done(let json):
        let root = try? JSONDocument.read(json).root
        removed += root?["removed"].flatMap { Int($0.rawText) } ?? 0
        guard root?["done"]?.bool == true else { continue }
        let oldest = root?["oldest"]?.string
        let holder = root?["held_by"]?.string
        if command.flag("json") {
          let rest = AdminJSON.object([("oldest", oldest), ("held_by", holder)]).dropFirst()
          print("{\"removed\":\(removed),\(rest)")
        } else {
          print(
            "\(removed) entries were removed. \(oldest.map { "The oldest that is kept is \($0)." } ?? "There is none.")"
              + (holder.map { " The webhook \($0) has yet to deliver what follows." } ?? ""))
        }
        return 0
      }
    }
  }
}
