import Administration
import CommandLineTable
import Wire

/// What `sojourn status` and `sojourn doctor` print for people.
enum StatusText {
  static func of(_ report: StatusReport) -> String {
    let place = report.place
    let isServed = place.source == .server
    // Nodes share a database: a command asks it, and none of them.
    let isDatabase = place.directory.hasPrefix("postgresql://")
    let facts = AdminOutput.lines([
      ("Version", place.version),
      ("Told by", isServed ? "the server, which runs" : isDatabase ? "the database" : "the files: no server runs"),
      ("Health", isServed ? place.complaint ?? "The server is ready." : nil),
      (isDatabase ? "Database" : "Data directory", place.directory), ("Disk", isDatabase ? nil : place.disk.map(text)),
      ("Certificate", place.certificate.map(text)), ("Last backup", place.lastBackup.map(text)),
    ])
    if report.deployments.isEmpty { return facts + "\nThere is no deployment." }
    return facts + "\n\n" + table(report.deployments)
  }

  private static func text(_ disk: DiskSpace) -> String {
    "\(disk.text), \(ByteText.text(max(0, disk.totalBytes - disk.freeBytes))) used"
  }

  private static func text(_ certificate: ShownCertificate) -> String {
    let end = certificate.problem ?? certificate.endsAt.map { "ends at \(TimeText.text($0))" } ?? "end not known"
    return "\(certificate.path), \(end)"
  }

  private static func text(_ backup: LastBackup) -> String { "\(TimeText.text(backup.madeAt)), \(backup.directory)" }

  private static func table(_ rows: [DeploymentStatus]) -> String {
    let numbers = ["FOLLOWERS", "BEHIND", "WAITING", "OLDEST S", "PARKED", "INDEXES TO BUILD"]
    var table = TextTable(["ID", "NAME", "WRITES", "LAST CHANGE"] + numbers, numbers: Set(numbers))
    for row in rows {
      let state = row.problem != nil ? "unusable" : row.isFit ? "succeed" : "fail"
      let oldest = row.webhooks.map(\.lagMilliseconds).max() ?? 0
      table.append([
        row.id, row.name, state, AdminOutput.text(row.lastChangeAt), String(row.followers),
        String(row.webhooks.reduce(0) { $0 + $1.behind }), String(row.webhooks.reduce(0) { $0 + $1.waiting }),
        String(oldest / 1000), String(row.webhooks.reduce(0) { $0 + $1.parked }), String(row.pendingIndexes.count),
      ])
    }
    let problems = rows.compactMap { row in row.problem.map { "\n\(row.id): \(PrintableText.escaped($0))" } }
    return AdminOutput.text(table) + problems.joined()
  }

  /// Each with the command that mends it on a line of its own.
  static func of(_ problems: [Problem]) -> String {
    var lines: [String] = []
    for problem in problems {
      let deployment = problem.deployment.map { "\($0): " } ?? ""
      lines.append(
        (problem.kind.isNote ? "Note: " : "") + PrintableText.escaped("\(deployment)\(problem.what) \(problem.advice)"))
      if let command = problem.command { lines.append("    \(PrintableText.escaped(command))") }
    }
    if problems.allSatisfy(\.kind.isNote) { lines.append("Nothing is wrong.") }
    return lines.joined(separator: "\n")
  }
}
