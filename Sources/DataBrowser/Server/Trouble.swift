import Web
import Wire

/// Something that is wrong, and what to do about it.
package struct Trouble: Sendable, Equatable {
  package var what: String
  package var advice: String
  /// The page that mends it; nil where none does, or where it is not open to who visits.
  package var way: Crumb?

  package init(_ what: String, advice: String, way: Crumb? = nil) {
    self.what = what
    self.advice = advice
    self.way = way
  }

  /// With the page that mends it, where that is open to who visits.
  func leading(to text: String, _ route: Route, if isOpen: Bool) -> Trouble {
    var trouble = self
    if isOpen { trouble.way = Crumb(text, route) }
    return trouble
  }

  static let writesFail = Trouble(
    "Writes fail: the disk does not take them.",
    advice:
      "Whoever runs the server looks at its log and at the disk of the data directory. The server tries again every "
      + "few seconds, and writes go on once one succeeds.")

  static func unreadable(_ what: String) -> Trouble {
    Trouble(
      "\(what) cannot be read at the moment.",
      advice: "Load the page again. Where it stays, the server's log says why, and `sojourn fsck` what is damaged.")
  }

  static func suspended(_ webhook: String, since: Instant) -> Trouble {
    Trouble(
      "The webhook \(webhook) is suspended since \(TimeText.text(since)): its endpoint fails.",
      advice:
        "Nothing is lost: what is saved meanwhile waits. Mend the endpoint; `sojourn webhook enable` sends at once, "
        + "else the server tries by itself now and then.")
  }

  static func parked(_ count: Int) -> Trouble {
    Trouble(
      "\(Grouped.text(count)) deliver\(count == 1 ? "y" : "ies") of webhooks \(count == 1 ? "was" : "were") given up.",
      advice:
        "`sojourn webhook deliveries` lists them with what the endpoint answered, and `sojourn webhook resend` sends "
        + "them again.")
  }

  static func pending(_ index: String, of model: String, objects: Int) -> Trouble {
    Trouble(
      "The index \(index) of \(model) is being built over \(Grouped.text(objects, "object")).",
      advice: "Nothing is to be done: queries that it would serve are slower until then.")
  }

  static func furtherPending(_ count: Int) -> Trouble {
    Trouble(
      "\(Grouped.text(count)) more ind\(count == 1 ? "ex waits" : "exes wait") to be built.",
      advice: "They follow by themselves.")
  }
}

/// What is said of a disk that is nearly full, wherever it is said.
enum DiskTrouble {
  static let advice =
    "Free some room or make it larger before it is full: writes fail then. A shorter “oplog_retention” removes old "
    + "changes from the log, and backups may lie elsewhere."

  /// - Parameter hasNumbers: whether it says how large the disk is, which is for those who run the server.
  static func of(_ disk: DiskSpace?, hasNumbers: Bool) -> Trouble? {
    guard let disk, disk.isNearlyFull else { return nil }
    let numbers = hasNumbers ? ": \(disk.text)" : ""
    return Trouble("The disk of the data directory is nearly full\(numbers).", advice: advice)
  }
}
