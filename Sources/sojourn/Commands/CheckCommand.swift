import AttachmentsS3
import CommandLineTable
import JSON

/// `sojourn fsck`: holds attachments against the bytes that are there.
enum CheckCommand {
  static let command = Command(
    "fsck", summary: "Checks that the bytes of all attachments are there and whole.",
    discussion: [
      "Reports bytes that are missing, damaged (not what their name says) or orphaned (no attachment's, for a day), "
        + "and attachments and bytes whose count of those who need them is wrong. It reads all of them, and may run "
        + "while the server does.",
      "With --repair the attachments of missing and damaged bytes are shown as missing, damaged bytes are removed, so "
        + "that uploading them again mends the attachments, orphans and bytes of deployments that are gone are removed, and "
        + "counts are mended, for which writes wait. Exits with 1 where something is missing, damaged or miscounted.",
    ],
    options: [
      Commands.dataDirectory,
      CommandOption(
        "deployment", .text, placeholder: "ID", environment: "SOJOURN_DEPLOYMENT", help: "Only this deployment."),
      CommandOption("repair", .flag, help: "Notes what is missing, removes what is damaged or orphaned, mends counts."),
      Commands.json,
    ] + S3Options.options,
    examples: [CommandExample("sojourn fsck --data-dir data", "everything, changing nothing")])

  /// What came of one deployment.
  private struct Report {
    let deployment: String
    var blobs = 0
    var bytes = 0
    var orphanedBytes = 0
    var hashes: [String: [String]] = [:]

    static let kinds = ["missing", "damaged", "orphaned", "miscounted", "found"]

    mutating func add(_ root: JSONValue) {
      blobs += Self.integer(root["blobs"])
      bytes += Self.integer(root["bytes"])
      orphanedBytes += Self.integer(root["orphaned_bytes"])
      for kind in Self.kinds {
        hashes[kind, default: []] += root[kind].map { $0.elements.compactMap(\.string) } ?? []
      }
    }

    func count(_ kind: String) -> Int { hashes[kind]?.count ?? 0 }

    private static func integer(_ value: JSONValue?) -> Int { value.flatMap { Int($0.rawText) } ?? 0 }

