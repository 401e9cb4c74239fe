import CommandLineTable
import Testing

@testable import APIClient

@Suite("The import command")
struct ImportCommandTests {
  static let table = CommandTable(
    name: "sojourn", summary: "A backend.", version: "0", commands: [ImportCommand.command])
  static let base = "https://e.org/api/v4/0123456789abcdef01234567"

  private func parsed(_ line: String, _ environment: [String: String] = [:]) throws -> ParsedCommand {
    let words = "import --model flight --base-url \(Self.base) f.csv \(line)".split(separator: " ").map(
      String.init)
    guard case .run(let command) = try Self.table.parse(words, environment: environment) else {
      throw UsageError("help")
    }
    return command
  }

  @Test("has a sound table") func sound() { #expect(Self.table.slips == []) }

  @Test(
    "finds credentials, the command line before the environment",
    arguments: [
      ("--token O:a", [:], "token O:a"),
      ("", ["SOJOURN_TOKEN": "O:b"], "token O:b"),
      ("", ["SOJOURN_PASSWORD": "p"], "0123456789abcdef01234567 p"),
      ("--username u", ["SOJOURN_PASSWORD": "p", "SOJOURN_TOKEN": "O:b"], "u p"),
      ("--token O:a", ["SOJOURN_PASSWORD": "p"], "token O:a"),
      (
        "--token O:a --username u", [:],
        "--token stands beside a user name or password file; give one of them"
      ),
      ("", [:], "no password and no token"),
    ])
  func credentials(line: String, environment: [String: String], expected: String) throws {
    let found: String
    let command = try parsed(line, environment)
    let base = try BaseURL(Self.base)
    do throws(UsageError) {
      switch try ImportCommand.credentials(command, base) {
      case .token(let token): found = "token \(token)"
      case .basic(let username, let password): found = "\(username) \(password)"
      case .none: found = "none"
      }
    } catch {
      found = error.message
    }
    #expect(found == expected)
  }

  @Test("ends with exit code 2 when it cannot begin")
  func cannotBegin() async throws {
    let words = "import --model m --base-url http://127.0.0.1:1 --token O:a nowhere.csv".split(separator: " ")
    guard case .run(let command) = try Self.table.parse(words.map(String.init)) else { return }
    #expect(try await ImportCommand.run(command) == 2)
  }

  @Test("reports in words and in JSON")
  func report() {
    var summary = ImportSummary()
    summary.stored = 12_000
    summary.refused = 1
    summary.empty = 2
    let report = ImportReport(
      summary: summary, error: nil, rejects: "f.csv.rejected.csv", elapsed: .seconds(2))
    #expect(
      report.text == """
        Stored 12,000 rows in 2.0 s (6,000 rows/s).
        Refused 1 row.
        Skipped 2 rows without a value.
        See f.csv.rejected.csv, with the reasons.

        """)
    #expect(
      report.json == """
        {"rows":12001,"stored":12000,"refused":1,"unconfirmed":0,"empty":2,"seconds":2,\
        "rejects":"f.csv.rejected.csv","error":null,"unsent_from_line":null}

        """)
  }
}
