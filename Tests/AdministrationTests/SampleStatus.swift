import Wire

@testable import Administration

/// A report in which everything is said.
enum SampleStatus {
  static let now = Instant(secondsSince1970: 1_790_000_000) ?? .first

  static var report: StatusReport {
    var place = PlaceFacts()
    (place.version, place.directory, place.source) = ("1", "/data", .server)
    place.complaint = "c"
    place.disk = DiskSpace(freeBytes: 1, totalBytes: 2)
    place.certificate = ShownCertificate(path: "p", isOwn: true, endsAt: now, problem: "q")
    place.lastBackup = LastBackup(madeAt: now, directory: "d")
    place.files = FileLimitFacts(limit: 1, wanted: 2, open: 3)
    return StatusReport(place, [.blank, deployment])
  }

  static var deployment: DeploymentStatus {
    var row = DeploymentStatus(id: "i", name: "n")
    (row.environment, row.problem, row.isFit) = ("testing", "p", false)
    (row.lastSequence, row.lastChangeAt, row.followers) = (.max, now, 3)
    row.webhooks = [.blank, WebhookLag(name: "w", state: "enabled")]
    row.pendingIndexes = [.blank, PendingIndex(model: "m", name: "n", objects: 7)]
    return row
  }

  /// One of which nothing is wrong.
  static var well: StatusReport {
    var place = PlaceFacts()
    (place.version, place.directory, place.source) = ("1", "/data", .server)
    place.disk = DiskSpace(freeBytes: 100 << 30, totalBytes: 200 << 30)
    place.certificate = ShownCertificate(
      path: "/c.pem", endsAt: Instant(secondsSince1970: now.secondsSince1970 + 90 * day))
    place.lastBackup = LastBackup(madeAt: Instant(secondsSince1970: now.secondsSince1970 - day) ?? now, directory: "/b")
    place.files = FileLimitFacts(limit: 1000, wanted: 1000)
    var row = DeploymentStatus(id: "0a", name: "n")
    row.webhooks = [WebhookLag(name: "w", state: "enabled")]
    return StatusReport(place, [row])
  }

  static let day = Instant.secondsInDay
}
