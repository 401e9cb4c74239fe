import Administration
import CommandLineTable
import Glibc
import JSON
import People
import Storage
import Wire

enum PeopleCommands {
  private static let person = CommandArgument("PERSON", help: "The person's e-mail address, or the id.")

  static let create = Command(
    "create", summary: "Prints a link with which somebody joins, once, within 72 hours.",
    discussion: [
      "The link asks for a password. The person can sign in to the pages at /databrowser then, and sees the deployments "
        + "in which an administrator or operator gives a role; an operator is administrator everywhere."
    ],
    options: DataPlace.options + [
      CommandOption("email", .text, placeholder: "E", required: true, help: "With which the person signs in."),
      CommandOption("name", .text, placeholder: "N", required: true, help: "What others call the person."),
      CommandOption("operator", .flag, help: "Makes an operator of the server."),
      CommandOption(
        "password-stdin", .flag,
        help: "Makes the first person of a server, with the password that is read from standard input."),
      Commands.json,
    ],
    examples: [
      CommandExample(
        "sojourn person create --data-dir data --email ada@example.org --name Ada --operator",
        "an operator to begin with")
    ])
  static let list = Command(
    "list", summary: "Lists who can sign in, and the links that nobody has used yet.",
    options: DataPlace.options + [Commands.json])
  static let reset = Command(
    "reset", summary: "Prints a link with which a person renews a lost password or second factor, once, within a day.",
    discussion: [
      "What the link does not renew the person must still have: the code for a new password, the password for a new "
        + "factor. All sessions of the person end when the link is used."
    ],
    options: DataPlace.options + [
      CommandOption(
        "lost", .choice(PersonReset.Lost.allCases.map(\.rawValue)), default: PersonReset.Lost.password.rawValue,
        help: "What was lost."),
      Commands.json,
    ], arguments: [person])
  static let remove = Command(
    "remove", summary: "Takes all rights from a person and signs the person out.",
    discussion: ["The name stays in histories and in the audit. The last operator cannot be removed."],
    options: DataPlace.options + [Commands.json], arguments: [person])
  static let verify = Command(
    "verify", summary: "Looks whether each entry of the audit follows the one before it.",
    discussion: [
      "It prints the hash of the last entry. To whoever has kept such a hash, --known proves that the audit up to there "
        + "is as it was then. Somebody who can write the control file could make the whole audit anew: without a hash "
        + "that was kept elsewhere nothing is proved."
    ],
    options: DataPlace.options + [
      CommandOption("known", .text, placeholder: "HASH", help: "A hash of before, which an entry must have."),
      Commands.json,
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    switch command.path {
    case ["person", "create"]: return try await runCreate(command)
    case ["person", "list"]: return await AdminOutput.run(command, .people(.listPeople), text: text)
    case ["person", "reset"]: return await runReset(command)
    case ["person", "remove"]: return await runRemove(command)
    default: throw command.usageError("there is no such command")
    }
  }

  private static func runCreate(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    var new = NewPerson(
      email: command.text("email") ?? "", name: command.text("name") ?? "", isOperator: command.flag("operator"))
    if let problem = PersonRule.problem(withEmail: new.email) ?? PersonRule.problem(withName: new.name) {
      throw command.usageError(problem)
    }
    if command.flag("password-stdin") { new.password = Untold(try password(command)) }
    return await AdminOutput.run(command, .people(.createPerson(new))) { result in
      guard case .person(let created) = result else { return nil }
      guard let link = created.link else { return "\(created.name) can sign in as \(created.email)." }
      return "\(link)\nThe link is good once, until \(AdminOutput.text(created.expiresAt))."
    }
  }

  /// All of standard input but the line break at its end.
  private static func password(_ command: ParsedCommand) throws(UsageError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= 4096, case let count = read(0, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard !bytes.isEmpty, bytes.count <= 4096, let text = String(validating: bytes, as: UTF8.self) else {
      throw command.usageError("standard input holds no password of up to 4096 bytes in UTF-8")
    }
    return text
  }

  private static func runReset(_ command: ParsedCommand) async -> Int32 {
    let reset = PersonReset(
      person: command.arguments.first ?? "",
      lost: command.text("lost").flatMap(PersonReset.Lost.init) ?? .password)
    return await AdminOutput.run(command, .people(.resetPerson(reset))) { result in
      guard case .reset(let link) = result else { return nil }
      return "\(link.link)\nThe link is good once, until \(link.expiresAt)."
    }
  }

  private static func runRemove(_ command: ParsedCommand) async -> Int32 {
    let name = command.arguments.first ?? ""
    return await AdminOutput.run(command, .people(.removePerson(named: name))) { result in
      if case .deleted = result { "\(PrintableText.escaped(name)) is removed." } else { nil }
    }
  }

  private static func text(_ result: AdminResult) -> String? {
    guard case .people(let rows) = result else { return nil }
    if rows.people.isEmpty, rows.invitations.isEmpty {
      return "There is nobody yet. `sojourn person create` makes a link for the first operator."
    }
    var table = TextTable(["ID", "E-MAIL", "NAME", "ROLES", "2ND FACTOR", "LAST SEEN"])
    for row in rows.people {
      table.append([
        row.id, row.email, row.name, roles(row), row.hasFactor ? "yes" : "no", AdminOutput.text(row.lastSeenAt),
      ])
    }
    let links = rows.invitations.map { row in
      "\n\(PrintableText.escaped(row.email)) has a link (\(row.kind.rawValue)) until \(row.expiresAt)."
    }
    return AdminOutput.text(table) + links.joined()
  }

  private static func roles(_ row: PersonRow) -> String {
    let roles = row.roles.map { "\($0.roles.map(\.rawValue).joined(separator: "+")) of \($0.deployment)" }
    return ((row.isOperator ? ["operator"] : []) + roles).joined(separator: ", ")
  }

  // MARK: Audit.

  /// 1 where the audit was altered.
  static func runVerify(_ command: ParsedCommand) async -> Int32 {
    do throws(AdminRefusal) {
      let asked = AdminCommand.people(.verifyAudit(knownHash: command.text("known")))
      guard case .audit(let found) = try await AdminReach(command).perform(asked) else { throw AdminOutput.unfitting }
      print(command.flag("json") ? AdminOutput.text(found.json) : text(found))
      return found.isWhole ? 0 : 1
    } catch {
      return AdminOutput.refuse(error)
    }
  }

  private static func text(_ found: AuditFindings) -> String {
    var lines: [String] = []
    if let first = found.first, let last = found.last, let hash = found.hash {
      lines.append("Entries \(first) to \(last). The last has the hash \(hash)")
    } else {
      lines.append("The audit has no entry.")
    }
    if let broken = found.broken {
      lines.append("Entry \(broken) does not follow the one before it: the audit was altered there.")
    } else {
      lines.append("Each entry follows the one before it.")
    }
    if let known = found.known {
      lines.append("Entry \(known) has the hash that was kept: up to there nothing was altered.")
    }
    if found.isUnknown { lines.append("No entry has the hash that was kept: the audit was altered, or trimmed since.") }
    return lines.joined(separator: "\n")
  }
}
