import CommandLineTable
import Wire

/// `sojourn import`: its row of the command table, and what it does.
package enum ImportCommand {
  /// Where a deployment is, and who asks.
  static let connectionOptions: [CommandOption] = [
    CommandOption(
      "base-url", .text, placeholder: "URL", required: true, environment: "SOJOURN_BASE_URL",
      help: "The deployment: https://HOST/api/v4/ID."),
    CommandOption(
      "username", .text, placeholder: "U", environment: "SOJOURN_USERNAME",
      help: "User name of the API password; without it the deployment's id at the end of the base URL."),
    CommandOption(
      "password-file", .path, placeholder: "F", environment: "SOJOURN_PASSWORD_FILE",
      help: "File that holds the API password, and nothing else."),
    CommandOption(
      "password", .secret, environment: "SOJOURN_PASSWORD", help: "The API password, where there is no password file."),
    CommandOption(
      "token", .text, placeholder: "O:…", environment: "SOJOURN_TOKEN",
      help:
        "A named token instead of user name and password; safer in the variable than on the command line."),
    CommandOption(
      "cacert", .path, placeholder: "F", environment: "SOJOURN_CACERT",
      help: "Certificate to trust (PEM), such as the one that a server made for itself."),
  ]

  package static let command = Command(
    "import", summary: "Loads a CSV file into a model of a deployment, over its API.",
    discussion: [
      "The first line names the columns: fields of the model, 'id', '{relationship}_id', and for a location "
        + "'{field}.latitude', '{field}.longitude', '{field}.altitude'. An empty cell leaves its field out. "
        + "Several choices stand as 'a|b', none of them as '|'; booleans as true and false in any letter case, or as "
        + "1 and 0. Rows of commas alone are skipped and counted; columns without a name are ignored, and a row that "
        + "has a value there is refused.",
      "A row whose id exists replaces that object; a row without an id becomes a new object. Rows are sent in "
        + "batches, several at once: '--in-flight 1' keeps the order of the file exactly.",
      "Refused rows are written to FILE.csv.rejected.csv with the reason in a last column, 'error' "
        + "('import_error' where the model has a field of that name); mended, "
        + "that file can be imported as it is. Exit codes: 0 all rows are stored; 1 a row was refused or the "
        + "import ended early; 2 it could not begin.",
    ],
    options: connectionOptions + [
      CommandOption(
        "model", .text, placeholder: "MODEL", required: true, help: "The model whose objects the rows are."),
      CommandOption(
        "in-flight", .integer(1...64), default: "4", help: "How many batches are under way at once."),
      CommandOption(
        "rejects", .path, placeholder: "FILE",
        help: "Where refused rows go, instead of FILE.csv.rejected.csv."),
      CommandOption("json", .flag, help: "Prints the result as JSON, and no progress."),
    ],
    arguments: [CommandArgument("FILE.csv", help: "The file, in UTF-8; '-' is standard input.")],
    examples: [
      CommandExample(
        "sojourn import --base-url https://127.0.0.1:8443/api/v4/ID --password-file password "
          + "--cacert server.pem --model flight flights.csv", "the flights, into a server on this machine")
    ])

  /// Imports, and prints the progress to standard error and the result to standard output. Gives the
  /// exit code.
  package static func run(_ parsed: ParsedCommand) async throws(UsageError) -> Int32 {
    let isJSON = parsed.flag("json")
    let path = parsed.arguments.first ?? "-"
    let rejects = parsed.text("rejects") ?? (path == "-" ? "import.rejected.csv" : path + ".rejected.csv")
    guard rejects != path else { throw parsed.usageError("--rejects would overwrite the file itself") }
    let client = try client(parsed)
    let printer = isJSON ? nil : ProgressPrinter(unit: "rows")
    let start = ContinuousClock.now
    let summary: ImportSummary
    do throws(ImportError) {
      let file: CSVFile
      do { file = try CSVFile(path: path) } catch { throw .file(error) }
      var task = Import(client, file, model: parsed.text("model") ?? "", rejectsPath: rejects)
      task.inFlight = parsed.integer("in-flight") ?? task.inFlight
      task.progress = { printer?.update($0) }
      summary = try await task.run()
    } catch {
      if isJSON {
        let report = ImportReport(summary: ImportSummary(), error: error, rejects: rejects, elapsed: .zero)
        Terminal.write(report.json, to: 1)
      }
      // Not a slip in the command line, so without a pointer to its help page.
      Terminal.say("sojourn import: \(Sentence.ended("\(error)"))\n" + (error.hint.map { $0 + "\n" } ?? ""), to: 2)
      return 2
    }
    printer?.clear()
    let report = ImportReport(
      summary: summary, error: summary.stop?.error, rejects: rejects, elapsed: ContinuousClock.now - start)
    if isJSON {
      Terminal.write(report.json, to: 1)
    } else {
      Terminal.say(report.text, to: summary.isComplete ? 1 : 2)
    }
    return summary.isComplete ? 0 : 1
  }

  /// `bodyLimit` bounds one answer, in bytes; nil leaves it to the client.
  static func client(_ parsed: ParsedCommand, bodyLimit: Int? = nil) throws(UsageError) -> APIClient {
    do {
      let base = try BaseURL(parsed.text("base-url") ?? "")
      let credentials = try credentials(parsed, base)
      var configuration = APIClient.Configuration(base: base, credentials: credentials)
      configuration.authorities = parsed.text("cacert")
      configuration.bodyLimit = bodyLimit ?? configuration.bodyLimit
      return try APIClient(configuration)
    } catch let error as UsageError {
      throw error
    } catch {
      throw parsed.usageError("\(error)")
    }
  }

  /// A token or a password; what stands on the command line goes before what the environment says.
  static func credentials(_ parsed: ParsedCommand, _ base: BaseURL) throws(UsageError) -> Credentials {
    let passwordIsGiven =
      parsed.source(of: "password-file") == .commandLine || parsed.source(of: "username") == .commandLine
    let tokenIsGiven = parsed.source(of: "token") == .commandLine
    if tokenIsGiven, passwordIsGiven {
      throw parsed.usageError("--token stands beside a user name or password file; give one of them")
    }
    if let token = parsed.text("token"), tokenIsGiven || !passwordIsGiven { return .token(token) }
    guard let username = parsed.text("username") ?? base.deploymentID else {
      throw parsed.usageError("--username U is missing: the base URL does not end in a deployment's id")
    }
    if let file = parsed.text("password-file") {
      var password = Substring(try Terminal.smallFile(file))
      while let last = password.last, last.isNewline { password.removeLast() }
      guard !password.isEmpty else { throw parsed.usageError("\(file) is empty") }
      return .basic(username: username, password: String(password))
    }
    guard let password = parsed.text("password") else {
      throw parsed.usageError(
        "no password and no token",
        hint: "Give --password-file F, or set SOJOURN_PASSWORD or SOJOURN_TOKEN.")
    }
    return .basic(username: username, password: password)
  }
}
