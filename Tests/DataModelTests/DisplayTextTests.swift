import Testing

@testable import DataModel

@Suite("Displays taken apart")
struct DisplayTextTests {
  /// Text → its parts; placeholders in angle brackets.
  static let examples: [(String, [String])] = [
    ("", []),
    ("Flight", ["Flight"]),
    ("{number}", ["<number>"]),
    ("{ number }", ["< number >"]),
    ("{a}{b}", ["<a>", "<b>"]),
    ("{a} ({b})", ["<a>", " (", "<b>", ")"]),
    ("{{text}}", ["{text}"]),
    ("{{{a}}}", ["{", "<a>", "}"]),
    ("{{a}} {b}", ["{a} ", "<b>"]),
    ("open {a", ["open {a"]),
    ("open {", ["open {"]),
    ("open {a {b}", ["open {a ", "<b>"]),
    ("a } b }} c", ["a } b } c"]),
    ("{a}}", ["<a>", "}"]),
    ("{}", ["<>"]),
    ("{$:f({a: 1}) + 2} x", ["<$:f({a: 1}) + 2>", " x"]),
    ("{$:f({}", ["{$:f(", "<>"]),
    ("{ü} ✈️", ["<ü>", " ✈️"]),
  ]

  @Test("Braces", arguments: examples)
  func parts(text: String, expected: [String]) {
    let parts = DisplayText.parts(of: text).map { part in
      switch part {
      case .literal(let text): text
      case .placeholder(let content): "<\(content)>"
      }
    }
    #expect(parts == expected)
  }

  @Test("Ten thousand opening braces take no time to speak of")
  func braces() {
    #expect(DisplayText.parts(of: String(repeating: "{a", count: 5000)).count == 1)
    #expect(DisplayText.parts(of: String(repeating: "{$:", count: 3333)).count == 1)
  }
}
