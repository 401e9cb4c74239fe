import Administration
import CommandLineTable
import DataModel
import Glibc
import JSON
import Storage
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
        "deployment", .text, placeholder: "ID",
        help: "The deployment to compare with, by its id or name; it takes --data-dir or --storage too."),
      CommandOption(
        "data-dir", .path, placeholder: "DIR", environment: "SOJOURN_DATA_DIR", key: "data-dir",
        help: "The directory that holds the deployment."),
      DataPlace.storage, StorageCommands.keyFile, Commands.json,
    ], arguments: [document])
  static let deploy = Command(
    "deploy", summary: "Makes a data model current, while the server runs on.",
    discussion: [
      "Nothing is lost by a deploy: a removed field or model keeps its values, hidden, until it is declared again, and"
        + " a field that changes its type is read through a conversion where that loses nothing, else as unset.",
      "A running request is answered under one data model, the new one where it is overtaken. Indexes over many objects are built after the"
        + " deploy, one at a time; writes wait for each, reads do not.",
    ],
    options: DataPlace.options + [
      Commands.deployment, dryRun, Commands.byName, Commands.byEmail, note, Commands.json,
    ],
    arguments: [document],
    examples: [
      CommandExample(
        "sojourn data-model deploy --data-dir data --deployment ID --dry-run schema.xml",
        "shows what would change and how long writes would wait")
    ])
  static let history = Command(
    "history", summary: "Lists the deploys of a deployment, the latest first.",
    options: DataPlace.options + [Commands.deployment, Commands.json])
  static let rollback = Command(
    "rollback", summary: "Makes the data model of an earlier deploy current again.",
    discussion: [
      "It is a deploy like any other, with an entry of its own in the history. Objects are not rolled back: what was"
        + " written since stays."
    ],
    options: DataPlace.options + [
      Commands.deployment,
      CommandOption(
        "to", .integer(1...Int(Int32.max)), placeholder: "VERSION", required: true,
        help: "The version to go back to, as 'sojourn data-model history' prints it."),
      dryRun, Commands.byName, Commands.byEmail, note, Commands.json,
    ])

  private static let document = CommandArgument("FILE", help: "A schema.xml; - reads standard input.")
  private static let note = CommandOption(
    "note", .text, placeholder: "TEXT", help: "What it is for: it stands in the history.")
  private static let dryRun = CommandOption(
    "dry-run", .flag, help: "Shows what would change and how long index building would hold up writes; changes nothing."
  )

  static func runCheck(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let path = command.arguments.first ?? ""
    let bytes = try bytes(path)
    let (model, findings) = DataModelReader.read(bytes)
    var preview: DeployPreview?
    if let deployment = command.text("deployment"), model != nil {
      guard command.text("data-dir") != nil || command.text("storage") != nil else {
        throw command.usageError("--deployment takes --data-dir or --storage too")
      }
      let asked = DeploymentCommand.previewDataModel(document: String(decoding: bytes, as: UTF8.self))
      do throws(AdminRefusal) {
        guard case .preview(let found) = try await AdminReach(command).perform(.deployment(id: deployment, asked))
        else { throw AdminOutput.unfitting }
        preview = found
      } catch {
        report(findings, path: path, to: 2)
        return AdminOutput.refuse(error)
      }
    }
    if command.flag("json") {
      print(AdminOutput.text(json(findings, isGood: model != nil, preview: preview)))
    } else {
      report(findings, path: path, to: 1)
      if let model { print("\(path): \(CountText.of(model.models.count, "model")); it can be deployed.") }
      if let preview { print(DeployText.preview(preview)) }
    }
    return model == nil ? 1 : 0
  }

  static func runDeploy(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    guard let xml = try checked(command, path: command.arguments.first ?? "") else { return 1 }
    return await run(
      command, .deployDataModel(ModelDeploy(document: xml, person: person(command), note: command.text("note"))),
      dryRun: .previewDataModel(document: xml))
  }

  static func runRollback(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let version = command.integer("to") ?? 1
    return await run(
      command, .rollBackDataModel(ModelRollback(version: version, person: person(command), note: command.text("note"))),
      dryRun: .previewRollback(version: version))
  }

  private static func run(
    _ command: ParsedCommand, _ deploy: DeploymentCommand, dryRun: DeploymentCommand
  ) async -> Int32 {
    await AdminOutput.run(command, command.flag("dry-run") ? dryRun : deploy) { result in
      switch result {
      case .deployed(let deployed): DeployText.deployed(deployed)
      case .preview(let preview): DeployText.preview(preview) + "\nNothing was deployed (--dry-run)."
      default: nil
      }
    }
  }

  static func runHistory(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    await AdminOutput.run(command, .listDeploys) { result in
      if case .deploys(let rows) = result { DeployText.history(rows) } else { nil }
    }
  }

  /// Who deploys, where the command says so.
  static func person(_ command: ParsedCommand) -> Person? {
    Person(unlessEmpty: command.text("by-name"), command.text("by-email"))
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
    let number = path == "-" ? fcntl(0, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
    let file = OwnedDescriptor(number)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    // A little more than the reader takes, so that it can say that there is too much.
    while bytes.count < 6_000_000 {
      let count = read(file.number, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  private static func report(_ findings: [Finding], path: String, to descriptor: Int32) {
    for finding in findings { Terminal.say("\(path):\(finding)\n", to: descriptor) }
  }

  private static func json(_ findings: [Finding], isGood: Bool, preview: DeployPreview?) -> JSONNode {
    let rows = findings.map { finding -> JSONNode in
      [
        "code": .text(finding.code.rawValue), "severity": .text(finding.severity.rawValue),
        "line": .integer(Int64(finding.line)), "column": .integer(Int64(finding.column)),
        "message": .text(finding.message),
      ]
    }
    let checked: JSONNode = ["deployable": .bool(isGood), "findings": .array(rows)]
    return checked.adding("deploy", preview?.json)
  }
}
