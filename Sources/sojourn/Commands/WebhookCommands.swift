import Administration
import CommandLineTable
import DataModel
import Webhooks
import Wire

enum WebhookCommands {
  private static let name = CommandOption(
    "name", .text, placeholder: "N", required: true, help: "The webhook's name, as 'sojourn webhook list' prints it.")
  private static let common = DataPlace.options + [Commands.deployment]
  private static let named = common + [name, Commands.json]

  static let list = Command(
    "list", summary: "Lists the webhooks that the data model declares, and how each is.",
    options: common + [Commands.json])
  static let enable = Command(
    "enable", summary: "Lets a webhook deliver to an endpoint from now on.",
    discussion: [
      "What is saved from now on is sent. A webhook that was disabled goes on where it stood. An enabled one gets "
        + "the new endpoint. Whatever waits for another try is tried at once."
    ],
    options: common + [
      name,
      CommandOption("url", .text, placeholder: "URL", required: true, help: "The endpoint, http or https."),
      Commands.json,
    ],
    examples: [
      CommandExample(
        "sojourn webhook enable --deployment ID --name flight_status --url https://erp.example.org/hooks",
        "lets the webhook flight_status deliver")
    ])
  static let disable = Command(
    "disable", summary: "Stops a webhook; what it has not delivered stays.", options: named)
  static let showSecret = Command("show", summary: "Prints a webhook's secret.", options: named)
  static let rotateSecret = Command(
    "rotate", summary: "Makes the next secret; both are good until it is promoted.",
    discussion: ["It promotes itself after 24 hours."], options: named)
  static let promoteSecret = Command(
    "promote", summary: "Signs with the next secret from now on, and with it alone.", options: named)
  static let deliveries = Command(
    "deliveries", summary: "Lists what a webhook has not delivered, and its last attempts.", options: named)
  static let resend = Command(
    "resend", summary: "Sends an event again, or all that were given up.",
    options: common + [
      name,
      CommandOption(
        "sequence", .integer(1...Int.max), placeholder: "SEQUENCE", help: "The event's entry in the oplog."),
      CommandOption("parked", .flag, help: "All that were given up."), Commands.json,
    ])
  static let skip = Command(
    "skip", summary: "Gives up the delivery of an event that waits or is parked.",
    options: common + [
      name,
      CommandOption(
        "sequence", .integer(1...Int.max), placeholder: "SEQUENCE", required: true,
        help: "The event's entry in the oplog."),
      Commands.json,
    ])
  static let replay = Command(
    "replay", summary: "Delivers once more everything from a sequence on, marked as a replay.",
    options: common + [
      name,
      CommandOption(
        "from", .integer(0...Int.max), placeholder: "SEQUENCE", required: true,
        help: "The first entry that is sent; 0 is the oldest that is kept."),
      Commands.json,
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    switch command.path.dropFirst().joined(separator: " ") {
    case "list": return await AdminOutput.run(command, .listWebhooks, text: table)
    case "enable": return await run(command, .enable(url: Untold(command.text("url") ?? "")), text: lines)
    case "disable": return await run(command, .disable, text: lines)
    case "secret show": return await run(command, .showSecret, text: secrets)
    case "secret rotate": return await run(command, .rotateSecret, text: secrets)
    case "secret promote": return await run(command, .promoteSecret, text: secrets)
    case "deliveries": return await run(command, .listDeliveries, text: deliveries)
    case "resend":
      let sequence = command.integer("sequence")
      guard (sequence == nil) == command.flag("parked") else {
        throw command.usageError("give either --sequence SEQUENCE or --parked")
      }
      return await run(command, .resend(sequence: sequence.map { Int64($0) })) { result in
        guard case .resent(let count) = result else { return nil }
        return count == 1 ? "1 event is sent again." : "\(count) events are sent again."
      }
    case "skip": return await run(command, .skip(sequence: Int64(command.integer("sequence") ?? 0)), text: lines)
    default: return await run(command, .replay(from: Int64(command.integer("from") ?? 0)), text: lines)
    }
  }

  private static func run(
    _ command: ParsedCommand, _ asked: WebhookCommand, text: (AdminResult) -> String?
  ) async -> Int32 {
    await AdminOutput.run(command, .webhook(name: command.text("name") ?? "", asked), text: text)
  }

  private static func table(_ result: AdminResult) -> String? {
    guard case .webhooks(let rows) = result else { return nil }
    if rows.isEmpty { return "The data model declares no webhook." }
    var table = TextTable(
      ["NAME", "MODEL", "TYPE", "STATE", "BEHIND", "WAITING", "PARKED", "DELIVERED", "ENDPOINT"],
      numbers: ["BEHIND", "WAITING", "PARKED", "DELIVERED"])
    for row in rows {
      table.append([
        row.name, AdminOutput.text(row.declaration.model), AdminOutput.text(row.declaration.type?.rawValue), state(row),
        String(row.backlog.behind), String(row.backlog.waiting), String(row.backlog.parked),
        String(row.outcomes.delivered), AdminOutput.text(row.url),
      ])
    }
    return AdminOutput.text(table)
  }

  /// With what it would be given to where that is not an endpoint of its own.
  private static func state(_ row: WebhookRow) -> String {
    row.state.rawValue + (row.declaration.receiver.map { " (\($0.rawValue))" } ?? "")
  }

  private static func lines(_ result: AdminResult) -> String? {
    guard case .webhook(let row) = result else { return nil }
    return AdminOutput.lines([
      ("Webhook", row.name), ("State", state(row)), ("Endpoint", row.url),
      ("Position", row.backlog.position.map(String.init)), ("Behind it", String(row.backlog.behind)),
      ("Waiting", String(row.backlog.waiting)), ("Parked", String(row.backlog.parked)),
    ])
  }

  private static func secrets(_ result: AdminResult) -> String? {
    guard case .secrets(let secrets) = result else { return nil }
    guard let next = secrets.next else { return secrets.secret }
    return AdminOutput.lines([
      ("Secret", secrets.secret), ("Next", next), ("Next made", AdminOutput.text(secrets.nextMadeAt)),
    ])
  }

  private static func deliveries(_ result: AdminResult) -> String? {
    guard case .deliveries(let deliveries) = result else { return nil }
    var parts: [String] = []
    if !deliveries.unfinished.isEmpty {
      parts.append(table(of: deliveries.unfinished))
      let count = deliveries.unfinished.count
      if count > 100 { parts.append("… and \(count - 100) more; --json prints all.") }
    }
    parts.append(deliveries.attempts.isEmpty ? "No attempt was made yet." : table(of: deliveries.attempts))
    return parts.joined(separator: "\n\n")
  }

  private static func table(of unfinished: [Deliveries.Unfinished]) -> String {
    var table = TextTable(["NOT DELIVERED", "OBJECT", "STATE", "ATTEMPTS", "NEXT"], numbers: ["ATTEMPTS"])
    for row in unfinished.prefix(100) {
      table.append([
        row.event.delivery, row.event.object, row.state.rawValue, String(row.attempts), AdminOutput.text(row.nextAt),
      ])
    }
    return AdminOutput.text(table)
  }

  private static func table(of attempts: [Deliveries.Attempt]) -> String {
    var table = TextTable(["ATTEMPT OF", "NO", "ENDED", "STATUS", "MS", "PROBLEM"], numbers: ["NO", "STATUS", "MS"])
    for row in attempts.prefix(20) {
      table.append([
        row.event.delivery, String(row.number), row.endedAt.description, AdminOutput.text(row.status.map(String.init)),
        String(row.milliseconds), row.problem ?? "",
      ])
    }
    return AdminOutput.text(table)
  }
}
