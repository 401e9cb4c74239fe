import CommandLineTable
import ServerUnderTest
import Testing

@Suite("Completions")
struct CompletionsTests {
  /// What bash offers at the end of a line: words but files, of which there are none where it is asked.
  private func offers(_ line: [String]) throws -> [String] {
    let words = line.map { "'\($0)'" }.joined(separator: " ")
    let folder = try TemporaryDirectory()
    let empty = try TemporaryDirectory()
    let script = try folder.write(
      Completions.bash.script(for: sample)
        + "\ncd '\(empty.path)'; COMP_WORDS=(\(words)); COMP_CWORD=\(line.count - 1); _sojourn"
        + "\nprintf '%s\\n' \"${COMPREPLY[@]}\"",
      to: "script")
    let output = "\(folder.path)/output"
    let bash = try ChildProcess("bash", ["--norc", script], output: output, errors: output)
    #expect(try bash.wait() == 0)
    let text = TemporaryDirectory.text(of: output)
    return text.split(separator: "\n").map(String.init)
  }

  @Test(
    "of bash are the commands and options that can come next",
    arguments: [
      (["sojourn", ""], ["serve", "deployment", "token", "check"]),
      (["sojourn", "de"], ["deployment"]),
      (["sojourn", "deployment", ""], ["create", "list"]),
      (
        ["sojourn", "deployment", "create", "--"],
        ["--data-dir", "--name", "--environment", "--config", "--help"]
      ),
      (["sojourn", "deployment", "create", "--environment", ""], ["testing", "staging", "production"]),
      (["sojourn", "deployment", "create", "--name", ""], []),
      (["sojourn", "token", "ci", "--l"], ["--label"]),
      (["sojourn", "token", "--pass"], []),
      (["sojourn", "nothing", ""], []),
      (["sojourn", "deployment", "nothing", "at", "all", ""], ["create", "list"]),
    ] as [([String], [String])])
  func bash(line: [String], words: [String]) throws {
    #expect(try offers(line) == words)
  }

  @Test(
    "of zsh and fish name every command and option, with texts in quotes that hold",
    arguments: [Completions.zsh, .fish])
  func others(shell: Completions) {
    let script = shell.script(for: sample)
    for (path, command) in sample.runnable {
      #expect(script.contains(path.joined(separator: " ")))
      for option in command.options where option.isOnCommandLine { #expect(script.contains(option.name)) }
    }
    #expect(script.contains(shell == .zsh ? "lines of '\\''key = value'\\''" : "lines of \\'key = value\\'"))
    #expect(!script.contains("SOJOURN_PASSWORD"))
  }
}
