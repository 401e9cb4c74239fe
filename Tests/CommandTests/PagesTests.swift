import CommandLineTable
import Testing

@Suite("Pages from the table")
struct PagesTests {
  @Test("a command's help page, in a pipe")
  func commandPage() {
    #expect(
      sample.help(for: ["token"], style: .plain) == """
        Makes a token.

        Usage
          sojourn token [--expires DURATION] [--label TEXT…] NAME [KEY=VALUE…]

        Arguments
          NAME                    Its name.
          KEY=VALUE               Settings.

        Options
          --expires DURATION      Time until it ends.
          --label TEXT            A label. [may be repeated; SOJOURN_LABEL]
          --config FILE           Settings file: lines of 'key = value', '#' begins a
                                  comment. [SOJOURN_CONFIG]
          --help                  Shows this page.

        Environment
          SOJOURN_PASSWORD        The password.

        Examples
          # a token for CI
          sojourn token ci

        """)
  }

  @Test("the program's and a group's pages list their commands")
  func groupPages() {
    let program = sample.help(for: [], style: .plain)
    #expect(program.contains("\n  serve                   Serves deployments.\n"))
    #expect(program.contains("\n  deployment              Deployments.\n"))
    let group = sample.help(for: ["deployment"], style: .plain)
    #expect(group.contains("Usage\n  sojourn deployment COMMAND …\n"))
    #expect(group.contains("\n  create                  Makes one.\n"))
  }

  @Test("no line is wider than the terminal, and headings are bold there")
  func terminalPage() {
    let style = TerminalStyle(isInteractive: true, isStyled: true, width: 50)
    let page = sample.help(for: ["serve"], style: style)
    #expect(page.contains("\u{1B}[1mOptions\u{1B}[0m\n"))
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 58 })
    #expect(!sample.help(for: ["serve"], style: .plain).contains("\u{1B}"))
  }

  @Test(
    "the style follows the terminal, NO_COLOR and TERM",
    arguments: [
      (false, ["TERM": "xterm"], TerminalStyle.plain),
      (true, ["TERM": "xterm"], TerminalStyle(isInteractive: true, isStyled: true, width: 100)),
      (
        true, ["TERM": "xterm", "NO_COLOR": "1"],
        TerminalStyle(isInteractive: true, isStyled: false, width: 100)
      ),
      (
        true, ["TERM": "xterm", "NO_COLOR": ""],
        TerminalStyle(isInteractive: true, isStyled: true, width: 100)
      ),
      (true, ["TERM": "dumb"], TerminalStyle(isInteractive: false, isStyled: false, width: 100)),
      (true, [:], TerminalStyle(isInteractive: false, isStyled: false, width: 100)),
    ])
  func style(isTerminal: Bool, environment: [String: String], expected: TerminalStyle) {
    #expect(TerminalStyle(isTerminal: isTerminal, columns: 100) { environment[$0] } == expected)
  }

  @Test("the configuration page has each setting once, with all its places")
  func configurationPage() {
    let page = ConfigurationPage.markdown(for: sample)
    for option in sample.settings {
      let name = option.isOnCommandLine ? "| `--\(option.name)" : "| `\(option.environment ?? "")`"
      #expect(page.split(separator: "\n").filter { $0.hasPrefix(name) || $0.contains(name) }.count == 1)
    }
    #expect(
      page.contains(
        "| `--data-dir DIR` | `SOJOURN_DATA_DIR` | `data-dir` |  | Where the data is. Required. |\n"))
    #expect(page.contains("\n* `--data-dir`: `serve`, `deployment create`, `deployment list`\n"))
    #expect(
      page.contains(
        "| `--listen URL` | `SOJOURN_LISTEN` | `listen` | `https://127.0.0.1:8443` | Where to listen. May be repeated. |"
      ))
    #expect(page.contains("\n## `sojourn serve`\n"))
  }

  @Test("a table of rows is aligned and keeps control characters out")
  func rows() {
    var table = TextTable(["ID", "NAME", "OBJECTS"], numbers: ["OBJECTS"])
    table.append(["a1", "Flights", "336776"])
    table.append(["b22", "Two\nlines\u{1B}[1m", "5"])
    table.append(["c", "a\u{202e}b", "0"])
    #expect(
      table.text(style: .plain) == """
        ID   NAME           OBJECTS
        a1   Flights         336776
        b22  Two lines [1m        5
        c    a\\u{202e}b           0

        """)
  }
}
