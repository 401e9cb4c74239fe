import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// The data model's pages, by following links and sending forms without script.
@Suite("Data model")
struct DataModelScenarios {
  static let path = "/data-model"

  private func run(
    seesSensitive: Bool = true, _ body: (TestBrowser, inout Journey, String) async throws -> Void
  ) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.usePeople()
      var ada = try await browser.joined("Ada", operator: true)
      // Operators give the mark to themselves, too.
      if seesSensitive { try await ada.mark() }
      try await body(browser, &ada, "/databrowser/\(browser.deploymentID)\(Self.path)")
      #expect(browser.log.faults == [])
    }
  }

  /// The flights with another type for the number, a field more, a field less, an index and a webhook.
  static let changed = Schemas.flights
    .replacing(
      "name=\"number\" label=\"Number\" type=\"text\"", with: "name=\"number\" label=\"Number\" type=\"integer\""
    )
    .replacing("<field name=\"delay\" label=\"Delay\" type=\"number\"/>", with: "")
    .replacing("name=\"day\"", with: "name=\"gate\" label=\"Gate\" type=\"text\"/>\n        <field name=\"day\"")
    .replacing(
      "<display>Flight {number}</display>",
      with: "<display>Flight {number}</display><index on=\"number\"/><webhook type=\"update\" name=\"told\"/>")

  private func deploys(_ browser: TestBrowser) async throws -> [DeployRecord] {
    try await browser.deployments.deploys(of: browser.deploymentID)
  }

  private func audit(_ browser: TestBrowser) async throws -> [String] {
    try await browser.acts().filter { $0.hasPrefix("deploy ") }
  }

  @Test("The page has models, indexes, the document with numbered lines, and the deploys")
  func page() async throws {
    try await run { browser, ada, base in
      try await ada.open(base)
      #expect(ada.status == 200)
      for text in ["Version 1", "in force", "not known: a command", "12 fields", "airline belongs to airline"] {
        #expect(ada.page.text.contains(text), "\(text)")
      }
      let lines = ada.page.all("li").filter { $0.attributes["id"]?.hasPrefix("line-") == true }
      #expect(lines.map(\.text) == Schemas.flights.split(separator: "\n").map(String.init))
      #expect(ada.page.all("span").contains { $0.attributes["class"] == "key" && $0.text == "classification" })
      for route in ["\(base)/check", "\(base)/compare", "\(base)/1", "\(base)/1?as=file"] {
        #expect(ada.page.links.contains(route), "\(route)")
      }
      let token = try #require(ada.token)
      let file = await browser.send(
        .get, "\(base)/1?as=file", headers: ["Cookie": "sojourn-8080=\(token)", "Host": "localhost:8080"])
      #expect(file.text == Schemas.flights)
      #expect(file.headers["Content-Disposition"] == "attachment; filename=\"data-model-1.xml\"")
      try await ada.open("\(base)/2")
      #expect(ada.status == 404)
    }
  }

  @Test("A document with errors is refused with each at its line, as it was sent, and nothing is kept")
  func errors() async throws {
    try await run { browser, ada, base in
      try await ada.open("\(base)/check")
      #expect(ada.page.element(withID: "document")?.text.contains("name=\"airline\"") == true)
      let broken = Schemas.flights.replacing("type=\"date\"", with: "type=\"dat\"")
      try await ada.send(to: "\(base)/check", ["document": broken])
      #expect(ada.status == 422 && ada.page.all("title").first?.text.hasPrefix("Error: ") == true)
      let line = try #require(broken.split(separator: "\n").firstIndex { $0.contains("\"dat\"") }) + 1
      #expect(ada.page.all("a").contains { $0.attributes["href"] == "#line-\(line)" })
      let told = try #require(ada.page.element(withID: "line-\(line)"))
      #expect(told.text.contains("Error") && told.text.contains("dat"))
      #expect(ada.page.element(withID: "document")?.text.dropFirst() == broken[...])
      #expect(!ada.page.text.contains("Deploy it"))
      try await ada.open("\(base)/deploy")
      #expect(ada.path == "\(base)/check" && ada.status == 200)
      #expect(try await deploys(browser).count == 1)
    }
  }

  @Test("One that is good is told what it would change, with the values that would read as null; then it is deployed")
  func deploy() async throws {
    try await run { browser, ada, base in
      try await browser.batch(
        #"{"operations":[{"method":"POST","object":{"type":"flight","number":"17"}},{"method":"POST","object":{"type":"flight","number":"0042"}}]}"#
      )
      try await ada.open("\(base)/check")
      // As a browser sends line ends.
      try await ada.send(to: "\(base)/check", ["document": Self.changed.replacing("\n", with: "\r\n")])
      #expect(ada.path == "\(base)/check" && ada.status == 200)
      for text in [
        "It can be deployed", "flight.gate is added", "flight.delay is removed", "flight.number changes its type",
        "2 values would be converted; 2 would read as null", "N1 <b>", "flight gets the webhook told",
        "flight gets the index number",
      ] {
        #expect(ada.page.text.contains(text), "\(text)")
      }
      #expect(ada.page.links.contains("/databrowser/\(browser.deploymentID)/models/flight/\(VisitScenarios.flight)"))
      #expect(try await deploys(browser).count == 1)
      // For this session alone.
      var eva = try await browser.joined("Eva", [.administrator])
      try await eva.open("\(base)/deploy")
      #expect(eva.path == "\(base)/check" && !eva.page.text.contains("It can be deployed"))

      try await ada.open("\(base)/deploy")
      #expect(ada.status == 200 && ada.page.text.contains("Deploy it as version 2"))
      let form =
        try #require(ada.fields(of: "\(base)/deploy")).filter { $0.0 != "note" } + [("note", "gates <b> & more")]
      for _ in 0..<3 {
        try await ada.post("\(base)/deploy", form)
        #expect(ada.path == "\(base)?done=2" && ada.page.text.contains("Version 2 was deployed."))
      }
      #expect(ada.page.text.contains("gates <b> & more") && ada.page.text.contains("Ada"))
      let all = try await deploys(browser)
      #expect(all.map(\.version) == [2, 1] && all[0].note == "gates <b> & more")
      #expect(all[0].by == Person(name: "Ada", email: "ada@example.org"))
      #expect(
        try await audit(browser) == [
          "deploy data model over version 1 began", "deploy data model over version 1 done",
        ])
      let document = try await browser.deployments.deployment(browser.deploymentID).store.document(ofDeploy: 2)
      #expect(document == Array(Self.changed.utf8))
      try await ada.open("/databrowser/\(browser.deploymentID)/models/flight")
      #expect(ada.page.text.contains("Gate") && !ada.page.text.contains("Delay"))
    }
  }

  @Test("Whoever is no administrator may check and not deploy")
  func viewer() async throws {
    try await run { browser, _, base in
      var vera = try await browser.joined("Vera", [.viewer], elevated: false)
      try await vera.open(base)
      #expect(vera.status == 200)
      try await vera.open("\(base)/check")
      try await vera.send(to: "\(base)/check", ["document": Self.changed])
      #expect(vera.page.text.contains("An administrator of the deployment can deploy it."))
      #expect(!vera.page.links.contains("\(base)/deploy"))
      try await vera.open("\(base)/deploy")
      #expect(vera.status == 403)
    }
  }

  @Test("Where another version was deployed meanwhile nothing is deployed, and the page says whose it was")
  func conflict() async throws {
    try await run { browser, ada, base in
      try await ada.open("\(base)/check")
      try await ada.send(to: "\(base)/check", ["document": Self.changed])
      try await ada.open("\(base)/deploy")
      let model = try #require(
        DataModelReader.read(Array(Schemas.flights.replacing("Cargo", with: "Freight").utf8)).model)
      _ = try await browser.deployments.deploy(
        model, to: browser.deploymentID,
        DeployTerms(by: Person(name: "Grace <i>", email: nil), note: "her \u{2019}note"))
      try await ada.send(to: "\(base)/deploy", ["note": "mine"])
      #expect(ada.status == 409)
      for text in [
        "Another version was deployed meanwhile", "Grace <i>", "her \u{2019}note", "from \"Freight\" to \"Cargo\"",
      ] {
        #expect(ada.page.text.contains(text), "\(text)")
      }
      #expect(try await deploys(browser).count == 2)
      #expect(try await audit(browser) == [])
      #expect(ada.fields(of: "\(base)/deploy", having: ["note": "mine", "on": "2"]) != nil)
      try await ada.send(to: "\(base)/deploy")
      #expect(ada.path == "\(base)?done=3")
      #expect(try await deploys(browser).first?.note == "mine")
    }
  }

  @Test("An earlier version is deployed again, and values of a type that comes back are there again")
  func back() async throws {
    try await run { browser, ada, base in
      let model = try #require(DataModelReader.read(Array(Self.changed.utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      try await ada.open("\(base)/1")
      #expect(ada.page.links.contains("\(base)/deploy?version=1"))
      try await ada.open("\(base)/deploy?version=1")
      #expect(ada.page.text.contains("had other types before") || ada.page.text.contains("The field has no values."))
      try await ada.send(to: "\(base)/deploy", ["note": "back"])
      #expect(ada.path == "\(base)?done=3")
      #expect(try await audit(browser).first == "deploy data model of version 1 over version 2 began")
      try await ada.open("/databrowser/\(browser.deploymentID)/models/flight/\(VisitScenarios.flight)")
      #expect(ada.page.text.contains("Flight N1 <b>"))
      try await ada.open("\(base)/deploy?version=9")
      #expect(ada.status == 404)
    }
  }

  @Test("Any two versions are held against each other by meaning and by text")
  func comparison() async throws {
    try await run { browser, ada, base in
      let model = try #require(DataModelReader.read(Array(Self.changed.utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      try await ada.open("\(base)/compare?from=1&to=2")
      #expect(ada.status == 200 && ada.page.text.contains("flight.gate is added"))
      let rows = ada.page.all("tr").filter { ["removed", "added"].contains($0.attributes["class"] ?? "") }
      #expect(rows.count == 9, "\(rows.map(\.text))")
      #expect(rows.contains { $0.text.contains("name=\"delay\"") && $0.attributes["class"] == "removed" })
      try await ada.open("\(base)/compare?from=2&to=1")
      #expect(ada.page.text.contains("flight.gate is removed"))
      try await ada.open("\(base)/compare?from=1&to=1")
      #expect(ada.page.text.contains("Nothing changes in meaning.") && ada.page.text.contains("the same lines"))
      try await ada.open("\(base)/compare")
      #expect(ada.status == 200)
      try await ada.open("\(base)/compare?from=1&to=7")
      #expect(ada.status == 422 && ada.page.text.contains("There was no deploy of version 7."))
    }
  }

  @Test("A model that is not open to somebody is told of by none of these pages")
  func sensitive() async throws {
    try await run(seesSensitive: false) { browser, ada, base in
      let schema = Schemas.flights.replacing(
        "<belongs-to model=\"airline\"/>",
        with: "<belongs-to model=\"airline\"/>\n<belongs-to model=\"medical\" name=\"case\"/>")
      let model = try #require(DataModelReader.read(Array(schema.utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      let pages = [
        base, "\(base)/1", "\(base)/2", "\(base)/compare?from=1&to=2", "\(base)/compare?from=2&to=1", "\(base)/check",
      ]
      for path in pages {
        try await ada.open(path)
        #expect(ada.status == 200 && !ada.page.text.lowercased().contains("medical"), "\(path)")
      }
      #expect(ada.page.element(withID: "document")?.text.allSatisfy(\.isWhitespace) == true)
      try await ada.open("\(base)/compare?from=1&to=2")
      #expect(ada.page.text.contains("1 change of models that are not open to you."))
      try await ada.open("\(base)/1?as=file")
      #expect(ada.status == 403)
      try await ada.mark()
      for path in pages {
        try await ada.open(path)
        #expect(ada.page.text.lowercased().contains("medical") || path.contains("compare"), "\(path)")
      }
    }
  }

  @Test("Many deploys and long documents go by pages")
  func many() async throws {
    try await run { browser, ada, base in
      let lines = (0..<5000).map { "<!-- \($0) -->" }.joined(separator: "\n")
      let model = try #require(DataModelReader.read(Array((Schemas.flights + "\n" + lines).utf8)).model)
      for _ in 0..<60 { _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil) }
      try await ada.open(base)
      #expect(ada.page.links.contains("\(base)?before=12") && ada.page.links.contains("\(base)/61?line=2001"))
      try await ada.open("\(base)?before=12")
      #expect(ada.page.links.contains("\(base)/1") && !ada.page.links.contains { $0.contains("before=") })
      try await ada.open("\(base)/61?line=4001")
      #expect(ada.page.element(withID: "line-4001") != nil && !ada.page.links.contains("\(base)/61?line=6001"))
      #expect(ada.page.links.contains("\(base)/61?line=2001"))
      try await ada.open("\(base)/61?line=99999")
      #expect(ada.status == 200)
      try await ada.open("\(base)/compare?from=1&to=61")
      #expect(ada.status == 200 && ada.page.text.contains("more are not shown"))
    }
  }

  @Test("What is sent as a document or a note stays a text", arguments: HostileScenarios.texts.indices)
  func hostile(_ index: Int) async throws {
    let text = HostileScenarios.texts[index]
    try await run { browser, ada, base in
      try await ada.open("\(base)/check")
      try await ada.send(to: "\(base)/check", ["document": text])
      #expect(ada.status == 422 && ada.page.all("script").count == 1 && ada.page.all("img").isEmpty)
      let label = text.filter { !$0.isNewline }.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        .replacing("\"", with: "&quot;").unicodeScalars.filter { $0.value > 31 && $0.value < 0xFFFE }.prefix(900)
      let schema = Schemas.flights.replacing(
        "label=\"Cargo\"", with: "label=\"\(String(String.UnicodeScalarView(label)))\"")
      try await ada.open("\(base)/check")
      try await ada.send(to: "\(base)/check", ["document": schema])
      #expect([200, 422].contains(ada.status) && ada.page.all("script").count == 1 && ada.page.all("img").isEmpty)
      try await ada.open("\(base)/deploy?version=1")
      try await ada.send(to: "\(base)/deploy", ["note": text])
      #expect([200, 422].contains(ada.status) && ada.page.all("script").count == 1 && ada.page.all("img").isEmpty)
    }
  }

  @Test("What would give a webhook's endpoint to another one is refused, and what was typed stays")
  func takeover() async throws {
    try await run { browser, ada, base in
      func schema(_ webhooks: String) -> String {
        Schemas.flights.replacing(
          "<display>Flight {number}</display>", with: "<display>Flight {number}</display>\(webhooks)")
      }
      let one = "<webhook type=\"update\"><field name=\"status\"/></webhook>"
      let model = try #require(DataModelReader.read(Array(schema(one).utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      let name = try #require(model.webhooks.first?.declaration.name)
      try await browser.deployments.deployment(browser.deploymentID).store.change(
        [WebhookChange(record: WebhookRecord(name: name, url: "http://a.example.org", secret: [9], position: 1))])
      let two = schema("<webhook type=\"update\"><field name=\"number\"/></webhook>" + one)
      try await ada.open("\(base)/check")
      try await ada.send(to: "\(base)/check", ["document": two])
      #expect(ada.status == 422 && ada.page.text.contains("has an endpoint"))
      try await ada.open("\(base)/deploy?version=1")
      let fields = try #require(ada.fields(of: "\(base)/deploy")).filter { !["version", "note"].contains($0.0) }
      try await ada.post("\(base)/deploy", fields + [("document", two), ("note", "mine")])
      #expect(ada.status == 422 && ada.page.text.contains("has an endpoint"))
      let kept = try #require(ada.fields(of: "\(base)/deploy", having: ["note": "mine"]))
      // Browsers end lines with both.
      #expect(kept.first { $0.0 == "document" }?.1.replacing("\r\n", with: "\n") == two)
      #expect(try await deploys(browser).count == 2)
    }
  }

  @Test("What cannot be entered into the audit is not deployed")
  func unaudited() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var ada = try await browser.joined("Ada", [.administrator])
      let base = "/databrowser/\(browser.deploymentID)\(Self.path)"
      try await ada.open("\(base)/deploy?version=1")
      browser.audit.isBroken.store(true, ordering: .relaxed)
      try await ada.send(to: "\(base)/deploy")
      #expect(ada.status == 503)
      browser.audit.isBroken.store(false, ordering: .relaxed)
      #expect(try await deploys(browser).count == 1)
    }
  }
}

extension Journey {
  fileprivate mutating func mark() async throws {
    try await act("rights", try await browser.person("Ada"), ["sensitive": "true"], on: "/databrowser/operators")
  }
}
