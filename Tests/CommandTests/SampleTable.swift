import CommandLineTable

/// A table with one of everything.
let sample = CommandTable(
  name: "sojourn", summary: "A backend.", version: "sojourn 0.1",
  commands: [
    Command(
      "serve", summary: "Serves deployments.",
      discussion: ["Runs until it is told to stop."],
      options: [
        dataDirectory,
        CommandOption(
          "listen", .several(.listen), environment: "SOJOURN_LISTEN", key: "listen",
          default: "https://127.0.0.1:8443", help: "Where to listen."),
        CommandOption(
          "body-limit", .size(0...Int.max), environment: "SOJOURN_BODY_LIMIT", key: "body-limit", default: "50 MB",
          help: "Largest body."),
        CommandOption("threads", .integer(1...64), key: "threads", default: "2", help: "Threads."),
        CommandOption("quiet", .flag, environment: "SOJOURN_QUIET", key: "quiet", help: "Logs nothing."),
      ]),
    Command(
      "deployment", summary: "Deployments.",
      subcommands: [
        Command(
          "create", summary: "Makes one.",
          options: [
            dataDirectory,
            CommandOption("name", .text, placeholder: "NAME", required: true, help: "Its name."),
            CommandOption(
              "environment", .choice(["testing", "staging", "production"]), placeholder: "KIND",
              default: "testing", help: "What it is for."),
          ]),
        Command("list", summary: "Lists them.", options: [dataDirectory]),
      ]),
    Command(
      "token", summary: "Makes a token.",
      options: [
        CommandOption("expires", .duration(0...Int.max), help: "Time until it ends."),
        CommandOption("label", .several(.text), environment: "SOJOURN_LABEL", help: "A label."),
        CommandOption(
          "password", .secret, environment: "SOJOURN_PASSWORD", help: "The password."),
      ],
      arguments: [
        CommandArgument("NAME", help: "Its name."),
        CommandArgument("KEY=VALUE", help: "Settings.", isRequired: false, isRepeated: true),
      ],
      examples: [CommandExample("sojourn token ci", "a token for CI")]),
    Command("check", summary: "Checks a file.", arguments: [CommandArgument("FILE", help: "The file.")]),
  ])

private let dataDirectory = CommandOption(
  "data-dir", .path, placeholder: "DIR", required: true, environment: "SOJOURN_DATA_DIR", key: "data-dir",
  help: "Where the data is.")

/// Parses words split at blanks. `files` maps paths to texts.
func parse(
  _ line: String, environment: [String: String] = [:], files: [String: String] = [:]
) throws(UsageError) -> CommandLineRequest {
  try sample.parse(line.split(separator: " ").map(String.init), environment: environment) {
    path throws(UsageError) in
    guard let text = files[path] else { throw UsageError("\(path): No such file or directory") }
    return text
  }
}

/// The same for a line that must run.
func command(
  _ line: String, environment: [String: String] = [:], files: [String: String] = [:]
) throws -> ParsedCommand {
  struct NotRun: Error { let request: CommandLineRequest }
  let request = try parse(line, environment: environment, files: files)
  guard case .run(let command) = request else { throw NotRun(request: request) }
  return command
}
