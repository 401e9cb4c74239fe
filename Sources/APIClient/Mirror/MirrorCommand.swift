import CommandLineTable
import Wire

/// `sojourn mirror`: its row of the command table, and what it does.
package enum MirrorCommand {
  package static let command = Command(
    "mirror", summary: "Keeps files equal to a deployment's objects, over its API.",
    discussion: [
      "DIR gets a file MODEL.ndjson for each model: one object a line, in no particular order, as the API prints "
        + "it but without 'display', which follows other objects. All objects are loaded once, then the change "
        + "feed is followed. It may be killed at any moment: the next start goes on from where the files stand.",
      "It loads all objects anew when the deployment was restored from a copy, when the data model was changed, "
        + "and when the changes that it missed were trimmed. Exit codes: 0 done (with --once); 1 it ended early; "
        + "2 it was asked wrongly.",
    ],
    options: ImportCommand.connectionOptions + [
      CommandOption("to", .path, placeholder: "DIR", required: true, help: "Where the files are kept."),
      CommandOption("once", .flag, help: "Ends when the files are up to date, instead of following on."),
      CommandOption(
        "wait", .integer(0...30), placeholder: "N", default: "30", help: "Seconds that a request waits for changes."),
      CommandOption("json", .flag, help: "Prints the result as JSON."),
    ],
    examples: [
      CommandExample(
        "sojourn mirror --base-url https://127.0.0.1:8443/api/v4/ID --password-file password --cacert server.pem "
          + "--to flights", "the objects of a deployment, kept up to date")
    ])

  package static func run(_ parsed: ParsedCommand) async throws(UsageError) -> Int32 {
    let client = try ImportCommand.client(parsed, bodyLimit: 1 << 30)
    do throws(MirrorError) {
      let base = client.configuration.base
      var mirror = try DeploymentMirror(
        client, deployment: base.deploymentID ?? base.description, into: parsed.text("to") ?? "")
      mirror.isOnce = parsed.flag("once")
      mirror.waitSeconds = parsed.integer("wait") ?? mirror.waitSeconds
      mirror.note = { Terminal.say("sojourn mirror: \($0)\n", to: 2) }
      let summary = try await mirror.run()
      Terminal.write(
        parsed.flag("json")
          ? summary.json : summary.text, to: 1)
      return 0
    } catch {
      Terminal.say("sojourn mirror: \(Sentence.ended("\(error)"))\n", to: 2)
      return 1
    }
  }
}
