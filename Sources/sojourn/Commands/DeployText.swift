import CommandLineTable
import JSON
import Wire

/// What people read of deploys.
enum DeployText {
  /// Changes that are shown; `--json` has more.
  private static let mostChanges = 200

  static func deployed(_ root: JSONValue) -> String {
    changes(root, heading: "Changed:", none: "The data model means the same as before.")
      + "\nDeployed as version \(root["version"]?.number?.integer ?? 0) at \(AdminOutput.text(root, "last_deployed_at"))."
      + indexes(root, heading: "Indexes that are built from now on, one at a time; writes wait for each, reads do not:")
  }

  static func preview(_ root: JSONValue) -> String {
    changes(root, heading: "A deploy would change:", none: "A deploy would change nothing.")
      + "\nWrites would wait for the deploy itself for \(time(root)); reads would not wait."
      + indexes(
        root, heading: "Indexes that would be built after it, one at a time; writes wait for each, reads do not:")
  }

  static func history(_ root: JSONValue) -> String {
    var table = TextTable(["VERSION", "DEPLOYED", "BY", "HASH", ""], numbers: ["VERSION"])
    for row in root["deploys"]?.elements.map({ $0 }) ?? [] {
      let name = row["by_name"]?.string
      let email = row["by_email"]?.string.map { name == nil ? $0 : "<\($0)>" }
      let person = [name, email].compactMap { $0 }.joined(separator: " ")
      table.append([
        String(row["version"]?.number?.integer ?? 0), AdminOutput.text(row, "deployed_at"),
        person.isEmpty ? "–" : person,
        String(AdminOutput.text(row, "datamodel_hash").prefix(12)), row["current"]?.bool == true ? "current" : "",
      ])
    }
    return String(table.text(style: Terminal.style(of: 1)).dropLast())
  }

  private static func changes(_ root: JSONValue, heading: String, none: String) -> String {
    let count = root["change_count"]?.number?.integer ?? 0
    guard count > 0 else { return none }
    var lines = [heading]
    for change in root["changes"]?.elements.prefix(mostChanges).map({ $0 }) ?? [] {
      lines.append("  \(AdminOutput.text(change, "sentence"))")
    }
    if count > mostChanges { lines.append("  … and \(count - Int64(mostChanges)) more.") }
    return lines.joined(separator: "\n")
  }

  /// Empty where no index is built.
  private static func indexes(_ root: JSONValue, heading: String) -> String {
    guard let indexes = root["indexes"]?.elements.map({ $0 }), !indexes.isEmpty else { return "" }
    var lines = [heading]
    for index in indexes {
      lines.append(
        "  \(AdminOutput.text(index, "model")): \(AdminOutput.text(index, "name")), over "
          + "\(CountText.of(index["objects"]?.number?.integer ?? 0, "object")), \(time(index))")
    }
    return "\n" + lines.joined(separator: "\n")
  }

  private static func time(_ estimated: JSONValue) -> String {
    let seconds = estimated["seconds"]?.number?.double ?? 0
    return seconds < 0.1 ? "less than 0.1 s" : "about \(ECMAScriptNumber.text(of: (seconds * 10).rounded() / 10)) s"
  }
}
