import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Objects are deleted: what refers to them, who may, and what happens in between.
@Suite("Deleting")
struct DeleteScenarios {
  private static let schema = """
    <data-model>
      <model name="user" label="Person">
        <field name="name" label="Name" type="text"/>
        <belongs-to model="user" name="boss"/>
        <display>{name}</display>
      </model>
      <model name="team" label="Team">
        <field name="name" label="Name" type="text"/>
        <belongs-to model="team" name="above"/>
        <display>{name}</display>
      </model>
      <model name="visit" label="Visit">
        <field name="place" label="Place" type="text"/>
        <belongs-to model="team"/>
        <belongs-to model="team" name="other"/>
        <display>{place}</display>
      </model>
      <model name="secret" label="Hidden" classification="sensitive">
        <field name="name" label="Name" type="text"/>
        <belongs-to model="team"/>
        <display>{name}</display>
      </model>
    </data-model>
    """

  private static func id(_ number: Int) -> String {
    let digits = String(number)
    return "0195a3b2-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  private static let team = "/models/team/\(id(1))"

  /// A team that is above itself and one other, with visits of which the first refers to it twice.
  private static func fill(_ browser: TestBrowser, visits: Int = 3) async throws {
    var objects = [
      "\"type\":\"team\",\"id\":\"\(id(1))\",\"name\":\"Red <b>\",\"above_id\":\"\(id(1))\"",
      "\"type\":\"team\",\"id\":\"\(id(2))\",\"name\":\"Blue\",\"above_id\":\"\(id(1))\"",
      "\"type\":\"secret\",\"id\":\"\(id(3))\",\"name\":\"S\",\"team_id\":\"\(id(1))\"",
      "\"type\":\"user\",\"id\":\"\(id(4))\",\"name\":\"Ada  Lovelace\"",
    ]
    for index in 0..<visits {
      let second = index == 0 ? ",\"other_id\":\"\(id(1))\"" : ""
      objects.append(
        "\"type\":\"visit\",\"id\":\"\(id(100 + index))\",\"place\":\"P\(index)\",\"team_id\":\"\(id(1))\"\(second)")
    }
    for start in stride(from: 0, to: objects.count, by: 900) {
      let part = objects[start..<min(start + 900, objects.count)]
      let operations = part.map { "{\"method\":\"POST\",\"object\":{\($0)}}" }.joined(separator: ",")
      try await browser.batch("{\"operations\":[\(operations)]}")
    }
  }

  /// What the page of a deletion sends, with what is typed into it.
  private static func sent(
    _ browser: TestBrowser, _ page: ReadPage, _ typed: [(String, String)] = []
  ) -> String {
    let hidden = page.all("input").filter { $0.attributes["type"] == "hidden" && $0.path.contains("main") }
    let fields = hidden.map { ($0.attributes["name"] ?? "", $0.attributes["value"] ?? "") }
    return FilterScenarios.encoded(fields + typed)
  }

  private static func post(_ browser: TestBrowser, _ path: String, _ form: String) async -> TestBrowser.Answer {
    await browser.send(.post, path, form: form, headers: TestBrowser.ours)
  }

  private static func audit(_ browser: TestBrowser) async throws -> [String] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.delete.rawValue
    return try await browser.people.audit(want).map { "\($0.draft.target): \($0.draft.outcome)" }
  }

  private static func patch(_ browser: TestBrowser, _ number: Int, _ members: String) async throws {
    try await browser.batch(
      "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"visit\",\"id\":\"\(id(number))\",\(members)}}]}")
  }

