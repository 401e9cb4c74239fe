import Crypto
import CommandLineTable
import JSON

enum WebhookCommands {
  private static let name = CommandOption(
    "name", .text, placeholder: "N", required: true, help: "The webhook's name, as 'sojourn webhook list' prints it.")
  private static let common = [Commands.dataDirectory, Commands.deployment]
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
    let action = command.path.dropFirst().joined(separator: " ")
    var texts = ["deployment": command.text("deployment")]
    if action == "list" { return await AdminOutput.run(command, AdminRequest(.listWebhooks, texts), text: table) }
    texts["name"] = command.text("name")
    switch action {
    case "enable":
      texts["url"] = command.text("url")
      return await AdminOutput.run(command, AdminRequest(.enableWebhook, texts), text: lines)
    case "disable": return await AdminOutput.run(command, AdminRequest(.disableWebhook, texts), text: lines)
    case "secret show": return await AdminOutput.run(command, AdminRequest(.showSecret, texts), text: secrets)
    case "secret rotate": return await AdminOutput.run(command, AdminRequest(.rotateSecret, texts), text: secrets)
    case "secret promote": return await AdminOutput.run(command, AdminRequest(.promoteSecret, texts), text: secrets)
    case "deliveries": return await AdminOutput.run(command, AdminRequest(.listDeliveries, texts), text: deliveries)
    case "resend":
      let sequence = command.integer("sequence")
      guard (sequence == nil) == command.flag("parked") else {
        throw command.usageError("give either --sequence SEQUENCE or --parked")
      }
      texts["sequence"] = sequence.map(String.init)
      return await AdminOutput.run(command, AdminRequest(.resendWebhook, texts)) {
        let count = $0["resent"]?.rawText ?? "0"
        return count == "1" ? "1 event is sent again." : "\(count) events are sent again."
      }
    default:
      texts["from"] = command.integer("from").map(String.init)
      return await AdminOutput.run(command, AdminRequest(.replayWebhook, texts), text: lines)
    }
  }

  private static func table(_ root: JSONValue) -> String {
    var table = TextTable(
      ["NAME", "MODEL", "TYPE", "STATE", "BEHIND", "WAITING", "PARKED", "DELIVERED", "ENDPOINT"],
      numbers: ["BEHIND", "WAITING", "PARKED", "DELIVERED"])
    var isEmpty = true
    for row in root["webhooks"]?.elements.map({ $0 }) ?? [] {
      isEmpty = false
      table.append(
        [AdminOutput.text(row, "name"), AdminOutput.text(row, "model"), AdminOutput.text(row, "type"), state(row)]
          + ["behind", "waiting", "parked", "delivered"].map { row[$0]?.rawText ?? "" } + [AdminOutput.text(row, "url")]
      )
    }
    if isEmpty { return "The data model declares no webhook." }
    return String(table.text(style: Terminal.style(of: 1)).dropLast())
  }

  /// With what it would be given to where that is not an endpoint of its own.
  private static func state(_ row: JSONValue) -> String {
    let receiver = row["receiver"]?.string.map { " (\($0))" } ?? ""
    return AdminOutput.text(row, "state") + receiver
  }

  private static func lines(_ row: JSONValue) -> String {
    AdminOutput.lines([
      ("Webhook", AdminOutput.text(row, "name")), ("State", state(row)), ("Endpoint", AdminOutput.text(row, "url")),
      ("Position", AdminOutput.text(row, "position")), ("Behind it", row["behind"]?.rawText ?? ""),
      ("Waiting", row["waiting"]?.rawText ?? ""),
      ("Parked", row["parked"]?.rawText ?? ""),
    ])
  }

  private static func secrets(_ root: JSONValue) -> String {
    guard let next = root["next"]?.string else { return AdminOutput.text(root, "secret") }
    return AdminOutput.lines([
      ("Secret", AdminOutput.text(root, "secret")), ("Next", next),
      ("Next made", AdminOutput.text(root, "next_made_at")),
    ])
  }

  private static func deliveries(_ root: JSONValue) -> String {
    var parts: [String] = []
    let unfinished = root["unfinished"]?.elements.map { $0 } ?? []
    if !unfinished.isEmpty {
      var table = TextTable(["NOT DELIVERED", "OBJECT", "STATE", "ATTEMPTS", "NEXT"], numbers: ["ATTEMPTS"])
      for row in unfinished.prefix(100) {
        table.append([
          AdminOutput.text(row, "delivery"), AdminOutput.text(row, "object_id"), AdminOutput.text(row, "state"),
          row["attempts"]?.rawText ?? "", AdminOutput.text(row, "next_at"),
        ])
      }
      parts.append(String(table.text(style: Terminal.style(of: 1)).dropLast()))
      if unfinished.count > 100 { parts.append("… and \(unfinished.count - 100) more; --json prints all.") }
    }
    var table = TextTable(["ATTEMPT OF", "NO", "ENDED", "STATUS", "MS", "PROBLEM"], numbers: ["NO", "STATUS", "MS"])
    let attempts = root["attempts"]?.elements.map { $0 } ?? []
    for row in attempts.prefix(20) {
      table.append([
        AdminOutput.text(row, "delivery"), row["attempt"]?.rawText ?? "", AdminOutput.text(row, "at"),
        row["status"]?.isNull == false ? row["status"]?.rawText ?? "" : "–", row["milliseconds"]?.rawText ?? "",
        row["problem"]?.string ?? "",
      ])
    }
    parts.append(
      attempts.isEmpty ? "No attempt was made yet." : String(table.text(style: Terminal.style(of: 1)).dropLast()))
    return parts.joined(separator: "\n\n")
  }
}
