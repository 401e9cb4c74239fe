import Storage
import Wire

/// The rules of `sojourn doctor`: from what is known to what is wrong. The same facts always give the same problems.
package struct Diagnosis {
  /// What is judged by.
  package struct Terms: Sendable {
    package var now: Instant
    /// A backup that is older counts as none.
    package var backupSeconds: Int64

    package init(now: Instant, backupSeconds: Int64) { (self.now, self.backupSeconds) = (now, backupSeconds) }
  }

  /// Renewing takes a person some days.
  private static let certificateSeconds = 21 * Instant.secondsInDay
  private static let lagMilliseconds: Int64 = 3_600_000
  private static let clockSeconds: Int64 = 60
  private static let mostIndexes = 5

  private let report: StatusReport
  private let terms: Terms

  package init(_ report: StatusReport, _ terms: Terms) { (self.report, self.terms) = (report, terms) }

  private var place: PlaceFacts { report.place }

  /// The server's first, then those of deployments in their order.
  package var problems: [Problem] {
    [notReady, disk, certificate, backup, files, clock].compactMap(\.self)
      + report.deployments.flatMap(problems) + [notServed].compactMap(\.self)
  }

  private var notReady: Problem? {
    place.complaint.map { Problem(.notReady, $0, advice: "The server's log says more, and so does what follows here.") }
  }

  private var notServed: Problem? {
    if place.source == .server { return nil }
    return Problem(
      .notServed, "No server runs on this data directory.", advice: "Start it where one should.",
      command: "sojourn serve \(directory)")
  }

  private var disk: Problem? {
    Problem.nearlyFull(place.disk, hasNumbers: true)?.mended(by: "du -sh \(quotedDirectory)/*")
  }

  private var certificate: Problem? {
    guard let certificate = place.certificate else { return nil }
    let command = certificate.isOwn ? "sojourn certificate make \(directory)" : nil
    let advice =
      certificate.isOwn
      ? "It is the server's own. Clients that trust the present one must be given the new one."
      : "Renew it with whoever gave it, and put the new one in its place: the server reads it by itself."
    if let problem = certificate.problem {
      return Problem(
        .certificate, "The certificate \(certificate.path) cannot be used: \(problem).", advice: advice,
        command: command)
    }
    guard let end = certificate.endsAt else { return nil }
    let left = end.secondsSince1970 - terms.now.secondsSince1970
    guard left < Self.certificateSeconds else { return nil }
    let days = left / Instant.secondsInDay
    return Problem(
      .certificate,
      left < 0
        ? "The certificate \(certificate.path) is over since \(TimeText.text(end)): clients refuse it."
        : "The certificate \(certificate.path) ends at \(TimeText.text(end)), in \(CountText.of(days, "day")).",
      advice: advice, command: command)
  }

  private var backup: Problem? {
    if report.deployments.isEmpty { return nil }
    let command = "sojourn backup \(directory) --to /backups/\(terms.now.description.prefix(10))"
    let advice = "Make one each day by a timer, on another disk; docs/operations.md, “Backup”, has an example."
    guard let last = place.lastBackup else {
      return Problem(.backup, "No backup of this data directory is known.", advice: advice, command: command)
    }
    let age = terms.now.secondsSince1970 - last.madeAt.secondsSince1970
    guard age > terms.backupSeconds else { return nil }
    return Problem(
      .backup,
      "The last backup was made at \(TimeText.text(last.madeAt)), \(CountText.of(age / Instant.secondsInDay, "day")) ago.",
      advice: advice, command: command)
  }

  private var files: Problem? {
    guard let files = place.files, files.limit < files.wanted else { return nil }
    return Problem(
      .fileLimit,
      "The server may have \(files.limit) files open, and its deployments and connections may need \(files.wanted).",
      advice: OpenFileLimit(soft: files.limit, hard: files.limit).advice(wanted: files.wanted),
      command: "systemctl edit sojourn")
  }

  private var clock: Problem? {
    let newest = report.deployments.map(\.lastSequence).max() ?? 0
    let ahead = Instant(ofSequence: newest).secondsSince1970 - terms.now.secondsSince1970
    guard newest > 0, ahead > Self.clockSeconds else { return nil }
    return Problem(
      .clock,
      "The clock says \(TimeText.text(terms.now)), and changes are stored that were made "
        + "\(CountText.of(ahead, "second")) later.",
      advice:
        "One of the two clocks was wrong. Sequences go on above those that are stored; times stand still until then.",
      command: "timedatectl status")
  }

  private func problems(_ deployment: DeploymentStatus) -> [Problem] {
    let name = "\(deployment.id) (\(CutText.cut(deployment.name)))"
    if let problem = deployment.problem {
      return [
        Problem(
          .unusable, "The deployment \(name) cannot be used. \(problem)",
          advice: "The server's log says more; a backup has it as it was.",
          command: "sojourn fsck \(naming(deployment))",
          deployment: deployment.id)
      ]
    }
    let shown = deployment.pendingIndexes.prefix(Self.mostIndexes)
    let further = deployment.pendingIndexes.count - shown.count
    return (deployment.isFit ? [] : [Problem.writesFail.mended(by: "df \(quotedDirectory)", in: deployment.id)])
      + deployment.webhooks.flatMap { problems($0, of: deployment) }
      + shown.map { Problem.pending($0.name, of: $0.model, objects: $0.objects).mended(by: nil, in: deployment.id) }
      + (further > 0 ? [Problem.furtherPending(further).mended(by: nil, in: deployment.id)] : [])
  }

  private func problems(_ webhook: WebhookLag, of deployment: DeploymentStatus) -> [Problem] {
    let which = "\(naming(deployment)) --name \(ShellWord.shortest(webhook.name))"
    var problems: [Problem] = []
    let isSuspended = webhook.state == "suspended"
    if isSuspended {
      problems.append(.suspended(webhook.name, since: nil).mended(by: "sojourn webhook enable \(which)"))
    }
    if webhook.parked > 0 { problems.append(.parked(webhook.parked).mended(by: "sojourn webhook resend \(which)")) }
    if webhook.state == "enabled", webhook.lagMilliseconds > Self.lagMilliseconds {
      let minutes = webhook.lagMilliseconds / 60_000
      problems.append(
        Problem(
          .behind,
          "The webhook \(webhook.name) is \(CountText.of(minutes, "minute")) behind: \(webhook.behind + webhook.waiting) "
            + "changes wait.",
          advice: "Its endpoint fails or is slow; the deliveries say which.",
          command: "sojourn webhook deliveries \(which)"))
    }
    return problems.map { $0.mended(by: $0.command, in: deployment.id) }
  }

  private var quotedDirectory: String { ShellWord.shortest(place.directory) }
  private var directory: String { "--data-dir \(quotedDirectory)" }
  private func naming(_ deployment: DeploymentStatus) -> String { "\(directory) --deployment \(deployment.id)" }
}
