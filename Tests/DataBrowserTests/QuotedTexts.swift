import Testing
import Wire

@testable import DataBrowser

@Suite("Texts that are quoted for others")
struct QuotedTextTests {
  /// A quote and a mark that combines with it, which Swift takes for one character.
  private static let marked = "a'\u{301}; b\"\u{301}, c\\\u{301}\n"

  @Test("end for a shell where they end, whatever combines with a quote in them")
  func shells() {
    let shell = "'a'\\''\u{301}; b\"\u{301}, c\\\u{301}\n'"
    #expect(ShellWord.quoted(Self.marked) == shell)
    let powerShell = "'a''\u{301}; b\"\u{301}, c\\\u{301}\n'"
    #expect(APIExamples.powerShellText(Self.marked) == powerShell)
  }

  @Test("are one text for Python")
  func python() {
    let marked = "\"a'\u{301}; b\\\"\u{301}, c\\\\\u{301}\\n\""
    #expect(APIExamples.pythonText(Self.marked) == marked)
    let lines = "\"a\\r\\nb\\rc\""
    #expect(APIExamples.pythonText("a\r\nb\rc") == lines)
  }

  @Test("are one cell for a spreadsheet")
  func cells() {
    let cell = "\"a'\u{301}; b\"\"\u{301}, c\\\u{301}\n\""
    #expect(AuditCSV.quoted(Self.marked) == cell)
  }
}
