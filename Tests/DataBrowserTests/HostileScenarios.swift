import DataBrowser
import HTTPServer
import JSON
import PageReading
import Testing
import Wire

/// Hostile values, addresses and data models.
@Suite struct HostileScenarios {
  static let texts = [
    "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "]]>&amp;&#0;", "\u{202E}gnp.exe\u{200B}",
    "\u{1}\u{8}\u{B}\u{1F}\u{7F}\u{85}\u{9F}\u{FFFE}\u{FFFF}", "javascript:alert(1)", "=cmd|' /C calc'!A0", " \n\t ",
    "{{7*7}}${7*7}",
    String(repeating: "<&\">é", count: 20_000),
  ]

  static func quoted(_ text: String) -> String {
    var writer = ByteWriter(capacity: 64)
    writer.append(quoted: text)
    return writer.string
  }

  @Test(arguments: texts.indices)
  func aHostileTextInEveryFieldStaysAText(_ index: Int) async throws {
    let text = Self.texts[index]
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let quoted = Self.quoted(text)
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"airline","id":"\(VisitScenarios.airline)","name":\(quoted)}},
          {"method":"POST","object":{"type":"flight","id":"\(VisitScenarios.flight)","number":\(quoted),"notes":\(quoted),
            "secret":\(quoted),"airline_id":"\(VisitScenarios.airline)"}},
          {"method":"POST","object":{"type":"medical","name":\(quoted),"flight_id":"\(VisitScenarios.flight)"}}
        ]}
        """)
      let short = PercentText.encode(CutText.cut(text))
      for path in [
        "", "/models", "/models/flight", "/models/airline", "/models/medical",
        "/models/flight/\(VisitScenarios.flight)",
        "/models/flight/\(VisitScenarios.flight)/json", "/models/flight/\(VisitScenarios.flight)/peek",
        "/models/airline/\(VisitScenarios.airline)", "/models/flight?q[airline_id]=\(VisitScenarios.airline)",
        "/models/flight?columns=airline,notes,secret,number", "/models/flight?search=\(short)", "/find?q=\(short)",
        "/models?q=\(short)", "/models/flight/pick?relationship=airline&text=\(short)",
        "/models/flight?q[number]=\(short)",
        "/models/flight/filter?f[0][field]=number&f[0][op]=is&f[0][value]=\(short)",
        "/models/flight/filter?add=\(short)",
        "/models/flight/columns?columns=\(short)", "/models/flight/keep?search=\(short)",
        "/models/flight/keep?q[number]=\(short)&columns=\(short)",
      ] {
        let answer = await browser.send(.get, path)
        #expect([200, 303, 422].contains(answer.status), "\(path.prefix(80)) \(answer.status)")
        guard answer.status != 303 else { continue }
        let page = try answer.page
        #expect(page.faults == [], "\(path.prefix(80))")
        #expect(page.all("script").count == 1 && page.all("img").isEmpty)
      }
      #expect(browser.log.faults == [])
    }
  }

  @Test(arguments: [
    "/models/%3Cscript%3E", "/models/%00", "/models/..%2F..", "/models/flight/%2e%2e",
    "/models/" + String(repeating: "a", count: 9000),
    "/models/flight?q[%3Cb%3E]=1", "/models/flight?after=%00",
    "/models/flight?columns=" + String(repeating: "x,", count: 3000),
    "/models/flight?expression=" + String(repeating: "(", count: 5000),
    "/models/flight?arguments=" + String(repeating: "[", count: 5000),
    "/models/flight?sort[%00]=1", "/models/flight?search=%F0%9F%92%A9%E2%80%AE", "/find?q=%ff",
    "/models/flight?q[number]=%ff",
    "/models/flight/filter?f[a][b][c]=1&f=2", "/models/flight/filter?f[0][field]=nothing&do=apply",
    "/models/flight/filter?f[]=1&do=apply",
  ])
  func anAlteredAddressIsToldSo(_ path: String) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let answer = await browser.send(.get, path)
      #expect([200, 303, 404, 422].contains(answer.status), "\(answer.status)")
      if answer.status != 303 {
        let page = try answer.page
        #expect(page.faults == [])
      }
      #expect(browser.log.faults == [])
    }
  }

  @Test func wideAndManyModelsHavePages() async throws {
    let columns = (0..<200).map { "<field name=\"f\($0)\" label=\"Field \($0)\" type=\"text\"/>" }.joined()
    let models = (0..<1499).map {
      "<model name=\"m\($0)\" label=\"Model \($0)\"><field name=\"n\" label=\"N\" type=\"text\"/><display>{n}</display></model>"
    }
    let schema =
      "<data-model><model name=\"wide\" label=\"Wide\">\(columns)<display>{f0}</display></model>\(models.joined())</data-model>"
    try await TestBrowser.run(schema: schema) { browser in
      let values = (0..<200).map { "\"f\($0)\":\"v\($0)\"" }.joined(separator: ",")
      try await browser.batch("{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"wide\",\(values)}}]}")
      let all = (0..<200).map { "f\($0)" }.joined(separator: ",")
      for path in [
        "", "/models", "/find?q=v7", "/models/wide", "/models/wide?columns=\(all)", "/models/wide/columns",
        "/models/wide/filter", "/models/wide/about",
      ] {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 200, "\(path.prefix(40))")
        let page = try answer.page
        #expect(page.faults == [], "\(path.prefix(40))")
        if path == "/models" { #expect(page.text.contains("Model 1498")) }
        if path.hasPrefix("/models/wide?") { #expect(page.text.contains("v199")) }
      }
    }
  }

  @Test func whatTheServerRefusesIsAPage() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let head = RequestHead(method: .post, rawPath: "/databrowser/x", requestID: "r<1>")
      for (failure, status) in [
        (TransportFailure.bodyTooLarge(limit: 5_000_000), 413), (.streamTooLarge(limit: 5), 413),
        (.requestLineTooLong(limit: 8192), 414),
        (.headTooLarge(limit: 9), 431), (.busy, 503), (.draining, 503), (.unexpected("x"), 500), (.brokenEncoding, 400),
        (.unknownEncoding("<b>"), 415), (.malformed(.fieldName("<b>")), 400), (.unreadable(status: 505), 505),
      ] {
        let response = browser.handler.response(to: failure, of: head)
        #expect(response.status == status)
        guard case .block(let block) = response.body else {
          Issue.record("no page")
          continue
        }
        let page = try ReadPage(withExtendedLifetime(block) { Array(block.bytes) })
        #expect(page.faults == [])
        if status == 503 { #expect(response.headers.contains { $0 == ("Retry-After", "1") }) }
      }
      let large = await browser.send(
        .post, "/models/flight/filter", form: "ticket=" + String(repeating: "a", count: 1 << 20),
        headers: TestBrowser.ours)
      #expect(large.status == 413)
    }
  }
}
