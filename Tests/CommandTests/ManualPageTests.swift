import CommandLineTable
import Testing

@Suite("The manual page")
struct ManualPageTests {
  private let page = ManualPage.roff(for: sample, closing: [(title: "FILES", paragraphs: [".hidden: a \"file\"\\"])])

  @Test("has every command with its options, arguments and examples, and how settings are found")
  func complete() {
    for line in [
      ".TH SOJOURN 1 \"\" \"sojourn sojourn 0.1\"", ".SS \"sojourn deployment create\"", "\\fBsojourn\\fR COMMAND …",
      "\\fB\\-\\-listen URL\\fR", "\\fBKEY=VALUE\\fR", "\\&sojourn token ci", "\\fBSOJOURN_PASSWORD\\fR",
      "\\fB\\-\\-config FILE\\fR", ".SH \"SETTINGS\"", ".SH \"FILES\"",
    ] { #expect(page.split(separator: "\n").contains(Substring(line)), "\(line)") }
  }

  @Test("takes no text for an order to man: no line begins with one, no backslash is bare")
  func escaped() {
    #expect(page.contains("\\&.hidden: a \\(dqfile\\(dq\\e\n"))
    let orders: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi"]
    for line in page.split(separator: "\n") where line.first == "." || line.first == "'" {
      #expect(orders.contains(String(line.prefix(3))), "\(line)")
    }
  }
}
