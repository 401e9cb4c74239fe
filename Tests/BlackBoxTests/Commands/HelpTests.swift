import CommandLineTable
import ServerUnderTest
import Testing

@testable import sojourn

@Suite("Help and slips on the command line")
struct HelpTests {
  /// Each command and group, by its path.
  private static let all: [(path: [String], command: Command)] = {
    func below(_ path: [String], _ commands: [Command]) -> [(path: [String], command: Command)] {
      commands.flatMap { [(path + [$0.name], $0)] + below(path + [$0.name], $0.subcommands) }
    }
    return below([], Commands.table.commands)
  }()

  @Test("--help of each command is on standard output, and names each of its options", arguments: all.map(\.path))
  func help(path: [String]) throws {
    let command = try #require(Self.all.first { $0.path == path }?.command)
    let run = try SojournBinary.run(path + ["--help"])
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains((["sojourn"] + path).joined(separator: " ")))
    for option in command.options where option.isOnCommandLine {
      #expect(run.output.contains("--\(option.name)"), "\(option.name)")
    }
    for argument in command.arguments { #expect(run.output.contains(argument.placeholder)) }
    // A long summary goes on in the next line.
    let text = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in command.subcommands { #expect(text.contains(part.summary)) }
  }

  @Test("--help of the program names each command", arguments: [[], ["--help"], ["help"], ["-h"]])
  func program(words: [String]) throws {
    let run = try SojournBinary.run(words)
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    for command in Commands.table.commands { #expect(run.output.contains("  \(command.name)")) }
  }

  @Test("--version is one line")
  func version() throws {
    #expect(try SojournBinary.run(["--version"]).output == "sojourn \(Commands.version)\n")
  }

  @Test(
    "What is not known is refused on standard error, with a hint",
    arguments: [
      (["serv"], "did you mean 'serve'?"), (["deployment", "lst"], "did you mean 'list'?"),
      (["frobnicate"], "unknown command 'frobnicate'"), (["deployment"], "create, list"),
      (["deployment", "list", "--data-dirr", "x"], "did you mean '--data-dir'?"),
      (["deployment", "list"], "SOJOURN_DATA_DIR"), (["deployment", "list", "--data-dir"], "--data-dir"),
      (["deployment", "get", "--data-dir", "x", "--deployment", "y", "colour"], "cors_origins"),
      (["deployment", "set", "--data-dir", "x", "--deployment", "y", "label"], "KEY=VALUE"),
      (["deployment", "set", "--data-dir", "x", "--deployment", "y"], "KEY=VALUE"),
      (["deployment", "delete", "--data-dir", "x", "--deployment", "y"], "--yes"),
      (["token", "create", "--data-dir", "x", "--deployment", "y", "--name", "n", "--expires", "soon"], "soon"),
      (["data-model", "check"], "FILE"), (["data-model", "check", "/no/such/file"], "/no/such/file"),
      (["serve", "--data-dir", "x", "--listen", "ftp://x"], "ftp"),
    ])
  func slips(words: [String], hint: String) throws {
    let run = try SojournBinary.run(words)
    #expect(run.exitCode == 2 && run.output.isEmpty, "\(run)")
    #expect(run.errors.contains(hint), "\(run.errors)")
  }
}
