import Administration
import CommandLineTable
import Wire

/// What people read of deploys.
enum DeployText {
  /// Changes that are shown; `--json` has more.
  private static let mostChanges = 200

  static func deployed(_ deployed: Deployed) -> String {
    changes(deployed.effect, heading: "Changed:", none: "The data model means the same as before.")
      + "\nDeployed as version \(deployed.version) at \(deployed.at)."
      + indexes(
        deployed.effect,
        heading: "Indexes that are built from now on, one at a time; writes wait for each, reads do not:"
      )
  }

  static func preview(_ preview: DeployPreview) -> String {
    changes(preview.effect, heading: "A deploy would change:", none: "A deploy would change nothing.")
      + "\nWrites would wait for the deploy itself for \(time(preview.seconds)); reads would not wait."
      + indexes(
        preview.effect,
        heading: "Indexes that would be built after it, one at a time; writes wait for each, reads do not:")
  }

  static func history(_ rows: [DeployRow]) -> String {
    let hasNotes = rows.contains { $0.note != nil }
    var table = TextTable(
      ["VERSION", "DEPLOYED", "BY", "HASH", ""] + (hasNotes ? ["NOTE"] : []), numbers: ["VERSION"])
    for row in rows {
      let email = row.email.map { row.name == nil ? $0 : "<\($0)>" }
      let person = [row.name, email].compactMap { $0 }.joined(separator: " ")
      table.append(
        [
          String(row.version), row.at.description, person.isEmpty ? "–" : person, String(row.hash.prefix(12)),
          row.isCurrent ? "current" : "",
        ] + (hasNotes ? [row.note ?? ""] : []))
    }
    return AdminOutput.text(table)
  }

  private static func changes(_ effect: DeployEffectRows, heading: String, none: String) -> String {
    guard effect.changeCount > 0 else { return none }
    var lines = [heading]
    for change in effect.changes.prefix(mostChanges) { lines.append("  \(change.sentence)") }
    if effect.changeCount > mostChanges { lines.append("  … and \(effect.changeCount - mostChanges) more.") }
    return lines.joined(separator: "\n")
  }

  /// Empty where no index is built.
  private static func indexes(_ effect: DeployEffectRows, heading: String) -> String {
    if effect.indexes.isEmpty { return "" }
    let lines = effect.indexes.map { index in
      "  \(index.model): \(index.name), over \(CountText.of(index.objects, "object")), \(time(index.seconds))"
    }
    return "\n" + ([heading] + lines).joined(separator: "\n")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 0.1 ? "less than 0.1 s" : "about \(ECMAScriptNumber.text(of: (seconds * 10).rounded() / 10)) s"
  }
}
