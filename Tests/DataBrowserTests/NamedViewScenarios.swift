import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Views that are kept by a name: kept, opened, shared, opened with their model, changed and deleted, by people without
/// script.
@Suite("Views with names") struct NamedViewScenarios {
  private struct World {
    let browser: TestBrowser
    let base: String
    var flight: String { base + "/models/flight" }
    var vera: Journey
    var adam: Journey
    var eddi: Journey

    init(_ browser: TestBrowser) async throws {
      self.browser = browser
      base = "/databrowser/\(browser.deploymentID)"
      browser.usePeople()
      try await TableScenarios.fill(browser, 60)
      vera = try await RevealScenarios.joined(browser, .viewer)
      adam = try await RevealScenarios.joined(browser, .administrator, name: "Adam")
      eddi = try await RevealScenarios.joined(browser, .editor, name: "Eddi")
    }

    /// Keeps the view at an address by the form that its table leads to.
    func keep(_ query: String, _ typed: [String: String], _ journey: inout Journey) async throws {
      try await journey.open(flight + query)
      let keep = try #require(journey.page.all("a").first { $0.text == "Keep" }?.attributes["href"])
      try await journey.open(keep)
      try await journey.send(to: flight + "/keep", typed.merging(["do": "save"]) { $1 })
    }

    func deploy(_ change: (String) -> String) async throws {
      let model = try #require(DataModelReader.read(Array(change(Schemas.flights).utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
    }
  }

