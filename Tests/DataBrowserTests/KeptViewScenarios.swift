import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Views that are too long for an address, and go by a number.
@Suite struct KeptViewScenarios {
  /// Of flights by number: 40 that are there, and so many that are not.
  private static func form(_ browser: TestBrowser, _ count: Int, _ more: [(String, String)] = []) -> String {
    let values = (0..<count).map { $0 < 40 ? "N\(1000 + $0)" : "value number \($0)" }.joined(separator: "\n")
    return FilterScenarios.encoded(
      [
        ("ticket", browser.ticket(to: "/models/flight/filter")), ("f[0][field]", "number"), ("f[0][op]", "any-of"),
        ("f[0][value]", values),
      ] + more + [("do", "apply")])
  }

  private static func kept(_ browser: TestBrowser, _ more: [(String, String)] = []) async throws -> String {
    let answer = await browser.send(
      .post, "/models/flight/filter", form: form(browser, 400, more), headers: TestBrowser.ours)
    #expect(answer.status == 303)
    return try #require(answer.headers["Location"])
  }

  private func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 95)
      try await body(browser)
      #expect(browser.log.faults == [])
    }
  }

  @Test func aLongFilterIsKeptAndItsPagesAreShortLinks() async throws {
    try await run { browser in
      let path = try await Self.kept(browser, [("sort[number]", "1"), ("size", "30"), ("search", "N10")])
      #expect(path == "/databrowser/\(browser.deploymentID)/views/1?search=N10&sort[number]=1")
      let first = try await browser.send(.get, path).page
      #expect(first.faults == [])
      #expect(TableScenarios.rows(first) == (0..<30).map { "Flight N\(1000 + $0)" })
      #expect(first.text.contains("40 objects") && first.text.contains("kept under a number"))
      for link in first.links { #expect(link.utf8.count <= 4000) }
      let second = try await browser.send(.get, try #require(TableScenarios.step("Next", first))).page
      #expect(TableScenarios.rows(second) == (30..<40).map { "Flight N\(1000 + $0)" })
      let sorted = try #require(first.all("a").first { $0.text.hasPrefix("Distance") })
      let byDistance = try await browser.send(.get, try #require(sorted.attributes["href"])).page
      #expect(byDistance.text.contains("40 objects"))
      let long = try #require(first.all("form").first { $0.attributes["class"] == "search" })
      #expect(long.attributes["action"]?.hasSuffix("/views/1") == true)
      let count = try await browser.send(.get, path + "&count=long").page
      #expect(count.faults == [])
    }
  }

  @Test func theFormOpensItAgainAndKeepsWhatChanges() async throws {
    try await run { browser in
      let path = try await Self.kept(browser)
      let table = try await browser.send(.get, path).page
      let filter = try #require(table.all("a").first { $0.text == "Filter" }?.attributes["href"])
      #expect(filter.hasSuffix("/models/flight/filter?view=1"))
      let form = try await browser.send(.get, filter).page
      #expect(form.faults == [])
      #expect(form.element(withID: "f-0-value")?.text.hasSuffix("value number 399") == true)
      #expect(form.all("input").contains { $0.attributes["name"] == "view" && $0.attributes["value"] == "1" })
      let view = [("view", "1")]
      // The same again needs no other number.
      #expect(try await Self.kept(browser, view) == path)
      let shorter = await browser.send(
        .post, "/models/flight/filter", form: Self.form(browser, 30, view), headers: TestBrowser.ours)
      #expect(shorter.headers["Location"]?.contains("/models/flight?expression=") == true)
      let longer = await browser.send(
        .post, "/models/flight/filter", form: Self.form(browser, 401, view), headers: TestBrowser.ours)
      #expect(longer.headers["Location"]?.hasSuffix("/views/2") == true)
      let cancelled = await browser.send(.get, "/models/flight/filter?view=1&do=cancel&size=100")
      #expect(cancelled.headers["Location"]?.hasSuffix("/views/1?size=100") == true)
    }
  }

  @Test func aGETOfTheFormGetsItBackToBePosted() async throws {
    try await run { browser in
      let answer = await browser.send(.get, "/models/flight/filter?" + Self.form(browser, 300))
      #expect(answer.status == 200)
      let page = try answer.page
      #expect(page.faults == [])
      #expect(page.text.contains("too long for an address"))
      #expect(page.element(withID: "f-0-value")?.text.hasSuffix("value number 299") == true)
      #expect(await browser.send(.get, "/views/1").status == 404)
    }
  }

  @Test func otherPagesOfItGoByTheNumberToo() async throws {
    try await run { browser in
      let path = try await Self.kept(browser)
      let table = try await browser.send(.get, path).page
      let columns = try #require(table.all("a").first { $0.text == "Columns" }?.attributes["href"])
      let page = try await browser.send(.get, columns).page
      #expect(page.faults == [] && page.links.contains(path))
      let chosen = await browser.send(.get, "/models/flight/columns?view=1&c[]=day&do=apply")
      #expect(chosen.headers["Location"] == path + "?columns=day")
      #expect(await browser.send(.get, "/models/flight/pick?relationship=airline&view=1").status == 200)
      let object = try #require(table.links.first { $0.contains("/models/flight/0") })
      let back = try await browser.send(.get, object, headers: ["Referer": "http://here\(path)?size=100"]).page
      #expect(back.links.contains(path + "?size=100"))
    }
  }

  @Test func aConditionBesideALongOneIsTakenOutInTheForm() async throws {
    try await run { browser in
      let others = (0..<400).map { "another number \($0)" }.joined(separator: "\n")
      let path = try await Self.kept(
        browser, [("f[1][field]", "number"), ("f[1][op]", "none-of"), ("f[1][value]", others)])
      let table = try await browser.send(.get, path).page
      #expect(table.faults == [] && table.text.contains("40 objects"))
      for words in ["Change: Number is any of", "Change: Number is none of"] {
        let chip = table.all("a").first { $0.attributes["aria-label"]?.hasPrefix(words) == true }
        #expect(chip?.attributes["href"]?.hasSuffix("/models/flight/filter?view=1") == true)
      }
      #expect(table.all("a").contains { $0.text == "Remove all" })
    }
  }

  @Test func aNumberIsItsPersonsAlone() async throws {
    try await run { browser in
      let path = try await Self.kept(browser)
      for other in ["/views/2", "/views/9223372036854775807", "/models/airline/filter?view=1"] {
        #expect(await browser.send(.get, other).status == 404, "\(other)")
      }
      for other in ["/models/flight/filter?view=x", "/models/flight/columns?view=-1", "/views/1?after=forged"] {
        #expect([404, 422].contains(await browser.send(.get, other).status), "\(other)")
      }
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      #expect(await browser.send(.get, path).status == 404)
      #expect(await browser.send(.get, "/models/flight/filter?view=1").status == 404)
    }
  }

  @Test func itEndsThirtyDaysAfterItWasLastOpened() async throws {
    try await run { browser in
      let path = try await Self.kept(browser)
      for _ in 0..<3 {
        browser.clock.advance(byMilliseconds: 29 * 86_400_000)
        #expect(await browser.send(.get, path).status == 200)
        try await browser.people.tend()
      }
      browser.clock.advance(byMilliseconds: 31 * 86_400_000)
      #expect(await browser.send(.get, path).status == 404)
      try await browser.people.tend()
      #expect(await browser.send(.get, path).status == 404)
    }
  }

  @Test func whatIsTooLongToBeKeptComesBack() async throws {
    try await run { browser in
      let values = (0..<900).map { "\($0)" + String(repeating: "<", count: 40) }.joined(separator: "\n")
      let form = FilterScenarios.encoded([
        ("ticket", browser.ticket(to: "/models/flight/filter")), ("f[0][field]", "number"), ("f[0][op]", "any-of"),
        ("f[0][value]", values), ("do", "apply"),
      ])
      let answer = await browser.send(.post, "/models/flight/filter", form: form, headers: TestBrowser.ours)
      #expect(answer.status == 422)
      let page = try answer.page
      #expect(page.faults == [] && page.text.contains("more than 65536 cannot be kept"))
    }
  }

  @Test func aViewOfASensitiveModelEndsWithTheMark() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer], sensitive: true))
      let visitor = VisitScenarios.visitor(browser, [.viewer], sensitive: true)
      let number = try await browser.people.keepView(
        "/databrowser/\(browser.deploymentID)/models/medical?q[name]=Hidden+illness", in: browser.deploymentID,
        of: visitor)
      #expect(await browser.send(.get, "/views/\(number)").text.contains("Hidden illness"))
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      let answer = await browser.send(.get, "/views/\(number)")
      #expect(answer.status == 404 && !answer.text.contains("Hidden"))
    }
  }
}
