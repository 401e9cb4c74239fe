import DataBrowser
import HTTPServer
import PageReading
import Testing
import Wire

/// The filter form, the column page and the pick page, as one goes through them without a script.
@Suite struct FilterScenarios {
  static func encoded(_ pairs: [(String, String)]) -> String {
    pairs.map { "\(PercentText.encode($0))=\(PercentText.encode($1))" }.joined(separator: "&")
  }

  @Test func addingAConditionAsksForItsValue() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for field in [
        "number", "distance", "day", "departure", "status", "tags", "is_cargo", "airline_id", "place", "id",
        "updated_at",
      ] {
        let answer = await browser.send(.get, "/models/flight/filter?add=\(field)")
        #expect(answer.status == 200)
        let page = try answer.page
        #expect(page.faults == [], "\(field)")
        #expect(page.all("select").contains { $0.attributes["name"] == "f[0][op]" }, "\(field)")
      }
      let page = try await browser.send(.get, "/models/flight/filter?add=secret").page
      let buttons = page.all("button").filter { $0.path.contains("main") }
      #expect(buttons.map { $0.attributes["value"] } == ["apply", "add", "apply", "cancel"])
      #expect(!page.all("select").contains { $0.attributes["name"] == "f[0][op]" })
      #expect(!page.all("option").contains { $0.attributes["value"] == "secret" })
    }
  }

  /// The API finds nothing for such a text, and says nothing.
  @Test func whatIsNoIdOfAnObjectIsRefusedWithAWayToChooseOne() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let row = [("f[0][field]", "airline_id"), ("f[0][op]", "any-of"), ("f[0][value]", "United")]
      let other = [("f[1][field]", "number"), ("f[1][op]", "is"), ("f[1][value]", "N1")]
      let refused = await browser.send(.get, "/models/flight/filter?" + Self.encoded(row + other + [("do", "apply")]))
      #expect(refused.status == 422)
      let page = try refused.page
      #expect(page.text.contains("“United” is no id of an object"))
      let button = page.all("button").first { $0.text.hasPrefix("Choose") }
      let act = try #require(button?.attributes["value"])
      // What stands in the row is given up with the choice; the other condition goes along.
      let chosen = await browser.send(.get, "/models/flight/filter?" + Self.encoded(row + other + [("do", act)]))
      #expect(chosen.status == 303)
      let place = try #require(chosen.headers["Location"])
      #expect(place.contains("/models/flight/pick?") && place.contains("relationship=airline_id"))
      #expect(place.contains("q[number]=N1") || place.contains("q%5Bnumber%5D=N1"))
    }
  }

  /// What rows of the form become.
  @Test(arguments: [
    (["number", "is", "N1"], "q[number]=N1"),
    (["number", "contains", "n1"], "expression=number+contains+?&arguments=[%22n1%22]"),
    (["number", "any-of", "N1\r\nN2"], "expression=number+in+?&arguments=[[%22N1%22,%22N2%22]]"),
    (["number", "empty", "x"], "expression=number+%3D+?&arguments=[%22%22]"),
    (["number", "no-value", ""], "q[number.null]=true"),
    (["distance", "from", "5"], "q[distance.gte]=5"),
    (["distance", "any-of", "5, 6"], "expression=distance+in+?&arguments=[[5,6]]"),
    (["day", "up-to", "2013-01-31"], "q[day.lte]=2013-01-31"),
    (["departure", "is", "2013-01-31"], "expression=departure+%3D+?&arguments=[%222013-01-31%22]"),
    (["departure", "less", "2013-01-31 09:05"], "q[departure.lt]=2013-01-31T09:05"),
    (["tags", "contains", "a"], "q[tags.contains]=a"),
    (["is_cargo", "any-of", "true"], "q[is_cargo]=true"), (["place", "has-value", ""], "q[place.null]=false"),
    (["number", "is", ""], ""),
  ])
  func aRowBecomesAFilter(_ row: [String], _ query: String) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let value = row[0] == "tags" || row[0] == "is_cargo" ? "f[0][value][]" : "f[0][value]"
      let sent = Self.encoded([
        ("f[0][field]", row[0]), ("f[0][op]", row[1]), (value, row[2]), ("size", "100"), ("columns", "day"),
        ("do", "apply"),
      ])
      let answer = await browser.send(.get, "/models/flight/filter?\(sent)")
      #expect(answer.status == 303)
      let base = "/databrowser/\(browser.deploymentID)/models/flight?"
      #expect(answer.headers["Location"] == base + (query.isEmpty ? "" : query + "&") + "columns=day&size=100")
      let table = await browser.send(.get, try #require(answer.headers["Location"]))
      #expect(table.status == 200, "\(table.status)")
      // Opened again, the form has the same row.
      let again = await browser.send(
        .get, try #require(answer.headers["Location"]).replacing("/flight?", with: "/flight/filter?"))
      let page = try again.page
      #expect(page.faults == [])
      #expect(
        page.all("input").contains { $0.attributes["name"] == "f[0][field]" && $0.attributes["value"] == row[0] }
          == !query.isEmpty)
    }
  }

  @Test func rowsJoinAsAlternatives() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let sent = Self.encoded([
        ("f[0][field]", "status"), ("f[0][op]", "any-of"), ("f[0][value][]", "landed"), ("f[0][value][]", "late"),
        ("f[1][field]", "number"), ("f[1][op]", "contains"), ("f[1][value]", "1"),
        ("f[2][field]", "distance"), ("f[2][op]", "greater"), ("f[2][value]", "5"), ("f[2][or]", "1"),
        ("do", "apply"),
      ])
      let answer = await browser.send(.get, "/models/flight/filter?\(sent)")
      #expect(
        answer.headers["Location"]?.hasSuffix(
          "?expression=status+in+?+and+(number+contains+?+or+distance+%3E+?)&arguments=[[%22landed%22,%22late%22],%221%22,5]"
        ) == true,
        "\(answer.headers["Location"] ?? "")")
    }
  }

  @Test func aRowIsRemovedByItsButton() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let sent = Self.encoded([
        ("ticket", browser.ticket(to: "/models/flight/filter")),
        ("f[0][field]", "distance"), ("f[0][op]", "is"), ("f[0][value]", "far"),
        ("f[1][field]", "number"), ("f[1][op]", "contains"), ("f[1][value]", "7"), ("add", "status"),
        ("do", "remove:0"),
      ])
      let answer = await browser.send(.post, "/models/flight/filter", form: sent, headers: TestBrowser.ours)
      #expect(answer.status == 200)
      let page = try answer.page
      #expect(page.faults == [])
      // The other one stays as it was typed, and nothing else is done.
      let fields = page.all("input").filter { $0.attributes["name"]?.hasSuffix("[field]") == true }
      #expect(fields.map { $0.attributes["value"] } == ["number"])
      #expect(page.all("textarea").map(\.text) == ["\n7"])
      #expect(page.all("button").contains { $0.attributes["value"] == "remove:0" })
    }
  }

  @Test func aWrongValueComesBackWithItsReason() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for method in [Method.get, .post] {
        let sent = Self.encoded([
          ("ticket", browser.ticket(to: "/models/flight/filter")), ("f[0][field]", "distance"), ("f[0][op]", "is"),
          ("f[0][value]", "far<b>"), ("do", "apply"),
        ])
        let answer =
          method == .get
          ? await browser.send(.get, "/models/flight/filter?\(sent)")
          : await browser.send(.post, "/models/flight/filter", form: sent, headers: TestBrowser.ours)
        #expect(answer.status == 422)
        let page = try answer.page
        #expect(page.faults == [])
        #expect(page.all("title").first?.text.hasPrefix("Error: ") == true)
        #expect(page.element(withID: "f-0-value")?.attributes["value"] == "far<b>")
        #expect(page.element(withID: "f-0-fault")?.text.hasPrefix("Distance: ") == true)
      }
      #expect(
        await browser.send(.post, "/models/flight/filter", form: "ticket=x&do=apply", headers: TestBrowser.ours).status
          == 403)
    }
  }

  @Test func columnsAreChosenAndOrdered() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let page = try await browser.send(.get, "/models/flight/columns?q[status]=landed").page
      #expect(page.faults == [])
      let sent = Self.encoded([
        ("q[status]", "landed"), ("c[]", "number"), ("c[]", "day"), ("c[]", "airline"), ("n[number]", "3"),
        ("n[day]", "1"),
        ("n[airline]", "x"), ("do", "apply"),
      ])
      let answer = await browser.send(.get, "/models/flight/columns?\(sent)")
      #expect(
        answer.headers["Location"]?.hasSuffix("/models/flight?q[status]=landed&columns=day,number,airline") == true)
      let table = try await browser.send(.get, try #require(answer.headers["Location"])).page
      #expect(table.all("thead").first?.text.contains("Day") == true)
      let usual = await browser.send(.get, "/models/flight/columns?columns=day&do=usual")
      #expect(usual.headers["Location"]?.hasSuffix("/models/flight") == true)
    }
  }

  @Test func anObjectIsPickedForARelationship() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for text in ["", "alpha", VisitScenarios.airline] {
        let page = try await browser.send(
          .get, "/models/flight/pick?relationship=airline&text=\(text)&q[status]=landed"
        ).page
        #expect(page.faults == [])
        #expect(
          page.links.contains { $0.hasSuffix("?q[airline_id]=\(VisitScenarios.airline)&q[status]=landed") }, "\(text)")
      }
      let none = try await browser.send(.get, "/models/flight/pick?relationship=airline&text=zzz").page
      #expect(none.text.contains("No object of Airline"))
      #expect(await browser.send(.get, "/models/flight/pick?relationship=number").status == 404)
    }
  }
}

