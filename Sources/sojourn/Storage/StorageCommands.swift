import Administration
import CommandLineTable
import JSON
import Storage
import StoragePostgres
import Wire

/// `sojourn storage`: prepares a PostgreSQL database for servers, brings it forward, and says what is wrong with it.
enum StorageCommands {
  static let storage = CommandOption(
    "storage", .text, placeholder: "URL", required: true, environment: "SOJOURN_STORAGE", key: "storage",
    help: "The database: \(addressHelp)")
  static let addressHelp =
    "postgresql://USER@HOST:PORT/DATABASE; several hosts stand between commas. Every user of the machine can read a "
    + "command line: a password stands better in SOJOURN_STORAGE, PGPASSWORD or PGPASSFILE."
  static let keyFile = CommandOption(
    "key-file", .path, placeholder: "FILE", environment: "SOJOURN_KEY_FILE", key: "key-file",
    help: "The file of 32 bytes under which the server's key in the database is sealed; the same on all nodes.")

  static let initialize = Command(
    "init", summary: "Prepares a database: makes the schema sojourn and the server's key.",
    discussion: [
      "It needs an ordinary user that owns the database, and no superuser. A second time it changes nothing.",
      "The key file is made where there is none. Keep a copy of it apart from the database: without it what is sealed "
        + "there, such as the secrets of webhooks, cannot be opened.",
    ],
    options: [storage, keyFile, Commands.json],
    examples: [
      CommandExample(
        "sojourn storage init --storage postgresql://sojourn@db.example.org/sojourn --key-file /etc/sojourn/key",
        "once, before the first node")
    ])
  static let upgrade = Command(
    "upgrade", summary: "Brings the layout of a database forward to the one that this program works with.",
    options: [storage, Commands.json],
    examples: [CommandExample("sojourn storage upgrade --storage URL", "after the program was upgraded")])
  static let check = Command(
    "check", summary: "Says what is wrong with a database, or with a node's way to it.",
    discussion: ["Changes nothing. Exits with 1 where a server would not work with the database as it is."],
    options: [
      storage, keyFile,
      CommandOption(
        "nodes", .integer(1...1000), placeholder: "N", default: "1", help: "How many nodes the database is to serve."),
      Commands.json,
    ],
    examples: [CommandExample("sojourn storage check --storage URL --nodes 3", "before a third node is added")])
  static let restored = Command(
    "restored", summary: "Tells those who follow the feeds of a database that it was restored from a backup.",
    discussion: [
      "Gives the feed of each deployment a new id, so that programs that mirror it load it anew, and signs everybody "
        + "out. Run it once after pg_restore, or after the database was set back to an earlier time, before any node is "
        + "started: what was served since the backup was made is not in it."
    ],
    options: [storage, Commands.json],
    examples: [CommandExample("sojourn storage restored --storage URL", "after pg_restore, while no node runs")])

  static func run(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    if command.path.last == "init", command.text("key-file") == nil {
      throw command.usageError("name the key file with --key-file or SOJOURN_KEY_FILE; it is made where there is none")
    }
    let address: PostgresAddress
    do throws(PostgresFault) { address = try PostgresAddress(command.text("storage") ?? "") } catch {
      throw command.usageError(error.sentence)
    }
    do {
      let connection = try PostgresConnection.open(address, as: .administrator)
      switch command.path.last {
      case "init": return try runInit(command, connection, address)
      case "upgrade": return try runUpgrade(command, connection)
      case "restored": return try runRestored(command, connection)
      default: return try runCheck(command, connection, address)
      }
    } catch {
      Terminal.say("sojourn: \(PrintableText.escaped(Sentence.of(error)))\n", to: 2)
      return 1
    }
  }

