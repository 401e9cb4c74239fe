import DataBrowser
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Objects that a person changes, makes and copies, without script.
@Suite("Editing objects")
struct EditScenarios {
  static let flight = "/models/flight/\(VisitScenarios.flight)"

  static func run(_ body: (TestBrowser, inout Journey, String) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      var journey = try Journey(browser)
      journey.host = "here"
      try await body(browser, &journey, "/databrowser/\(browser.deploymentID)")
      #expect(browser.log.faults == [])
    }
  }

  /// The object as the API prints it.
  static func json(_ browser: TestBrowser, _ path: String) async -> String {
    await browser.send(.get, path + "/json?as=file").text
  }

  static func patch(_ browser: TestBrowser, _ members: String) async throws {
    try await browser.batch(
      "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"flight\",\"id\":\"\(VisitScenarios.flight)\",\(members)}}]}",
      as: "token:sync")
  }

  static func notice(_ journey: Journey) -> String? {
    journey.page.all("div").first { $0.attributes["class"] == "notice good" }?.text
  }

  @Test("A save writes what was changed and nothing else, and leads back to the view that one came from")
  func saves() async throws {
    try await Self.run { browser, journey, base in
      try await Self.patch(browser, "\"notes\":\"a\\r\\nb\\rc\\u0001 \\uFFFE\",\"number\":\"x\\ny\"")
      let before = await Self.json(browser, Self.flight)
      let edit = "\(base)\(Self.flight)/edit"
      let view = "\(base)/models/flight?q%5Bstatus%5D=landed"
      try await journey.open("\(edit)?from=\(PercentText.encode(view))")
      #expect(journey.status == 200 && journey.page.title.hasPrefix("Edit Flight x"))
      // Nothing typed, nothing written.
      let page = journey
      try await journey.send(to: edit, ["do": "stay"])
      #expect(journey.path == "\(edit)?from=\(view.encodedInQuery)" && Self.notice(journey) == nil)
      #expect(await Self.json(browser, Self.flight) == before)
      journey = page
      try await journey.send(to: edit, ["v[distance]": "2000", "do": "save"])
      #expect(journey.path.hasPrefix("\(base)/models/flight?q[status]=landed&done="))
      #expect(Self.notice(journey)?.hasSuffix("was saved. You changed Distance. Open it") == true)
      let after = await Self.json(browser, Self.flight)
      #expect(after.contains("\"distance\":2000"))
      #expect(try Self.without(after, "distance") == Self.without(before, "distance"))
      #expect(after.contains("\"notes\":\"a\\r\\nb\\rc\\u0001 \u{FFFE}\"") || after.contains("\\ufffe"))
    }
  }

  private static func without(_ json: String, _ name: String) throws -> String {
    json.replacing(try Regex("\"(\(name)|updated_at)\":[^,}]*"), with: "")
  }

  @Test("What is wrong comes back with what was typed, and is said at the field")
  func refuses() async throws {
    try await Self.run { browser, journey, base in
      let before = await Self.json(browser, Self.flight)
      let edit = "\(base)\(Self.flight)/edit"
      try await journey.open(edit)
      try await journey.send(
        to: edit, ["v[distance]": "far", "v[number]": "<b>typed", "v[airline]": "x", "do": "save"])
      #expect(journey.status == 422 && journey.page.title.hasPrefix("Error: "))
      let faults = try #require(journey.page.element(withID: "faults"))
      #expect(faults.text.contains("Distance: \"far\" is refused") && faults.text.contains("airline: \"x\""))
      for id in ["field-distance", "field-airline"] {
        #expect(journey.page.links.contains("#\(id)"))
        #expect(journey.page.element(withID: id)?.attributes["aria-invalid"] == "true")
      }
      #expect(journey.page.element(withID: "field-number")?.attributes["value"] == "<b>typed")
      #expect(journey.page.element(withID: "field-distance")?.attributes["value"] == "far")
      #expect(await Self.json(browser, Self.flight) == before)
      try await journey.send(to: edit, ["v[distance]": "9", "v[airline]": "", "do": "save"])
      #expect(journey.path.hasPrefix("\(base)\(Self.flight)?done="))
      let after = await Self.json(browser, Self.flight)
      #expect(after.contains("\"number\":\"<b>typed\"") && after.contains("\"airline_id\":null"))
    }
  }

  @Test("A field that others changed too is a conflict; their other changes stay, and are told")
  func conflicts() async throws {
    try await Self.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      try await journey.open(edit)
      let opened = journey
      try await Self.patch(browser, "\"number\":\"theirs\",\"distance\":77")
      for isMine in [true, false] {
        journey = opened
        try await journey.send(to: edit, ["v[number]": "mine", "v[delay]": "9.5", "do": "save"])
        #expect(journey.status == 409 && journey.page.title.hasPrefix("Error: "))
        for text in ["N1 <b>", "theirs", "by token sync"] { #expect(journey.page.text.contains(text), "\(text)") }
        #expect(!(await Self.json(browser, Self.flight)).contains("mine"))
        // Without a choice it stays one.
        try await journey.send(to: edit, ["do": "save"])
        #expect(journey.status == 409)
        // Nor does a choice count against a value that was not seen.
        if !isMine { try await Self.patch(browser, "\"number\":\"later\"") }
        try await journey.send(to: edit, ["x[number]": isMine ? "mine" : "now", "do": "save"])
        if !isMine {
          #expect(journey.status == 409 && journey.page.text.contains("later"))
          try await journey.send(to: edit, ["x[number]": "now", "do": "save"])
        }
        #expect(journey.status == 200 && journey.path.hasPrefix("\(base)\(Self.flight)?done="))
        #expect(Self.notice(journey)?.contains("somebody else had changed Distance") == true || !isMine)
        let json = await Self.json(browser, Self.flight)
        #expect(json.contains("\"number\":\"\(isMine ? "mine" : "later")\"") && json.contains("\"distance\":77"))
        try await Self.patch(browser, "\"number\":\"theirs\",\"delay\":2.5")
      }
    }
  }

  @Test("An object that was deleted meanwhile can be made anew of what was typed")
  func gone() async throws {
    try await Self.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      try await journey.open(edit)
      try await browser.batch(
        "{\"operations\":[{\"method\":\"DELETE\",\"object\":{\"type\":\"flight\",\"id\":\"\(VisitScenarios.flight)\"}}]}"
      )
      try await journey.send(to: edit, ["v[number]": "mine", "do": "save"])
      #expect(journey.status == 409 && journey.page.text.contains("Deleted meanwhile"))
      try await journey.send(to: "\(base)/models/flight/new", ["do": "save"])
      #expect(journey.path.hasPrefix("\(base)\(Self.flight)?done="))
      let json = await Self.json(browser, Self.flight)
      #expect(json.contains("\"number\":\"mine\"") && json.contains("\"distance\":1400"))
      try await journey.open(edit.replacing(VisitScenarios.flight, with: RouteTests.id.description))
      #expect(journey.status == 404)
    }
  }

  @Test("A form of a new object makes one, however often it is sent")
  func makes() async throws {
    try await Self.run { browser, journey, base in
      let new = "\(base)/models/airline/new"
      try await journey.open(new)
      #expect(journey.status == 200 && journey.page.title.hasPrefix("New Airline"))
      let form = journey
      for _ in 0..<2 {
        journey = form
        try await journey.send(to: new, ["v[name]": "New Air", "do": "save"])
        #expect(journey.path.hasPrefix("\(base)/models/airline?done="))
        #expect(Self.notice(journey) == "Airline “New Air” was created. Open it")
      }
      journey = form
      try await journey.send(to: new, ["v[name]": "Other Air", "do": "save"])
      #expect(
        journey.status == 409 && journey.page.text.contains("There is an object with the id of this form already"))
      try await journey.send(to: new, ["do": "new"])
      #expect(journey.path.hasPrefix(new) && Self.notice(journey)?.contains("Other Air") == true)
      let table = await browser.send(.get, "/models/airline").text
      #expect(table.contains("New Air") && table.contains("Other Air") && table.contains("3 objects"))
    }
  }

  @Test("A copy and an object that belongs to another begin filled in")
  func fillsIn() async throws {
    try await Self.run { browser, journey, base in
      try await journey.open("\(base)\(Self.flight)")
      let copy = try #require(journey.page.links.first { $0.contains("/flight/new?copy=") })
      try await journey.open(copy)
      #expect(journey.page.element(withID: "field-number")?.attributes["value"] == "N1 <b>")
      #expect(!journey.page.text.contains("swordfish"))
      try await journey.send(to: "\(base)/models/flight/new", ["do": "stay"])
      #expect(
        journey.status == 200 && journey.path.contains("/edit?") && Self.notice(journey)?.contains("created") == true)
      try await journey.open("\(base)/models/airline/\(VisitScenarios.airline)")
      let here = try #require(journey.page.links.first { $0.contains("/flight/new?set=airline") })
      try await journey.open(here)
      #expect(journey.page.element(withID: "field-airline")?.attributes["value"] == VisitScenarios.airline)
      #expect(journey.page.text.contains("Alpha Air"))
    }
  }

  @Test("An object is found for a relationship without script, and what was typed stays")
  func finds() async throws {
    try await Self.run { browser, journey, base in
      let edit = "\(base)\(Self.flight)/edit"
      try await browser.batch(
        "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"airline\",\"name\":\"Beta <Air>\"}}]}")
      try await journey.open(edit)
      let notes = "typed\r\n\r\nin <lines>"
      try await journey.send(to: edit, ["v[notes]": notes, "do": "pick:airline"])
      #expect(journey.status == 422 && journey.page.text.contains("Alpha Air"))
      try await journey.send(to: edit, ["find": "beta", "do": "pick:airline"])
      #expect(!journey.page.text.contains("Alpha Air"))
      let take = try #require(
        journey.page.all("button").first { $0.attributes["value"]?.hasPrefix("take:airline:") == true })
      #expect(take.text == "Beta <Air>")
      try await journey.send(to: edit, ["do": take.attributes["value"] ?? ""])
      #expect(journey.status == 422 && journey.page.text.contains("Beta <Air>"))
      #expect(journey.page.element(withID: "field-notes")?.text == "\ntyped\n\nin <lines>")
      try await journey.send(to: edit, ["do": "save"])
      #expect(journey.status == 200)
      let json = await Self.json(browser, Self.flight)
      #expect(json.contains("\"notes\":\"typed\\n\\nin <lines>\"") && !json.contains(VisitScenarios.airline))
    }
  }

  @Test("Viewers are offered no form, and get none")
  func roles() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.usePeople()
      var viewer = try await RevealScenarios.joined(browser, .viewer)
      let base = "/databrowser/\(browser.deploymentID)"
      for path in [Self.flight, "/models/flight", "/models/airline/\(VisitScenarios.airline)"] {
        try await viewer.open(base + path)
        #expect(viewer.status == 200)
        #expect(!viewer.page.links.contains { $0.contains("/edit") || $0.contains("/new") })
      }
      try await viewer.open(base + Self.flight + "/edit")
      #expect(viewer.status == 403)
    }
  }

  @Test("A form whose session has ended comes back with all that was typed; one with a password is never kept")
  func held() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.usePeople()
      var editor = try await RevealScenarios.joined(browser, .editor)
      let edit = "/databrowser/\(browser.deploymentID)\(Self.flight)/edit"
      try await editor.open(edit)
      editor.forget()
      let page = editor
      try await editor.send(to: edit, ["v[notes]": "typed\r\nlines", "do": "save"])
      try await editor.send(to: "/databrowser/sign-in", ["email": "vera@example.org", "password": RoleWorld.password])
      #expect(editor.path.hasPrefix("/databrowser/held/") && editor.page.title.hasPrefix("Edit "))
      #expect(editor.page.element(withID: "field-notes")?.text == "\ntyped\nlines")
      try await editor.send(to: edit, ["do": "save"])
      #expect(editor.status == 200 && editor.path.contains("?done="))
      #expect((await editor.json(Self.flight)).contains("typed\\nlines"))
      editor = page
      try await editor.send(to: edit, ["v[notes]": "other", "p[secret]": "topsecret", "do": "save"])
      try await editor.send(to: "/databrowser/sign-in", ["email": "vera@example.org", "password": RoleWorld.password])
      #expect(editor.path == edit)
    }
  }
}

extension Journey {
  fileprivate func json(_ path: String) async -> String {
    let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    return await browser.send(.get, path + "/json?as=file", headers: ["Cookie": cookie, "Host": host]).text
  }
}

extension ReadPage {
  fileprivate var title: String { all("title").first?.text ?? "" }
}

extension String {
  /// As a value in a query of ours.
  fileprivate var encodedInQuery: String {
    replacing("%", with: "%25").replacing("=", with: "%3D").replacing("&", with: "%26")
  }
}