extension FilterScenarios {
  /// A view that is opened in the form and sent again is the same view.
  @Test(arguments: [
    "q[number.lt]=N5", "q[_type]=flight", "q[_type]=flight&q[number]=N1",
    "expression=_type+%3D+?&arguments=[%22flight%22]",
    "expression=day+in+?&arguments=[[%222013-01-31%22,%222013-02-01%22]]", "q[distance.ne]=5&q[status]=landed",
    "expression=(number+%3D+?+and+distance+%3D+?)+or+day+%3D+?&arguments=[%22a%22,1,null]", "q[tags]=a",
    "expression=status+in+?+and+(number+contains+?+or+distance+%3E+?)&arguments=[[%22landed%22,%22late%22],%221%22,5]",
  ])
  func openedAndSentAFormChangesNothing(_ query: String) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let opened = try await browser.send(.get, "/models/flight/filter?\(query)").page
      #expect(opened.faults == [])
      var pairs: [(String, String)] = []
      for element in opened.elements where element.path.contains("form") && element.path.contains("main") {
        guard let name = element.attributes["name"] else { continue }
        switch element.name {
        case "input" where element.attributes["type"] == "checkbox":
          if element.attributes["checked"] != nil { pairs.append((name, element.attributes["value"] ?? "")) }
        case "input": pairs.append((name, element.attributes["value"] ?? ""))
        case "textarea": pairs.append((name, String(element.text.dropFirst())))
        case "select":
          let options = opened.elements.filter { $0.name == "option" && $0.attributes["selected"] != nil }
          let chosen = options.first { $0.ancestors.contains { opened.elements[$0] == element } }
          pairs.append((name, chosen?.attributes["value"] ?? ""))
        default: break
        }
      }
      pairs.append(("do", "apply"))
      let answer = await browser.send(
        .post, "/models/flight/filter", form: Self.encoded(pairs), headers: TestBrowser.ours)
      #expect(answer.status == 303)
      let same = query == "q[tags]=a" ? "q[tags.contains]=a" : query
      #expect(answer.headers["Location"] == "/databrowser/\(browser.deploymentID)/models/flight?\(same)")
    }
  }
}