  private static func runInit(
    _ command: ParsedCommand, _ connection: PostgresConnection, _ address: PostgresAddress
  ) throws -> Int32 {
    let steps = try PostgresLayout(connection).initialize()
    let path = command.text("key-file") ?? ""
    let key = try OperatorKey(path: path).prepare(connection)
    if command.flag("json") {
      let made: JSONNode = [
        "layout": .integer(Int64(PostgresLayout.latest)), "is_new": .bool(!steps.isEmpty),
        "is_key_new": .bool(key == .made),
      ]
      print(AdminOutput.text(made))
    } else if steps.isEmpty, key == .wasThere {
      print("The database is prepared already: \(address)")
    } else {
      print("The database is prepared: \(address)")
      if key == .made { print("The key file is \(path): give it to every node, and keep a copy of it.") }
    }
    return 0
  }

  private static func runUpgrade(_ command: ParsedCommand, _ connection: PostgresConnection) throws -> Int32 {
    let steps = try PostgresLayout(connection).upgrade()
    if command.flag("json") {
      let done: JSONNode = [
        "layout": .integer(Int64(PostgresLayout.latest)), "steps": .array(steps.map { .text($0.summary) }),
      ]
      print(AdminOutput.text(done))
    } else if steps.isEmpty {
      print("The database has the latest layout already, \(PostgresLayout.latest).")
    } else {
      for step in steps { print("\(step.number): \(step.summary)") }
      print("The database has layout \(PostgresLayout.latest) now.")
    }
    return 0
  }

  private static func runRestored(_ command: ParsedCommand, _ connection: PostgresConnection) throws -> Int32 {
    if let problem = try PostgresLayout(connection).problem() { throw StorageError.unusable(problem) }
    let feeds = try RestoredDatabase(connection).renew(milliseconds: SystemClock().milliseconds())
    if command.flag("json") {
      let rows = feeds.map { feed -> JSONNode in
        ["id": .text(feed.deployment), "feed": .text(feed.feedID), "sequences_above": .text(String(feed.floor))]
      }
      let restored: JSONNode = ["deployments": .array(rows)]
      print(AdminOutput.text(restored))
    } else if feeds.isEmpty {
      print("The database has no deployments. Everybody was signed out.")
    } else {
      for feed in feeds { print("\(feed.deployment): a new feed; sequences go on above \(feed.floor).") }
    }
    return 0
  }

  private static func runCheck(
    _ command: ParsedCommand, _ connection: PostgresConnection, _ address: PostgresAddress
  ) throws -> Int32 {
    let facts = try DatabaseCheck.facts(connection, nowMilliseconds: SystemClock().milliseconds())
    var findings = DatabaseCheck.findings(facts, nodes: command.integer("nodes") ?? 1)
    let layout = try PostgresLayout(connection).problem()
    if let layout {
      findings.insert(DatabaseCheck.Finding(isWarning: false, sentence: layout), at: 0)
    } else if let path = command.text("key-file") {
      do {
        _ = try OperatorKey(path: path).open(connection)
      } catch {
        findings.append(DatabaseCheck.Finding(isWarning: false, sentence: Sentence.of(error)))
      }
    }
    if command.flag("json") {
      print(AdminOutput.text(json(facts, findings, address)))
    } else {
      print("PostgreSQL \(facts.version), layout \(facts.layout.map(String.init) ?? "none"): \(address)")
      for finding in findings {
        print(PrintableText.escaped("\(finding.isWarning ? "warning: " : "")\(finding.sentence)"))
      }
      if findings.isEmpty { print("Nothing is wrong.") }
    }
    return findings.allSatisfy(\.isWarning) ? 0 : 1
  }

  private static func json(
    _ facts: DatabaseCheck.Facts, _ findings: [DatabaseCheck.Finding], _ address: PostgresAddress
  ) -> JSONNode {
    let rows = findings.map { finding -> JSONNode in
      ["is_warning": .bool(finding.isWarning), "what": .text(finding.sentence)]
    }
    return [
      "storage": .text(address.description), "version": .text(facts.version),
      "layout": facts.layout.map { .integer(Int64($0)) } ?? .null, "findings": .array(rows),
    ]
  }

}
