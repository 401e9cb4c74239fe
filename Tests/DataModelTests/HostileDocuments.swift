@testable import DataModel

private func many(_ number: Int, _ piece: (Int) -> String) -> String {
  (0..<number).map(piece).joined()
}

/// Documents that attack the reader by size or by what XML can do.
let hostileExamples: [FindingExample] = [
  .init(
    "A billion laughs",
    """
    <!DOCTYPE lolz [<!ENTITY lol "lol">
    <!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <data-model>&b;</data-model>
    """, "1:1 doctype"),
  .init(
    "An external entity",
    "<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n<data-model>&e;</data-model>",
    "1:1 doctype"),
  .init("An external DTD", "<!DOCTYPE d SYSTEM \"http://127.0.0.1/d.dtd\">\n<data-model/>", "1:1 doctype"),
  .init(
    "A parameter entity outside of a DTD", "<data-model>%a;</data-model>", "1:1 no-models",
    "1:1 unexpected-text"),
  .init(
    "Sixteen levels", many(16) { _ in "<data-model>" } + many(16) { _ in "</data-model>" }, "1:1 no-models",
    "1:13 unknown-element"),
  .init(
    "Seventeen levels", many(17) { _ in "<data-model>" } + many(17) { _ in "</data-model>" }, "1:193 too-deep"
  ),
  .init("A hundred thousand levels", many(100_000) { _ in "<a>" }, "1:49 too-deep"),
  .init("Only an opening", "<", "1:1 broken-xml"),
  .init("A NUL", "<data-model>\u{0}</data-model>", "1:13 broken-xml"),
  .init("A character reference to NUL", "<data-model>&#0;</data-model>", "1:13 broken-xml"),
  .init("A character reference far out", "<data-model>&#xFFFFFFFFFF;</data-model>", "1:13 broken-xml"),
  .init("An endless comment", "<!--" + String(repeating: " ", count: 1000), "1:1 broken-xml"),
  .init("More than 5 MB", String(repeating: " ", count: 5_000_001), "1:1 too-large"),
  .init(
    "Quarter of a million elements and one", "<data-model>" + many(250_000) { _ in "<a/>" } + "</data-model>",
    "1:1000009 too-large"),
  .init(
    "Two thousand models and one",
    document(many(2001) { "<model name=\"m\($0)\" label=\"M\"><display>M</display></model>\n" }),
    "2002:1 too-many"),
  .init(
    "A thousand fields and two",
    flightWith(many(1002) { "<field name=\"f\($0)\" label=\"F\" type=\"text\"/>\n" }), "1003:1 too-many"),
  .init(
    "Ten thousand options and two",
    flightWith(
      "<field name=\"f\" label=\"F\" type=\"single-choice-integer\">\n"
        + many(10_002) { _ in "<option>O</option>\n" } + "</field>"), "10004:1 too-many"),
  .init(
    "Sixty indexes and one",
    flightWith(
      many(61) { "<field name=\"f\($0)\" label=\"F\" type=\"text\"/>\n" } + "<display>F</display>"
        + many(61) { "\n<index on=\"f\($0)\"/>" }
    ).replacing("\n<display>Flight</display>", with: ""), "125:1 too-many"),
]

/// Bytes that are no Swift text.
let hostileBytes: [(String, [UInt8], String)] = [
  ("UTF-16, low byte first", [0xFF, 0xFE, 0x3C, 0x00], "1:1 not-utf-8"),
  ("UTF-16, high byte first", [0xFE, 0xFF, 0x00, 0x3C], "1:1 not-utf-8"),
  ("UTF-16 without a mark", [0x3C, 0x00, 0x61, 0x00], "1:1 not-utf-8"),
  (
    "Latin 1", Array("<data-model>\n<m n=\"".utf8) + [0xE4] + Array("\"/></data-model>".utf8), "2:7 not-utf-8"
  ),
  ("A surrogate", Array("<data-model>ä".utf8) + [0xED, 0xA0, 0x80], "1:14 not-utf-8"),
  ("An overlong slash", [0xC0, 0xAF], "1:1 not-utf-8"),
  ("A cut letter", Array("<a>".utf8) + [0xE2, 0x82], "1:4 not-utf-8"),
]