  @Test("says what refers to the object, and leaves ids that lead nowhere, or clears them, as one wants")
  func deletes() async throws {
    for clears in [false, true] {
      try await TestBrowser.run(schema: Self.schema) { browser in
        try await Self.fill(browser)
        let table = "/databrowser/\(browser.deploymentID)/models/team?q[name.null]=false"
        let object = try await browser.send(.get, Self.team, headers: ["Referer": "http://here\(table)"]).page
        let link = try #require(object.links.first { $0.contains("/delete?from=") })
        let page = try await browser.send(.get, link).page
        #expect(page.faults == [])
        #expect(page.text.contains("Delete Red <b>?"))
        for text in [
          "Visit by team: 3 objects", "Visit by other: 1 object", "Team by above: 1 object", "Hidden by team: 1 object",
        ] {
          #expect(page.text.contains(text), "\(text)")
        }
        let answer = await Self.post(
          browser, Self.team + "/delete", Self.sent(browser, page, clears ? [("clear", "true")] : []))
        // With the notice of what was done, which is no part of the view.
        let location = try #require(answer.headers["Location"])
        #expect(answer.status == 303 && location.hasPrefix(table + "&done="))
        #expect(try await browser.send(.get, location).page.text.contains("Team “Red <b>” was deleted."))
        #expect(await browser.send(.get, Self.team).status == 404)
        let what = "team \(Self.id(1))" + (clears ? ", and its id in 5 objects" : "")
        #expect(try await Self.audit(browser) == ["\(what): began", "\(what): done"])
        let visit = await browser.send(.get, "/models/visit/\(Self.id(100))/json?as=file").text
        #expect(visit.contains("\"team_id\":null,\"other_id\":null") == clears, "\(visit)")
        #expect(visit.contains("\"place\":\"P0\""))
        let dangling = try await browser.send(.get, "/models/visit?q[team_id]=\(Self.id(1))").page
        #expect(dangling.text.contains("3 objects") != clears)
      }
    }
  }

