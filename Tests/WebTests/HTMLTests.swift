import PageReading
import Testing
import Web
import Wire

/// HTML as expat reads it back.
@Suite struct HTMLTests {
  static func text(_ html: HTML) -> String {
    var writer = ByteWriter(capacity: 64)
    writer.append(html)
    return writer.string
  }

  @Test func textIsEscapedAndMarkupIsNot() {
    let html = p(.class("note"), .title("a \"b\" <c>")) {
      "1 < 2 & 3 > 2"
      br()
      strong { "so" }
    }
    #expect(
      Self.text(html)
        == "<p class=\"note\" title=\"a &quot;b&quot; &lt;c&gt;\">1 &lt; 2 &amp; 3 &gt; 2<br/><strong>so</strong></p>")
  }

  @Test func conditionsAndLoopsWriteWhatTheySay() {
    func list(_ names: [String], isLong: Bool) -> String {
      Self.text(
        ul {
          for name in names { li { name } }
          if isLong { li { "more" } } else { li { 0 } }
          if names.isEmpty { li { "none" } }
        })
    }
    #expect(list(["a", "b"], isLong: true) == "<ul><li>a</li><li>b</li><li>more</li></ul>")
    #expect(list([], isLong: false) == "<ul><li>0</li><li>none</li></ul>")
  }

  @Test func whatXMLCannotHoldIsReplaced() {
    #expect(
      Self.text(.text("a\u{0}b\u{1F}c\u{FFFE}d\u{FFFF}e\u{85}f\tg\nh\ri"))
        == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{85}f\tg\nh&#13;i")
  }

  @Test func valuesAreWrittenAsThemselves() throws {
    let instant = try #require(Instant("2013-01-31T09:05:00Z"))
    #expect(Self.text(.time(instant)) == "<time datetime=\"2013-01-31T09:05:00Z\">2013-01-31 09:05:00</time>")
    #expect(Self.text(.integer(-7)) + Self.text(.number(2.5)) + Self.text(.number(3)) == "-72.53")
    let id = try #require(ObjectID("0195a3b2-0000-7000-8000-000000000001"))
    #expect(Self.text(a(.href(LocalAddress(["m\"&"]))) { HTML.id(id) }) == "<a href=\"/m%22%26\">\(id)</a>")
  }

  @Test func aTextareaKeepsItsFirstLineFeed() {
    #expect(Self.text(textarea(.name("t"), text: "\nx")) == "<textarea name=\"t\">\n\nx</textarea>")
  }

  @Test(arguments: HostileTexts.all.indices)
  func hostileTextsStayTexts(_ index: Int) throws {
    let hostile = HostileTexts.all[index]
    let html = div(
      .title(hostile), .data("x", hostile), .href(LocalAddress(["a", hostile], query: [(hostile, hostile)]))
    ) {
      hostile
      input(.name(hostile), .value(hostile))
      textarea(text: hostile)
    }
    let page = try ReadPage(Array(Self.text(html).utf8))
    #expect(page.elements.map(\.name) == ["div", "input", "textarea"])
    #expect(page.elements[0].attributes.keys.sorted() == ["data-x", "href", "title"])
    #expect(page.elements[0].attributes["href"]?.hasPrefix("/a/") == true)
    #expect(page.text.unicodeScalars.count >= 2 * hostile.unicodeScalars.count)
  }

  @Test func aDocumentIsWellFormedAndHasNothingInline() throws {
    let document = Document(
      title: "T & T", style: LocalAddress(["databrowser", "s.css"]), icon: LocalAddress(["databrowser", "i.svg"]),
      modules: [LocalAddress(["databrowser", "m.js"])])
    let block = document.bytes(
      around: fragment {
        mainPart { h1 { "T" } }
      })
    let page = try ReadPage(withExtendedLifetime(block) { Array(block.bytes) })
    #expect(page.faults == [])
    #expect(page.all("title").map(\.text) == ["T & T"])
    #expect(page.all("script").map(\.attributes) == [["type": "module", "src": "/databrowser/m.js"]])
  }
}

enum HostileTexts {
  static let all = [
    "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "]]>", "<!--", "&amp;&#0;&lt;", "\u{202E}gnp.exe",
    "\u{0}\u{1}\u{8}\u{B}\u{1F}\u{7F}\u{85}\u{9F}", "\u{FFFE}\u{FFFF}\u{FEFF}", "javascript:alert(1)", "a\rb\r\nc",
    "'\"`=",
    String(repeating: "<&\">", count: 25_000), "e\u{301}\u{1F468}\u{200D}\u{1F469}", "../../..//x?y#z%2F%00",
  ]
}