    var json: String {
      let lists = Self.kinds.map { kind in
        "\"\(kind)\":[\((hashes[kind] ?? []).map { "\"\($0)\"" }.joined(separator: ","))]"
      }
      return "{\"deployment\":\"\(deployment)\",\"blobs\":\(blobs),\"bytes\":\(bytes),\(lists.joined(separator: ",")),"
        + "\"orphaned_bytes\":\(orphanedBytes)}"
    }

    /// What was found, and what `--repair` did about it.
    func lines(isRepaired: Bool) -> [String] {
      var lines = [
        "\(deployment): \(blobs) blobs, \(bytes) bytes: \(count("missing")) missing, \(count("damaged")) damaged, "
          + "\(count("orphaned")) orphaned (\(orphanedBytes) bytes), \(count("miscounted")) miscounted\(count("found") > 0 ? ", \(count("found")) found again" : "")"
      ]
      for kind in Self.kinds {
        let done = isRepaired ? Self.repairs[kind].map { ": \($0)" } ?? "" : ""
        lines += (hashes[kind] ?? []).prefix(Self.mostListed).map { "  \(kind) \($0)\(done)" }
        if count(kind) > Self.mostListed { lines.append("  and \(count(kind) - Self.mostListed) more \(kind)\(done)") }
      }
      return lines
    }

    /// Of each kind; --json has all.
    private static let mostListed = 100
    private static let repairs = [
      "missing": "its attachments show it", "damaged": "removed, its attachments show as missing",
      "orphaned": "removed", "miscounted": "counted anew", "found": "its attachments can be read again",
    ]

    var isWhole: Bool { count("missing") + count("damaged") + count("miscounted") == 0 }
  }

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    var reports: [Report] = []
    var isComplete = true
    let store = try S3Options.settings(command)
    switch await deployments(command) {
    case .refused(let sentence): return refuse(.refused(sentence))
    case .nowhere(let sentence): return refuse(.nowhere(sentence))
    case .done(let list):
      for id in list.split(separator: "\n") {
        var report = Report(deployment: String(id))
        guard let refusal = await check(&report, command, store) else {
          reports.append(report)
          continue
        }
        // One that cannot be opened does not keep the others from being checked.
        let exitCode = refuse(refusal)
        if command.text("deployment") != nil { return exitCode }
        isComplete = false
      }
    }
    let strays: [String]
    switch await Self.strays(command, store) {
    case .refused(let sentence): return refuse(.refused(sentence))
    case .nowhere(let sentence): return refuse(.nowhere(sentence))
    case .done(let list): strays = list.split(separator: "\n").map(String.init)
    }
    if command.flag("json") {
      print(
        "{\"deployments\":[\(reports.map(\.json).joined(separator: ","))],"
          + "\"strays\":[\(strays.map { "\"\($0)\"" }.joined(separator: ","))]}")
    } else {
      let isRepaired = command.flag("repair")
      var lines =
        reports.isEmpty && isComplete
        ? ["There is no deployment."] : reports.flatMap { $0.lines(isRepaired: isRepaired) }
      let end = isRepaired ? "removed" : "--repair removes them"
      lines += strays.map { "\($0): attachments of a deployment that is gone; \(end)" }
      if !isRepaired, reports.contains(where: { !$0.isWhole || $0.count("orphaned") > 0 }) {
        lines.append(
          "With --repair, what is missing is shown as missing, what is damaged or orphaned is removed, and counts are mended."
        )
      }
      print(lines.joined(separator: "\n"))
    }
    return isComplete && reports.allSatisfy(\.isWhole) ? 0 : 1
  }

  private static func refuse(_ answer: AdminAnswer) -> Int32 {
    if case .refused(let sentence) = answer { Terminal.say("sojourn: \(sentence)\n", to: 2) }
    if case .nowhere(let sentence) = answer { Terminal.say("sojourn: \(sentence)\n", to: 2) }
    return answer.exitCode
  }

  /// The ids to check, one a line.
  private static func deployments(_ command: ParsedCommand) async -> AdminAnswer {
    if let id = command.text("deployment") { return .done(id) }
    switch await AdminClient.perform(AdminRequest(.listDeployments), in: command.text("data-dir") ?? "") {
    case .refused(let sentence): return .refused(sentence)
    case .nowhere(let sentence): return .nowhere(sentence)
    case .done(let json):
      let rows = (try? JSONDocument.read(json).root)?["deployments"]?.elements
      return .done(rows?.map { AdminOutput.text($0, "id") }.joined(separator: "\n") ?? "")
    }
  }

  /// Deployments that are gone and whose attachments are not, one a line; none where one deployment is asked for.
  private static func strays(_ command: ParsedCommand, _ store: S3Settings?) async -> AdminAnswer {
    if command.text("deployment") != nil { return .done("") }
    let request = AdminRequest(.checkStrays, ["repair": command.flag("repair") ? "true" : nil])
    switch await AdminClient.perform(request, in: command.text("data-dir") ?? "", store: store) {
    case .refused(let sentence): return .refused(sentence)
    case .nowhere(let sentence): return .nowhere(sentence)
    case .done(let json):
      let found = (try? JSONDocument.read(json).root)?["strays"]?.elements.compactMap(\.string) ?? []
      return .done(found.joined(separator: "\n"))
    }
  }

  /// In several requests, so that the server answers others in between. The reason where it could not be done.
  private static func check(
    _ report: inout Report, _ command: ParsedCommand, _ store: S3Settings?
  ) async -> AdminAnswer? {
    var after: String?
    while true {
      let request = AdminRequest(
        .checkAttachments,
        ["deployment": report.deployment, "after": after, "repair": command.flag("repair") ? "true" : nil])
      switch await AdminClient.perform(request, in: command.text("data-dir") ?? "", store: store) {
      case .refused(let sentence): return .refused(sentence)
      case .nowhere(let sentence): return .nowhere(sentence)
      case .done(let json):
        guard let root = try? JSONDocument.read(json).root else {
          return .refused("The server's answer cannot be read.")
        }
        report.add(root)
        after = root["next"]?.string
        if after == nil { return nil }
      }
    }
  }
}
