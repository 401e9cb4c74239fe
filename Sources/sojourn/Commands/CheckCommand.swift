import Administration
import CommandLineTable
import JSON
import StoragePostgres
import Wire

/// `sojourn fsck`: holds attachments against the bytes that are there, and what a database says of a deployment against
/// itself.
enum CheckCommand {
  static let command = Command(
    "fsck", summary: "Checks that the bytes of all attachments are there and whole, and a database as well.",
    discussion: [
      "Reports bytes that are missing, damaged (not what their name says) or orphaned (no attachment's, for a day), "
        + "and attachments and bytes whose count of those who need them is wrong. It reads all of them, and may run "
        + "while the server does.",
      "With --repair the attachments of missing and damaged bytes are shown as missing, damaged bytes are removed, so "
        + "that uploading them again mends the attachments, orphans and bytes of deployments that are gone are removed, and "
        + "counts are mended, for which writes wait. Exits with 1 where something is missing, damaged or miscounted.",
      "With --storage it first holds the tables of each deployment against each other: columns against the catalog, "
        + "indexes, counts against objects, the entry before each in the oplog, the last entry of each object, and the "
        + "ledger of attachments. It sees one state of the database, beside servers at work, and changes nothing of that "
        + "with --repair either. Bytes of attachments are looked at where --attachments or the settings of an object store "
        + "say where they are.",
    ],
    options: DataPlace.optionsWithBytes + [
      CommandOption(
        "deployment", .text, placeholder: "ID", environment: "SOJOURN_DEPLOYMENT", help: "Only this deployment."),
      CommandOption("repair", .flag, help: "Notes what is missing or damaged, removes what is orphaned, mends counts."),
      Commands.json,
    ] + S3Options.options,
    examples: [
      CommandExample("sojourn fsck --data-dir data", "everything, changing nothing"),
      CommandExample("sojourn fsck --storage postgresql://sojourn@db.example.org/sojourn", "a database"),
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let reach = AdminReach(command, store: try S3Options.settings(command))
    let isRepairing = command.flag("repair")
    let one = command.text("deployment")
    var reports: [CheckReport] = []
    var isComplete = true
    do throws(AdminRefusal) {
      for id in try await deployments(one, reach) {
        var report = CheckReport(deployment: id)
        do throws(AdminRefusal) {
          report.tables = try tables(of: id, reach, isQuiet: command.flag("json"))
          if reach.hasBytes { report.findings = try await findings(in: id, isRepairing: isRepairing, reach) }
        } catch {
          if one != nil, report.tables == nil { throw error }
          // One that cannot be opened does not keep the others from being checked.
          _ = AdminOutput.refuse(error)
          isComplete = false
        }
        if report.tables != nil || report.findings != nil { reports.append(report) }
      }
      let strays = one == nil && reach.hasBytes ? try await strays(isRepairing: isRepairing, reach) : []
      if command.flag("json") {
        let found: JSONNode = [
          "deployments": .array(reports.map(\.json)), "strays": .array(strays.map { .text($0) }),
        ]
        print(found.string)
      } else {
        let none = reports.isEmpty && isComplete ? ["There is no deployment."] : []
        print(
          PrintableText.escaped(
            (none + lines(reports, strays, isRepaired: isRepairing)).joined(separator: "\n"), keepingLines: true))
      }
    } catch {
      return AdminOutput.refuse(error)
    }
    return isComplete && reports.allSatisfy(\.isWhole) ? 0 : 1
  }

  private static func lines(_ reports: [CheckReport], _ strays: [String], isRepaired: Bool) -> [String] {
    var lines = reports.flatMap { $0.lines(isRepaired: isRepaired) }
    let end = isRepaired ? "removed" : "--repair removes them"
    lines += strays.map { "\($0): attachments of a deployment that is gone; \(end)" }
    if !isRepaired, reports.contains(where: \.isMendable) {
      lines.append(
        "With --repair, what is missing is shown as missing, what is damaged or orphaned is removed, and counts are mended."
      )
    }
    return lines
  }

  /// The ids to check.
  private static func deployments(_ one: String?, _ reach: AdminReach) async throws(AdminRefusal) -> [String] {
    if let one, reach.place.directory != nil { return [one] }
    guard case .deployments(let rows) = try await AdminReach(reach.place).perform(.listDeployments)
    else { throw AdminOutput.unfitting }
    guard let one else { return rows.map(\.id) }
    let id = try DeploymentNaming.id(of: one, among: rows.map { ($0.id, $0.name) })
    guard rows.contains(where: { $0.id == id }) else {
      throw AdminRefusal(
        "There is no deployment \(CutText.cut(id)).", hint: "`sojourn deployment list` shows those there are.")
    }
    return [id]
  }

  /// What a database says against itself; nil where the data lies in a directory.
  private static func tables(
    of id: String, _ reach: AdminReach, isQuiet: Bool
  ) throws(AdminRefusal) -> DeploymentCheck.Report? {
    guard case .database(let database) = reach.place else { return nil }
    // Of a large deployment a part may take minutes.
    let isWatched = !isQuiet && Terminal.style(of: 2).isInteractive
    do {
      return try DeploymentCheck(deployment: id, at: try database.address()).run(countingLinks: !reach.hasBytes) {
        part in
        guard isWatched else { return }
        let number = (DeploymentCheck.Part.allCases.firstIndex(of: part) ?? 0) + 1
        Terminal.say("\(id): \(number)/\(DeploymentCheck.Part.allCases.count) \(part.words)\n", to: 2)
      }
    } catch {
      throw AdminRefusal(error, "The tables of the deployment \(id) cannot be read")
    }
  }

  /// Deployments that are gone and whose attachments are not.
  private static func strays(isRepairing: Bool, _ reach: AdminReach) async throws(AdminRefusal) -> [String] {
    guard case .strays(let ids) = try await reach.perform(.checkStrays(isRepairing: isRepairing)) else {
      throw AdminOutput.unfitting
    }
    return ids
  }

  /// In several commands, so that the server answers others in between.
  private static func findings(
    in id: String, isRepairing: Bool, _ reach: AdminReach
  ) async throws(AdminRefusal) -> AttachmentFindings {
    var findings = AttachmentFindings.blank
    repeat {
      let asked = AttachmentChecking(after: findings.next, isRepairing: isRepairing)
      guard case .attachments(let part) = try await reach.perform(.deployment(id: id, .checkAttachments(asked))) else {
        throw AdminOutput.unfitting
      }
      findings.add(part)
    } while findings.next != nil
    return findings
  }
}
