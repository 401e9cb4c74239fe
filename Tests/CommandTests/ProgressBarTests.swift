import Testing

@testable import CommandLineTable

@Suite("A progress bar")
struct ProgressBarTests {
  let terminal = TerminalStyle(isInteractive: true, isStyled: false, width: 80)

  @Test("is drawn in place at most ten times a second")
  func interactive() {
    var bar = ProgressBar(unit: "rows", style: terminal)
    #expect(bar.clear() == nil)
    #expect(bar.update(.init(done: 0, fraction: 0), elapsed: .zero)?.hasPrefix("\r") == true)
    #expect(bar.update(.init(done: 1, fraction: 0.1), elapsed: .milliseconds(99)) == nil)
    #expect(bar.update(.init(done: 2, fraction: 0.2), elapsed: .milliseconds(100)) != nil)
    #expect(bar.update(.init(done: 3, fraction: 0.3), elapsed: .milliseconds(199)) == nil)
    #expect(bar.clear() == "\r\u{1B}[K")
    #expect(bar.clear() == nil)
  }

  @Test("is a plain line every ten seconds in a pipe")
  func pipe() {
    var bar = ProgressBar(unit: "rows", style: .plain)
    #expect(bar.update(.init(done: 5, fraction: 0.1), elapsed: .seconds(9)) == nil)
    #expect(
      bar.update(.init(done: 30_000, fraction: 0.25), elapsed: .seconds(10))
        == " 25%  30,000 rows  3,000 rows/s  0:30 left\n")
    #expect(bar.update(.init(done: 40_000, fraction: 0.3), elapsed: .seconds(19)) == nil)
    #expect(bar.update(.init(done: 50_000), elapsed: .seconds(20)) == "50,000 rows  2,500 rows/s\n")
    #expect(bar.clear() == nil)
  }

  @Test("shows the part that is done, the refused rows and the time left, within the width")
  func line() {
    let bar = ProgressBar(unit: "rows", style: terminal)
    let line = bar.line(.init(done: 1_234_567, fraction: 0.5, refused: 12), elapsed: .seconds(100))
    #expect(line.hasPrefix(" 50% ██"))
    #expect(line.hasSuffix("░  1,234,567 rows  12,345 rows/s  12 refused  1:40 left"))
    #expect(line.count < 80)
    let narrow = ProgressBar(
      unit: "rows", style: TerminalStyle(isInteractive: true, isStyled: false, width: 40))
    #expect(narrow.line(.init(done: 1_234_567, fraction: 0.5), elapsed: .seconds(100)).count < 40)
  }

  @Test(
    "prints times for people",
    arguments: [
      (0, "0:00"), (4.2, "0:05"), (750, "12:30"), (11_109, "3:05:09"), (.infinity, "–"), (.nan, "–"),
      (-1, "–"),
    ] as [(Double, String)])
  func clock(seconds: Double, text: String) { #expect(ProgressBar.clock(seconds) == text) }
}
