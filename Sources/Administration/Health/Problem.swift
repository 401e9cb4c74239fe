import JSON
import Wire

/// Something that is wrong, what to do about it, and the command that does it: a value. Each sentence stands here
/// once, for `sojourn doctor` and for the pages.
package struct Problem: Sendable, Equatable, JSONRecord {
  package enum Kind: String, CaseIterable, Sendable {
    case notReady = "not_ready"
    case notServed = "not_served"
    case diskNearlyFull = "disk_nearly_full"
    case certificate
    case backup
    case fileLimit = "file_limit"
    case unusable
    case writesFail = "writes_fail"
    case unreadable
    case suspended = "webhook_suspended"
    case parked = "deliveries_parked"
    case behind = "webhook_behind"
    case pendingIndex = "pending_index"
    case clock
    case permissions
    case temporaryFolder = "temporary_folder"
    case settings
    case olderLayout = "older_layout"

    /// Worth knowing, and mended by itself or nothing to mend.
    package var isNote: Bool { self == .pendingIndex || self == .notServed || self == .olderLayout }
  }

  package var kind = Kind.notReady
  /// Of which deployment; nil where it is the server's.
  package var deployment: String?
  /// A sentence.
  package var what = ""
  package var advice = ""
  /// What mends it or says more; nil where no command does.
  package var command: String?

  package init(
    _ kind: Kind = .notReady, _ what: String = "", advice: String = "", command: String? = nil,
    deployment: String? = nil
  ) {
    (self.kind, self.what, self.advice) = (kind, what, advice)
    (self.command, self.deployment) = (command, deployment)
  }

  package static var blank: Problem { Problem() }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("kind", &kind, .word)
    try members.derived("severity", kind.isNote ? "note" : "problem")
    try members.member("deployment", &deployment, .optional(.text))
    try members.member("what", &what, .text)
    try members.member("advice", &advice, .text)
    try members.member("command", &command, .optional(.text))
  }

  /// The same with the command that mends it, and of which deployment.
  func mended(by command: String?, in deployment: String? = nil) -> Problem {
    var problem = self
    (problem.command, problem.deployment) = (command, deployment)
    return problem
  }
}

extension Problem {
  package static let writesFail = Problem(
    .writesFail, "Writes fail: the disk does not take them.",
    advice:
      "Whoever runs the server looks at its log and at the disk of the data directory. The server tries again every "
      + "few seconds, and writes go on once one succeeds.")

  /// - Parameter hasNumbers: whether it says how large the disk is, which is for those who run the server.
  package static func nearlyFull(_ disk: DiskSpace?, hasNumbers: Bool) -> Problem? {
    guard let disk, disk.isNearlyFull else { return nil }
    return Problem(
      .diskNearlyFull, "The disk of the data directory is nearly full\(hasNumbers ? ": \(disk.text)" : "").",
      advice: diskAdvice)
  }

  package static let diskAdvice =
    "Free some room or make it larger before it is full: writes fail then. A shorter “oplog_retention” removes old "
    + "changes from the log, and backups may lie elsewhere."

  package static func unreadable(_ what: String) -> Problem {
    Problem(
      .unreadable, "\(what) cannot be read at the moment.",
      advice: "Load the page again. Where it stays, the server's log says why, and `sojourn fsck` what is damaged.")
  }

  /// Since when, where that is known.
  package static func suspended(_ webhook: String, since: Instant?) -> Problem {
    Problem(
      .suspended,
      "The webhook \(webhook) is suspended\(since.map { " since \(TimeText.text($0))" } ?? ""): its endpoint fails.",
      advice:
        "Nothing is lost: what is saved meanwhile waits. Mend the endpoint; `sojourn webhook enable` sends at once, "
        + "else the server tries by itself now and then.")
  }

  package static func parked(_ count: Int) -> Problem {
    Problem(
      .parked,
      "\(Grouped.text(count)) deliver\(count == 1 ? "y" : "ies") of webhooks \(count == 1 ? "was" : "were") given up.",
      advice:
        "`sojourn webhook deliveries` lists them with what the endpoint answered, and `sojourn webhook resend` sends "
        + "them again.")
  }

  package static func pending(_ index: String, of model: String, objects: Int) -> Problem {
    Problem(
      .pendingIndex, "The index \(index) of \(model) is being built over \(Grouped.text(objects, "object")).",
      advice: "Nothing is to be done: queries that it would serve are slower until then.")
  }

  package static func furtherPending(_ count: Int) -> Problem {
    Problem(
      .pendingIndex, "\(Grouped.text(count)) more ind\(count == 1 ? "ex waits" : "exes wait") to be built.",
      advice: "They follow by themselves.")
  }
}
