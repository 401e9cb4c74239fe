import Testing
import Web
import Wire

@Suite("Links in new tabs")
struct LinksInNewTabsTests {
  @Test(
    "Links that leave the page and forms that ask open a new tab, and nothing else is touched",
    arguments: [
      ("<a href=\"/x\">x</a>", "<a href=\"/x\" target=\"_blank\">x</a>"),
      ("<p>a &lt;a href= b</p>", "<p>a &lt;a href= b</p>"),
      ("<a class=\"skip\" href=\"#main\">x</a>", "<a class=\"skip\" href=\"#main\">x</a>"),
      ("<a href=\"/x\" target=\"_blank\">x</a>", "<a href=\"/x\" target=\"_blank\">x</a>"),
      ("<a id=\"x\">x</a><abbr>a</abbr>", "<a id=\"x\">x</a><abbr>a</abbr>"),
      ("<form method=\"get\" action=\"/x\">", "<form method=\"get\" action=\"/x\" target=\"_blank\">"),
      ("<form method=\"post\" action=\"/x\">", "<form method=\"post\" action=\"/x\">"),
      ("é<a href=\"/ä\"", "é<a href=\"/ä\""), ("<", "<"), ("", ""),
    ])
  func rewriting(_ page: String, _ expected: String) {
    let block = ByteBlock(Array(page.utf8))
    let found = LinksInNewTabs.rewriting(block)
    #expect(String(decoding: found.bytes, as: UTF8.self) == expected)
  }
}