  private func run(_ body: (inout World) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      var world = try await World(browser)
      try await body(&world)
      #expect(browser.log.faults == [])
    }
  }

  private static func heading(_ journey: Journey) -> String { journey.page.all("h1").first?.text ?? "" }
  private static let late = "?q[status]=late"

  @Test func whatATableShowsIsKeptAndOpensAgain() async throws {
    try await run { world in
      try await world.keep(
        Self.late + "&sort[number]=-1", ["name": "  Late <b> ones ", "note": "For the\r\nmorning"], &world.vera)
      #expect(world.vera.path == world.flight + Self.late + "&sort[number]=-1")
      #expect(Self.heading(world.vera) == "Late <b> ones – Flight" && world.vera.page.text.contains("morning"))
      try await world.vera.open(world.base + "/views")
      #expect(world.vera.page.text.contains("private"))
      let link = try #require(world.vera.page.all("a").first { $0.text == "Late <b> ones" }?.attributes["href"])
      #expect(link == world.base + "/views/1")
      try await world.vera.open(link)
      #expect(world.vera.path == world.flight + Self.late + "&sort[number]=-1")
      #expect(TableScenarios.rows(world.vera.page).first == "Flight N1057")
      // Other pages and sizes of it have its name, other filters have not.
      try await world.vera.open(world.flight + Self.late + "&sort[number]=-1&size=100")
      #expect(Self.heading(world.vera) == "Late <b> ones – Flight")
      try await world.vera.open(world.flight + Self.late)
      #expect(Self.heading(world.vera) == "Flight")
    }
  }

  @Test func aPrivateViewIsItsOwnersAlone() async throws {
    try await run { world in
      try await world.keep(Self.late, ["name": "Quiet plan"], &world.vera)
      for other in [world.adam, world.eddi] {
        var other = other
        for path in ["/views/1", "/views/1/edit", "/models/flight/filter?view=1"] {
          try await other.open(world.base + path)
          #expect(other.status == 404 && !other.page.text.contains("Quiet"), "\(path)")
        }
        for path in ["/views", "/find?q=plan", "/models/flight" + Self.late] {
          try await other.open(world.base + path)
          #expect(other.status == 200 && !other.page.text.contains("Quiet"), "\(path)")
        }
      }
      try await world.vera.open(world.base + "/find?q=QUIET")
      #expect(world.vera.page.links.contains(world.base + "/views/1"))
    }
  }

  @Test func aSharedOneIsThereForAllAndChangedByItsOwnerAndAdministrators() async throws {
    try await run { world in
      try await world.keep(Self.late, ["name": "Late", "shared": "true"], &world.vera)
      try await world.eddi.open(world.base + "/views/1")
      #expect(Self.heading(world.eddi) == "Late – Flight" && world.eddi.page.text.contains("Shared by Vera."))
      try await world.eddi.open(world.base + "/views/1/edit")
      #expect(world.eddi.page.element(withID: "field-name") == nil)
      #expect(!world.eddi.page.all("button").contains { $0.attributes["value"] == "delete" })
      // What the form does not ask for cannot be said either.
      try await world.eddi.send(to: world.base + "/views/1/edit", ["do": "delete", "name": "Mine", "all": "true"])
      try await world.eddi.open(world.base + "/views")
      #expect(world.eddi.page.text.contains("Late") && !world.eddi.page.text.contains("Mine"))
      #expect(!world.eddi.page.text.contains("opens for everybody"))
      try await world.adam.open(world.base + "/views/1/edit")
      #expect(world.adam.page.element(withID: "field-shared") == nil)
      try await world.adam.send(to: world.base + "/views/1/edit", ["do": "save", "name": "Too late"])
      #expect(Self.heading(world.adam) == "Too late – Flight")
      try await world.vera.open(world.base + "/views/1/edit")
      try await world.vera.send(to: world.base + "/views/1/edit", having: ["name": "Too late"])
      #expect(world.vera.path == world.flight + Self.late)
      try await world.adam.open(world.base + "/views/1")
      #expect(world.adam.status == 200)
      try await world.adam.open(world.base + "/views/1/edit")
      let ticket = try world.adam.ticket(ofAct: "delete")
      let sent = [("ticket", ticket), ("revision", "3"), ("do", "delete")]
      for _ in 0..<2 {
        try await world.adam.post(world.base + "/views/1/edit", sent)
        #expect(world.adam.path == world.base + "/views")
      }
      try await world.vera.open(world.base + "/views/1")
      #expect(world.vera.status == 404)
    }
  }

  @Test func anOwnDefaultComesBeforeEverybodysAndAllObjectsAreOneLinkAway() async throws {
    try await run { world in
      // Nothing of it is everybody's where a viewer says so.
      try await world.keep(Self.late, ["name": "Late", "shared": "true", "mine": "true", "all": "true"], &world.vera)
      try await world.vera.open(world.flight)
      #expect(world.vera.path == world.flight + Self.late && world.vera.page.text.contains("20 objects"))
      try await world.eddi.open(world.flight)
      #expect(Self.heading(world.eddi) == "Flight" && world.eddi.page.text.contains("60 objects"))
      try await world.keep(
        "?q[status]=landed", ["name": "Landed", "shared": "true", "all": "true"], &world.adam)
      try await world.eddi.open(world.flight)
      #expect(Self.heading(world.eddi) == "Landed – Flight" && world.eddi.page.text.contains("40 objects"))
      try await world.vera.open(world.flight)
      #expect(Self.heading(world.vera) == "Late – Flight")
      for words in ["All objects", "Remove: Status is Landed"] {
        try await world.eddi.open(world.flight)
        let link = world.eddi.page.all("a").first { $0.text == words || $0.attributes["aria-label"] == words }
        try await world.eddi.open(try #require(link?.attributes["href"], "\(words)"))
        #expect(world.eddi.path == world.flight + "?all=1" && world.eddi.page.text.contains("60 objects"), "\(words)")
        #expect(Self.heading(world.eddi) == "Flight")
      }
      let next = try #require(TableScenarios.step("Next", world.eddi.page))
      try await world.eddi.open(next)
      #expect(TableScenarios.rows(world.eddi.page).count == 30)
      // Cancelling the filter of all objects leads back to all of them.
      try await world.eddi.open(world.flight + "/filter?do=cancel")
      #expect(world.eddi.path == world.flight + "?all=1")
      try await world.adam.open(world.base + "/views/2/edit")
      try await world.adam.send(
        to: world.base + "/views/2/edit", ["do": "save", "all": ""], having: ["name": "Landed"])
      try await world.eddi.open(world.flight)
      #expect(world.eddi.path == world.flight)
    }
  }

  @Test func allObjectsCanBeTheOwnDefaultAndANoticeSurvivesTheWayThere() async throws {
    try await run { world in
      try await world.keep("?q[status]=landed", ["name": "Landed", "shared": "true", "all": "true"], &world.adam)
      try await world.keep("?all=1", ["name": "Everything", "mine": "true"], &world.eddi)
      #expect(world.eddi.path == world.flight + "?all=1" && Self.heading(world.eddi) == "Everything – Flight")
      try await world.eddi.open(world.flight)
      #expect(world.eddi.page.text.contains("60 objects"))
      try await world.adam.open(world.flight + "/new")
      try await world.adam.send(to: world.flight + "/new", ["v[number]": "N1", "v[status]": "landed", "do": "save"])
      let done = try #require(world.adam.path.split(separator: "?").last { $0.contains("done=") })
      try await world.adam.open(world.flight + "?" + done)
      #expect(world.adam.path.hasPrefix(world.flight + "?q[status]=landed&done="))
      #expect(world.adam.page.text.contains("was created"))
    }
  }

  @Test func whatIsWrongStaysTypedAndWhatIsSentTwiceIsDoneOnce() async throws {
    try await run { world in
      try await world.keep(Self.late, ["name": "  ", "note": "stays <b>", "mine": "true"], &world.vera)
      #expect(world.vera.status == 422 && world.vera.page.text.contains("Name is needed."))
      #expect(world.vera.page.element(withID: "field-note")?.text.contains("stays <b>") == true)
      #expect(world.vera.page.element(withID: "field-mine")?.attributes["checked"] != nil)
      for (name, words) in [
        (String(repeating: "ä", count: 101), "at most 200 bytes"), ("two\nlines", "one line of text"),
      ] {
        try await world.keep(Self.late, ["name": name], &world.vera)
        #expect(world.vera.status == 422 && world.vera.page.text.contains(words), "\(words)")
      }
      try await world.keep(Self.late, ["name": "x", "note": String(repeating: "n", count: 2001)], &world.vera)
      #expect(world.vera.status == 422 && world.vera.page.text.contains("at most 2000 bytes"))
      try await world.keep(Self.late, ["name": "All", "all": "true"], &world.adam)
      #expect(world.adam.status == 422 && world.adam.page.text.contains("must be shared"))
      try await world.vera.open(world.flight + "/keep" + Self.late)
      let fields = try #require(world.vera.fields(of: world.flight + "/keep")) + [("do", "save")]
      let typed = fields.map { $0.0 == "name" ? ($0.0, "Once") : $0 }
      for _ in 0..<2 {
        try await world.vera.post(world.flight + "/keep", typed)
        #expect(world.vera.path == world.flight + Self.late)
      }
      try await world.vera.open(world.base + "/views")
      #expect(world.vera.page.all("a").count { $0.text == "Once" } == 1)
      try await world.vera.open(world.flight + "/keep" + Self.late)
      try await world.vera.send(to: world.flight + "/keep", ["do": "cancel"])
      #expect(world.vera.path == world.flight + Self.late)
    }
  }

  @Test func aFormThatIsSentAsItStandsChangesNothing() async throws {
    try await run { world in
      let path = world.base + "/views/1/edit"
      let typed = ["name": "Late & <late>", "note": "\n one\n\ntwo ", "shared": "true", "mine": "true"]
      try await world.keep(Self.late, typed, &world.vera)
      try await world.vera.open(path)
      func drawn() -> [String] {
        (world.vera.fields(of: path) ?? []).filter { !["ticket", "revision"].contains($0.0) }.map { "\($0.0)=\($0.1)" }
      }
      let before = drawn()
      #expect(before.contains("name=Late & <late>") && before.contains("shared=true") && before.contains("mine=true"))
      #expect(before.contains("note=one\r\n\r\ntwo"))
      try await world.vera.send(to: path, having: ["name": "Late & <late>"])
      #expect(Self.heading(world.vera) == "Late & <late> – Flight")
      try await world.vera.open(path)
      #expect(drawn() == before)
    }
  }

  @Test func whoWasFasterIsNotOverwrittenUnseen() async throws {
    try await run { world in
      let path = world.base + "/views/1/edit"
      try await world.keep(Self.late, ["name": "Late", "shared": "true"], &world.vera)
      try await world.vera.open(path)
      try await world.adam.open(path)
      try await world.adam.send(to: path, ["name": "Adam's", "do": "save"], having: ["name": "Late"])
      try await world.vera.send(to: path, ["name": "Vera's", "do": "save"], having: ["name": "Late"])
      #expect(world.vera.status == 409 && world.vera.page.text.contains("called “Adam's” now"))
      #expect(world.vera.page.element(withID: "field-name")?.attributes["value"] == "Vera's")
      try await world.vera.send(to: path, ["do": "save"], having: ["name": "Vera's"])
      #expect(Self.heading(world.vera) == "Vera's – Flight")
    }
  }

  @Test func aLongViewIsOpenedByItsNumber() async throws {
    try await run { world in
      let values = (0..<400).map { $0 < 40 ? "N\(1000 + $0)" : "value number \($0)" }.joined(separator: "\n")
      try await world.vera.open(world.flight + "/filter?add=number")
      try await world.vera.send(
        to: world.flight + "/filter",
        ["f[0][field]": "number", "f[0][op]": "any-of", "f[0][value]": values, "do": "apply"])
      #expect(world.vera.path == world.base + "/views/1" && world.vera.page.text.contains("kept under a number"))
      try await world.keep("?q[status]=late", ["name": "unused"], &world.vera)
      try await world.vera.open(world.base + "/views/1?sort[number]=1")
      let keep = try #require(world.vera.page.all("a").first { $0.text == "Keep" }?.attributes["href"])
      try await world.vera.open(keep)
      try await world.vera.send(
        to: world.flight + "/keep", ["name": "Long", "shared": "true", "mine": "true", "do": "save"])
      #expect(world.vera.path == world.base + "/views/3?sort[number]=1")
      #expect(Self.heading(world.vera) == "Long – Flight" && !world.vera.page.text.contains("kept under a number"))
      // It needs neither the other number nor its maker.
      try await world.eddi.open(world.base + "/views/3")
      #expect(world.eddi.path == world.base + "/views/3?sort[number]=1")
      #expect(TableScenarios.rows(world.eddi.page).first == "Flight N1000")
      let next = try #require(TableScenarios.step("Next", world.eddi.page))
      try await world.eddi.open(next)
      #expect(TableScenarios.rows(world.eddi.page).count == 10 && Self.heading(world.eddi) == "Long – Flight")
      try await world.vera.open(world.flight)
      #expect(world.vera.path == world.base + "/views/3?sort[number]=1")
      try await world.eddi.open(world.flight + "/filter?view=3")
      #expect(world.eddi.status == 200 && world.eddi.page.text.contains("value number 399"))
    }
  }

  @Test func aViewThatADeployMadeUnfitSaysSo() async throws {
    try await run { world in
      try await world.keep(Self.late, ["name": "Late", "shared": "true", "mine": "true"], &world.vera)
      try await world.deploy { $0.replacing("name=\"status\"", with: "name=\"state\"") }
      try await world.vera.open(world.flight)
      #expect(world.vera.status == 422)
      #expect(world.vera.page.text.contains("The view “Late” does not fit the data model any more."))
      let links = world.vera.page.links
      #expect(links.contains(world.flight + "?all=1") && links.contains(world.base + "/views/1/edit"))
      let filter = try #require(links.first { $0.hasPrefix(world.flight + "/filter") })
      try await world.vera.open(filter)
      #expect(world.vera.status == 200)
      try await world.vera.open(world.base + "/views/1/edit")
      #expect(world.vera.status == 200 && world.vera.page.text.contains("do not fit the data model any more"))
      try await world.vera.open(world.flight + "?all=1")
      #expect(world.vera.page.text.contains("60 objects"))
    }
  }

  @Test func aViewOfAModelThatIsGoneIsItsOwnersToDelete() async throws {
    try await run { world in
      try await world.vera.open(world.base + "/models/user/keep?q[name]=Anna")
      try await world.vera.send(
        to: world.base + "/models/user/keep", ["name": "Annas", "shared": "true", "mine": "true", "do": "save"])
      try await world.deploy { text in
        text.replacing("<model name=\"user\" label=\"User\">", with: "<model name=\"worker\" label=\"Worker\">")
      }
      for path in ["/views/1", "/models/user"] {
        try await world.vera.open(world.base + path)
        #expect(world.vera.status == 404, "\(path)")
      }
      try await world.adam.open(world.base + "/views")
      #expect(!world.adam.page.text.contains("Annas"))
      try await world.vera.open(world.base + "/views")
      #expect(world.vera.page.text.contains("Models that are gone") && world.vera.page.text.contains("Annas"))
      try await world.vera.open(world.base + "/views/1/edit")
      try await world.vera.send(to: world.vera.path, ["do": "delete"])
      #expect(world.vera.path == world.base + "/views" && !world.vera.page.text.contains("Annas"))
    }
  }

  @Test func aViewOfASensitiveModelIsNotThereWithoutTheMark() async throws {
    try await run { world in
      let browser = world.browser
      let marked = VisitScenarios.visitor(browser, [.administrator], sensitive: true)
      var draft = ViewDraft(name: "Ill people", isShared: true)
      draft.opensForAll = true
      let address = world.base + "/models/medical?q[name]=x"
      let number = try await browser.people.add(
        draft, showing: address, of: "medical", in: browser.deploymentID, by: marked)
      for path in [
        "/views/\(number)", "/views/\(number)/edit", "/models/medical", "/models/medical/keep",
        "/models/flight/filter?view=\(number)",
      ] {
        try await world.adam.open(world.base + path)
        #expect(world.adam.status == 404 && !world.adam.page.text.contains("Ill"), "\(path)")
      }
      for path in ["/views", "/find?q=ill"] {
        try await world.adam.open(world.base + path)
        #expect(world.adam.status == 200 && !world.adam.page.text.contains("Ill people"), "\(path)")
      }
    }
  }

  @Test func whatSomebodySharedStaysWhenTheyAreRemoved() async throws {
    try await run { world in
      try await world.keep(Self.late, ["name": "Late", "shared": "true"], &world.vera)
      try await world.keep("?q[status]=landed", ["name": "Landed"], &world.vera)
      let vera = try await world.browser.person("Vera")
      try await world.browser.people.remove(vera, by: nil, from: Browser(address: "192.0.2.1"))
      try await world.adam.open(world.base + "/views")
      #expect(world.adam.page.text.contains("Late") && world.adam.page.text.contains("by Vera"))
      #expect(!world.adam.page.text.contains("Landed"))
      try await world.adam.open(world.base + "/views/1/edit")
      try await world.adam.send(to: world.adam.path, ["do": "save", "name": "Later"], having: ["name": "Late"])
      #expect(Self.heading(world.adam) == "Later – Flight")
    }
  }

  @Test func aPersonKeepsSoManyAndNoMore() async throws {
    try await run { world in
      let browser = world.browser
      let vera = TestVisits.visitor(try await browser.person("Vera"))
      for number in 0..<PeopleSettings.mostNamedViews {
        _ = try await browser.people.add(
          ViewDraft(name: "View \(number)"), showing: world.flight, of: "flight", in: browser.deploymentID, by: vera)
      }
      try await world.keep(Self.late, ["name": "Late"], &world.vera)
      #expect(world.vera.status == 422 && world.vera.page.text.contains("You keep 100 views"))
      try await world.vera.open(world.base + "/views")
      #expect(world.vera.page.text.contains("View 99"))
    }
  }

  @Test(arguments: HostileScenarios.texts.indices)
  func hostileNamesAndNotesStayTexts(_ index: Int) async throws {
    try await run { world in
      let text = String(HostileScenarios.texts[index].prefix(60))
      try await world.keep(Self.late, ["name": text, "note": text, "shared": "true"], &world.vera)
      #expect([200, 422].contains(world.vera.status))
      if world.vera.status == 422 { return }
      for path in ["/views", "/views/1/edit", "/views/1", "/find?q=a"] {
        try await world.vera.open(world.base + path)
        #expect(world.vera.status == 200 && world.vera.page.all("script").count == 1, "\(path)")
      }
    }
  }
}
