import CommandLineTable
import DataModel
import Glibc
import JSON
import Wire

enum DataModelCommands {
  static let check = Command(
    "check", summary: "Checks a data model and prints every finding.",
    discussion: [
      "With --deployment it also prints what deploying the model there would change, and changes nothing.",
      "Exit codes: 0 it can be deployed, 1 it has errors. docs/data-model-findings.md explains each code.",
    ],
    options: [
      CommandOption(
        "deployment", .text, placeholder: "ID", help: "The deployment to compare with; it takes --data-dir too."),
      CommandOption(
        "data-dir", .path, placeholder: "DIR", environment: "SOJOURN_DATA_DIR", key: "data-dir",
        help: "The directory that holds the deployment."),
      Commands.json,
    ], arguments: [CommandArgument("FILE", help: "A schema.xml.")])
  static let deploy = Command(
    "deploy", summary: "Makes a data model current, while the server runs on.",
    discussion: [
      "Nothing is lost by a deploy: a removed field or model keeps its values, hidden, until it is declared again, and"
        + " a field that changes its type is read through a conversion where that loses nothing, else as unset.",
      "Running requests finish under the model they began with. Indexes over many objects are built after the"
        + " deploy, one at a time; writes wait for each, reads do not.",
    ],
    options: [
      Commands.dataDirectory, Commands.deployment, dryRun, Commands.byName, Commands.byEmail, Commands.json,
    ],
    arguments: [CommandArgument("FILE", help: "A schema.xml.")],
    examples: [
      CommandExample(
        "sojourn data-model deploy --data-dir data --deployment ID --dry-run schema.xml",
        "shows what would change and how long writes would wait")
    ])
  static let history = Command(
    "history", summary: "Lists the deploys of a deployment, the latest first.",
    options: [Commands.dataDirectory, Commands.deployment, Commands.json])
  static let rollback = Command(
    "rollback", summary: "Makes the data model of an earlier deploy current again.",
    discussion: [
      "It is a deploy like any other, with an entry of its own in the history. Objects are not rolled back: what was"
        + " written since stays."
    ],
    options: [
      Commands.dataDirectory, Commands.deployment,
      CommandOption(
        "to", .integer(1...Int(Int32.max)), placeholder: "VERSION", required: true,
        help: "The version to go back to, as 'sojourn data-model history' prints it."),
      dryRun, Commands.byName, Commands.byEmail, Commands.json,
    ])

  private static let dryRun = CommandOption(
    "dry-run", .flag, help: "Shows what would change and how long index building would hold up writes; changes nothing."
  )

  static func runCheck(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let path = command.arguments.first ?? ""
    let bytes = try bytes(path)
    let (model, findings) = DataModelReader.read(bytes)
    var preview: JSONDocument?
    if let deployment = command.text("deployment"), model != nil {
      guard let directory = command.text("data-dir") else {
        throw command.usageError("--deployment takes --data-dir too")
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let request = AdminRequest(.previewDataModel, ["deployment": deployment, "data_model": text])
      let answer = await AdminClient.perform(request, in: directory)
      switch answer {
      case .done(let json): preview = try? JSONDocument.read(json)
      case .refused(let sentence), .nowhere(let sentence):
        report(findings, path: path, to: 2)
        Terminal.say("sojourn: \(sentence)\n", to: 2)
        return answer.exitCode
      }
    }
    if command.flag("json") {
      print(PrintableText.escapedJSON(json(findings, isGood: model != nil, preview: preview?.root.rawText)))
    } else {
      report(findings, path: path, to: 1)
      if let model { print("\(path): \(CountText.of(model.models.count, "model")); it can be deployed.") }
      if let preview { print(DeployText.preview(preview.root)) }
    }
    return model == nil ? 1 : 0
  }

  static func runDeploy(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    guard let xml = try checked(command, path: command.arguments.first ?? "") else { return 1 }
    return await run(
      command, ["data_model": xml], action: .deployDataModel, dryRun: .previewDataModel)
  }

  static func runRollback(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await run(
      command, ["version": command.integer("to").map { String($0) }], action: .rollBackDataModel,
      dryRun: .previewRollback)
  }

  private static func run(
    _ command: ParsedCommand, _ texts: [String: String?], action: AdminRequest.Action, dryRun: AdminRequest.Action
  ) async -> Int32 {
    let isDryRun = command.flag("dry-run")
    let all = [
      "deployment": command.text("deployment"), "by_name": command.text("by-name"),
      "by_email": command.text("by-email"),
    ].merging(texts) { _, new in new }
    return await AdminOutput.run(command, AdminRequest(isDryRun ? dryRun : action, all)) {
      isDryRun ? DeployText.preview($0) + "\nNothing was deployed (--dry-run)." : DeployText.deployed($0)
    }
  }

  static func runHistory(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, AdminRequest(.listDeploys, ["deployment": command.text("deployment")])) {
      DeployText.history($0)
    }
  }

  /// The text of a data model without errors; nil, with everything said, where it has some.
  static func checked(_ command: ParsedCommand, path: String) throws(UsageError) -> String? {
    let bytes = try bytes(path)
    let (model, findings) = DataModelReader.read(bytes)
    report(findings, path: path, to: 2)
    guard model != nil, let text = String(validating: bytes, as: UTF8.self) else {
      Terminal.say("sojourn: \(path) has errors; nothing was deployed.\n", to: 2)
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
    for finding in findings { Terminal.say("\(path):\(finding)\n", to: descriptor) }
  }

  private static func json(_ findings: [Finding], isGood: Bool, preview: String?) -> String {
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
    writer.append("]")
    if let preview {
      writer.append(",\"deploy\":")
      writer.append(text: preview)
    }
    writer.append("}")
    return writer.string
  }
}
