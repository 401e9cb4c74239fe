import Administration
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
    options: DataPlace.options + [
      Commands.deployment,
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
    let cut = before.map { OplogTrimming.Cut.before(Int64($0)) } ?? .olderThan(seconds: Int64(age ?? 0))
    let asked = AdminCommand.deployment(
      id: command.text("deployment") ?? "", .trimOplog(OplogTrimming(cut, isForced: command.flag("force"))))
    // A long oplog goes in several commands, so that the server answers others in between.
    var removed = 0
    while true {
      do throws(AdminRefusal) {
        guard case .trimmed(let part) = try await AdminReach(command).perform(asked) else {
          throw AdminOutput.unfitting
        }
        removed += part.removed
        guard part.isDone else { continue }
        print(command.flag("json") ? json(removed, part) : text(removed, part))
        return 0
      } catch {
        if removed > 0 { Terminal.say("sojourn: \(removed) entries were removed before this.\n", to: 2) }
        return AdminOutput.refuse(error)
      }
    }
  }

  private static func text(_ removed: Int, _ last: Trimmed) -> String {
    "\(removed) entries were removed. \(last.oldest.map { "The oldest that is kept is \($0)." } ?? "There is none.")"
      + (last.heldBy.map { " The webhook \($0) has yet to deliver what follows." } ?? "")
  }

  private static func json(_ removed: Int, _ last: Trimmed) -> String {
    let node: JSONNode = [
      "removed": .integer(Int64(removed)), "oldest": last.oldest.map { .text(String($0)) } ?? .null,
      "held_by": last.heldBy.map { .text($0) } ?? .null,
    ]
    return node.string
  }
}
