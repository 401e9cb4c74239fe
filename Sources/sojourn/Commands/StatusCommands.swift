import Administration
import CommandLineTable
import JSON
import StorageSQLite
import Wire

/// `sojourn status` and `sojourn doctor`: how a data directory is, and what is wrong with it.
enum StatusCommands {
  static let status = Command(
    "status", summary: "Shows how a data directory and its deployments are.",
    discussion: [
      "A server that runs is asked; where none does, the command looks at the files itself, and says so. It shows how "
        + "far webhooks are behind, and how many programs wait at the end of the change feed: where others have come "
        + "to, they alone know.",
      "docs/operations.md explains each line.",
    ],
    options: DataPlace.options + [LocalIdentity.certificate, LocalIdentity.privateKey, Commands.json],
    examples: [CommandExample("sojourn status --data-dir data", "while the server runs, or while it does not")])

  static let doctor = Command(
    "doctor", summary: "Says what is wrong with a data directory, and which command mends it.",
    discussion: [
      "It looks at the disk, the certificate, backups, limits and rights, webhooks and indexes, the clock and the "
        + "settings, and changes nothing. Give it --config as the server has it, and run it as the server's user.",
      "Exit codes: 0 nothing is wrong, also where there are notes; 1 something is, or it cannot be told.",
    ],
    options: DataPlace.options + [
      LocalIdentity.certificate, LocalIdentity.privateKey,
      CommandOption(
        "backup-within", .age(3600...315_360_000), placeholder: "7d", default: "7d",
        help: "How old the last backup may be. Backups that are not made by 'sojourn backup' are not known."),
      Commands.json,
    ],
    examples: [
      CommandExample(
        "sojourn doctor --data-dir /var/lib/sojourn --config /etc/sojourn/sojourn.conf", "once a day, by a timer")
    ])

  static func runStatus(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    do throws(AdminRefusal) {
      let report = try await report(command, try certificate(command))
      print(command.flag("json") ? AdminOutput.text(report.json) : StatusText.of(report))
      return 0
    } catch {
      return AdminOutput.refuse(error)
    }
  }

  static func runDoctor(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let files: LocalIdentity.Files?
    let place = DataPlace(command)
    let directory = place.directory ?? ""
    do throws(AdminRefusal) {
      files = try certificate(command)
      if case .directory = place, let sentence = DataDirectory.absence(at: directory) {
        throw AdminRefusal(sentence, hint: "Is --data-dir right?", reason: .noDirectory)
      }
    } catch {
      return AdminOutput.refuse(error)
    }
    // Beside a database there is no directory to look at.
    let facts = place.directory.map { LocalLook(command, in: $0).facts } ?? LocalFacts()
    var problems = facts.problems
    do throws(AdminRefusal) {
      // Looking into files of an earlier version would bring them up to date, and nothing is to change.
      if facts.olderFiles == 0 || AdminReach(place).isServed {
        let report = try await report(command, files)
        let terms = Diagnosis.Terms(
          now: SystemClock().now, backupSeconds: Int64(command.seconds("backup-within") ?? 0))
        problems = Diagnosis(report, terms).problems + problems
      }
    } catch {
      problems.insert(
        Problem(
          .unreadable, "The data in \(place.words) cannot be looked at: \(error.sentence)",
          advice: error.hint ?? "What follows may be why."), at: 0)
    }
    let isWell = problems.allSatisfy(\.kind.isNote)
    if command.flag("json") {
      let found: JSONNode = ["well": .bool(isWell), "problems": .array(problems.map(\.json))]
      print(AdminOutput.text(found))
    } else {
      print(StatusText.of(problems))
    }
    return isWell ? 0 : 1
  }

  private static func report(
    _ command: ParsedCommand, _ files: LocalIdentity.Files?
  ) async throws(AdminRefusal) -> StatusReport {
    var reach = AdminReach(command)
    reach.certificate = files
    guard case .status(let report) = try await reach.perform(.status) else { throw AdminOutput.unfitting }
    return report
  }

  private static func certificate(_ command: ParsedCommand) throws(AdminRefusal) -> LocalIdentity.Files {
    do throws(UsageError) {
      return try LocalIdentity.files(command, in: command.text("data-dir") ?? "")
    } catch {
      throw AdminRefusal(error.message)
    }
  }
}
