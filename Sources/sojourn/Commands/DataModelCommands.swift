import CommandLineTable
import DataModel
import Glibc
import Wire

enum DataModelCommands {
  static let check = Command(
    "check", summary: "Checks a data model and prints every finding.",
    discussion: ["Exit codes: 0 it can be deployed, 1 it has errors. docs/data-model-findings.md explains each code."],
    options: [Commands.json], arguments: [CommandArgument("FILE", help: "A schema.xml.")])
  static let deploy = Command(
    "deploy", summary: "Makes a data model current, while the server runs on.",
    discussion: ["Models, fields and relationships can be added; labels, options, displays and indexes can change."],
    options: [
      Commands.dataDirectory, Commands.deployment, Commands.byName, Commands.byEmail, Commands.json,
    ],
    arguments: [CommandArgument("FILE", help: "A schema.xml.")])

  static func runCheck(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    let path = command.arguments.first ?? ""
    let (model, findings) = DataModelReader.read(try bytes(path))
    if command.flag("json") {
      print(json(findings, isGood: model != nil))
    } else {
      report(findings, path: path, to: 1)
      if let model { print("\(path): \(model.models.count) models; it can be deployed.") }
    }
    return model == nil ? 1 : 0
  }

  static func runDeploy(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    guard let xml = try checked(command, path: command.arguments.first ?? "") else { return 1 }
    let request = AdminRequest(
      .deployDataModel,
      [
        "deployment": command.text("deployment"), "data_model": xml, "by_name": command.text("by-name"),
        "by_email": command.text("by-email"),
      ])
    return await AdminOutput.run(command, request) { "Deployed at \(AdminOutput.text($0, "last_deployed_at"))." }
  }

  /// The text of a data model without errors; nil, with everything said, where it has some.
  static func checked(_ command: ParsedCommand, path: String) throws(UsageError) -> String? {
    let bytes = try bytes(path)
    let (model, findings) = DataModelReader.read(bytes)
    report(findings, path: path, to: 2)
    guard model != nil, let text = String(validating: bytes, as: UTF8.self) else {
      Terminal.write("sojourn: \(path) has errors; nothing was deployed.\n", to: 2)
      return nil
    }
    return text
  }

  private static func bytes(_ path: String) throws(UsageError) -> [UInt8] {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
    let file = OwnedDescriptor(number)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    // A little more than the reader takes, so that it can say that there is too much.
    while bytes.count < 6_000_000 {
      let count = read(file.number, &chunk, chunk.count)
      if count < 0 { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  private static func report(_ findings: [Finding], path: String, to descriptor: Int32) {
    for finding in findings { Terminal.write("\(path):\(finding)\n", to: descriptor) }
  }

  private static func json(_ findings: [Finding], isGood: Bool) -> String {
    var writer = ByteWriter()
    writer.append("{\"deployable\":")
    writer.append(isGood ? "true" : "false")
    writer.append(",\"findings\":[")
    for (place, finding) in findings.enumerated() {
      writer.append(place > 0 ? ",{\"code\":" : "{\"code\":")
      writer.append(quoted: finding.code.rawValue)
      writer.append(",\"severity\":")
      writer.append(quoted: finding.severity.rawValue)
      writer.append(",\"line\":")
      writer.append(integer: Int64(finding.line))
      writer.append(",\"column\":")
      writer.append(integer: Int64(finding.column))
      writer.append(",\"message\":")
      writer.append(quoted: finding.message)
      writer.append("}")
    }
    writer.append("]}")
    return writer.string
  }
}