  @Test("shows the page again when more refers to it by then, or it was changed")
  func overtaken() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      func opened() async throws -> ReadPage { try await browser.send(.get, Self.team + "/delete").page }
      func refused(_ page: ReadPage, _ typed: [(String, String)], _ words: String) async throws {
        let answer = await Self.post(browser, Self.team + "/delete", Self.sent(browser, page, typed))
        #expect(answer.status == 409)
        let again = try answer.page
        #expect(again.faults == [])
        #expect(again.text.contains(words), "\(again.text)")
        #expect(await browser.send(.get, Self.team).status == 200)
      }
      // More than were announced, to be cleared or not.
      for typed in [[], [("clear", "true")]] {
        let page = try await opened()
        try await browser.batch(
          "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"visit\",\"team_id\":\"\(Self.id(1))\"}}]}")
        try await refused(page, typed, "More refers to it")
      }
      // As many, but others.
      var page = try await opened()
      try await Self.patch(browser, 101, "\"team_id\":null")
      try await browser.batch(
        "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"visit\",\"team_id\":\"\(Self.id(1))\"}}]}")
      try await refused(page, [("clear", "true")], "were written to since")
      // The object itself.
      page = try await opened()
      try await browser.batch(
        "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"team\",\"id\":\"\(Self.id(1))\",\"name\":\"X\"}}]}"
      )
      try await refused(page, [], "It was changed since")
      #expect(try await Self.audit(browser) == [])
      // Fewer are no reason.
      page = try await opened()
      try await Self.patch(browser, 102, "\"team_id\":null")
      let form = Self.sent(browser, page, [("clear", "true")])
      let done = await Self.post(browser, Self.team + "/delete", form)
      #expect(done.status == 303 && done.headers["Location"]?.contains("?done=") == true)
      // Sent twice, it leads where the first led.
      let again = await Self.post(browser, Self.team + "/delete", form)
      #expect(again.status == 303 && again.headers["Location"] == done.headers["Location"])
      #expect(await browser.send(.get, Self.team + "/delete").status == 404)
    }
  }

  @Test("clears up to 999, and says so where there are more", arguments: [995, 1000])
  func many(_ visits: Int) async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser, visits: visits)
      let page = try await browser.send(.get, Self.team + "/delete").page
      #expect(page.faults == [])
      // Beside the visits, one of which refers twice, a team and a hidden object.
      let canClear = visits + 3 <= 999
      #expect(page.all("input").contains { $0.attributes["name"] == "clear" } == canClear)
      #expect(page.text.contains("at most 999 objects can be changed with it") != canClear)
      let answer = await Self.post(browser, Self.team + "/delete", Self.sent(browser, page, [("clear", "true")]))
      #expect(answer.status == (canClear ? 303 : 409))
      #expect(await browser.send(.get, Self.team).status == (canClear ? 404 : 200))
      let left = try await browser.send(.get, "/models/visit?q[team_id]=\(Self.id(1))").page
      #expect(left.text.contains(canClear ? "0 objects" : "1,000 objects"))
    }
  }

  @Test("hides what one may not see, and leaves it as it is")
  func hidden() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      browser.visits.set(VisitScenarios.visitor(browser, [.editor]))
      let page = try await browser.send(.get, Self.team + "/delete").page
      #expect(!page.text.contains("Hidden"))
      #expect(await browser.send(.get, "/models/secret/\(Self.id(3))/delete").status == 404)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(await browser.send(.get, Self.team + "/delete").status == 403)
      #expect(!(try await browser.send(.get, Self.team).page.links.contains { $0.contains("/delete") }))
    }
  }

  @Test("takes both roles, elevation and the display for an app user")
  func user() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let path = "/models/user/\(Self.id(4))/delete"
      browser.visits.set(VisitScenarios.visitor(browser, [.editor]))
      let way = await browser.send(.get, path)
      #expect(way.status == 303 && way.headers["Location"]?.hasSuffix(path + "?as=user") == true)
      #expect(await browser.send(.get, path + "?as=user").status == 403)
      browser.visits.set(VisitScenarios.visitor(browser, [.support]))
      #expect(await browser.send(.get, path + "?as=user").status == 403)
      var visitor = VisitScenarios.visitor(browser, [.editor, .support])
      browser.visits.set(visitor)
      let asked = await browser.send(.get, path + "?as=user")
      #expect(asked.status == 303 && asked.headers["Location"]?.hasPrefix("/databrowser/elevate") == true)
      visitor.session.elevatedUntil = .last
      browser.visits.set(visitor)
      let page = try await browser.send(.get, path + "?as=user").page
      #expect(page.faults == [])
      #expect(page.text.contains("every device of theirs will be wiped") && page.text.contains("Type “Ada Lovelace”"))
      // The other route does nothing.
      let plain = await Self.post(browser, path, Self.sent(browser, page, [("confirm", "Ada Lovelace")]))
      #expect(plain.status == 303 && plain.headers["Location"]?.hasSuffix("?as=user") == true)
      for typed in ["", "ada lovelace", "Ada"] {
        let answer = await Self.post(browser, path + "?as=user", Self.sent(browser, page, [("confirm", typed)]))
        #expect(answer.status == 422)
        let again = try answer.page
        #expect(again.faults == [])
      }
      #expect(await browser.send(.get, "/models/user/\(Self.id(4))").status == 200)
      let done = await Self.post(browser, path + "?as=user", Self.sent(browser, page, [("confirm", " Ada Lovelace ")]))
      #expect(done.status == 303)
      #expect(await browser.send(.get, "/models/user/\(Self.id(4))").status == 404)
      #expect(try await Self.audit(browser).last == "user \(Self.id(4)): done")
    }
  }

  @Test("is not done where it cannot be entered into the audit")
  func unaudited() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let page = try await browser.send(.get, Self.team + "/delete").page
      browser.audit.isBroken.store(true, ordering: .relaxed)
      let answer = await Self.post(browser, Self.team + "/delete", Self.sent(browser, page))
      #expect(answer.status == 503)
      #expect(await browser.send(.get, Self.team).status == 200)
    }
  }
}
