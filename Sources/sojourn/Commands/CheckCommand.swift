import Administration
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
    options: DataPlace.optionsWithBytes + [
      CommandOption(
        "deployment", .text, placeholder: "ID", environment: "SOJOURN_DEPLOYMENT", help: "Only this deployment."),
      CommandOption("repair", .flag, help: "Notes what is missing or damaged, removes what is orphaned, mends counts."),
      Commands.json,
    ] + S3Options.options,
    examples: [CommandExample("sojourn fsck --data-dir data", "everything, changing nothing")])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let reach = AdminReach(command, store: try S3Options.settings(command))
    let isRepairing = command.flag("repair")
    let one = command.text("deployment")
    var reports: [CheckReport] = []
    var isComplete = true
    do throws(AdminRefusal) {
      for id in try await deployments(one, reach) {
        do throws(AdminRefusal) {
          reports.append(try await report(on: id, isRepairing: isRepairing, reach))
        } catch {
          if one != nil { throw error }
          // One that cannot be opened does not keep the others from being checked.
          _ = AdminOutput.refuse(error)
          isComplete = false
        }
      }
      let strays = one == nil ? try await strays(isRepairing: isRepairing, reach) : []
      if command.flag("json") {
        let found: JSONNode = [
          "deployments": .array(reports.map(\.json)), "strays": .array(strays.map { .text($0) }),
        ]
        print(found.string)
      } else {
        let none = reports.isEmpty && isComplete ? ["There is no deployment."] : []
        print((none + lines(reports, strays, isRepaired: isRepairing)).joined(separator: "\n"))
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
    if !isRepaired, reports.contains(where: { !$0.isWhole || !$0.findings.orphaned.isEmpty }) {
      lines.append(
        "With --repair, what is missing is shown as missing, what is damaged or orphaned is removed, and counts are mended."
      )
    }
    return lines
  }

  /// The ids to check.
  private static func deployments(_ one: String?, _ reach: AdminReach) async throws(AdminRefusal) -> [String] {
    if let one { return [one] }
    guard case .deployments(let rows) = try await AdminReach(reach.place).perform(.listDeployments)
    else { throw AdminOutput.unfitting }
    return rows.map(\.id)
  }

  /// Deployments that are gone and whose attachments are not.
  private static func strays(isRepairing: Bool, _ reach: AdminReach) async throws(AdminRefusal) -> [String] {
    guard case .strays(let ids) = try await reach.perform(.checkStrays(isRepairing: isRepairing)) else {
      throw AdminOutput.unfitting
    }
    return ids
  }

  /// In several commands, so that the server answers others in between.
  private static func report(
    on id: String, isRepairing: Bool, _ reach: AdminReach
  ) async throws(AdminRefusal) -> CheckReport {
    var report = CheckReport(deployment: id)
    repeat {
      let asked = AttachmentChecking(after: report.findings.next, isRepairing: isRepairing)
      guard case .attachments(let part) = try await reach.perform(.deployment(id: id, .checkAttachments(asked))) else {
        throw AdminOutput.unfitting
      }
      report.findings.add(part)
    } while report.findings.next != nil
    return report
  }
}
