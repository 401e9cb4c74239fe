import DataBrowser
import Foundation
import HTTPServer
import PageReading
import Storage
import Testing
import Wire

/// «Only these» and «not these» of the values in a table.
@Suite struct NarrowingScenarios {
  private static let schema = """
    <data-model>
      <model name="owner" label="Owner">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
      <model name="thing" label="Thing">
        <field name="name" label="Name" type="text"/>
        <field name="notes" label="Notes" type="text:paragraph"/>
        <field name="count" label="Count" type="integer"/>
        <field name="weight" label="Weight" type="number"/>
        <field name="day" label="Day" type="date"/>
        <field name="at" label="At" type="datetime"/>
        <field name="is_good" label="Good" type="boolean"/>
        <field name="kind" label="Kind" type="single-choice"><option key="a">A</option><option key="b,c">B</option></field>
        <field name="rank" label="Rank" type="single-choice-integer"><option key="1">One</option><option key="2">Two</option></field>
        <field name="tags" label="Tags" type="multiple-choice"><option key="x">X</option><option key="y&quot;z">Y</option></field>
        <field name="marks" label="Marks" type="multiple-choice-integer"><option key="1">1</option><option key="2">2</option></field>
        <field name="place" label="Place" type="location"/>
        <field name="photo" label="Photo" type="photo"/>
        <field name="pin" label="Pin" type="text:password"/>
        <belongs-to model="owner"/>
        <display>{name}</display>
      </model>
    </data-model>
    """

  private static func id(_ number: Int) -> String { "0195a3b2-0000-7000-8000-00000000000\(number)" }

  /// Objects of which some share each value, and some have none.
  private static let things = [
    """
    "name":"A","notes":"one\\r\\ntwo","count":1,"weight":0.1,"day":"2013-01-31","at":"2013-01-31T00:00:00Z",
    "is_good":true,"kind":"a","rank":1,"tags":["x","y\\"z"],"marks":[1,2],"owner_id":"\(id(1))","pin":"swordfish",
    "place":{"latitude":40.5,"longitude":-73.75}
    """,
    """
    "name":"","notes":" ","count":-2147483648,"weight":1e300,"day":"0001-01-01","at":"1969-12-31T23:59:59Z",
    "is_good":false,"kind":"b,c","rank":2,"tags":[],"marks":[],"owner_id":"\(id(9))"
    """,
    """
    "name":"a","notes":"<b>&amp; ? ' \\" % + = [ ] \\\\ \u{202E} \u{1F600}","count":1,"weight":0.1,"day":"2013-01-31",
    "at":"2013-01-31T09:05:00Z","is_good":true,"kind":"a","rank":1,"tags":["y\\"z","x"],"marks":[2],
    "owner_id":"\(id(1))"
    """,
    """
    "name":" A","notes":"\\u0007\\ttab","tags":["x"],"marks":[1]
    """,
    """
    "name":"null","notes":"\(String(repeating: "long ", count: 60))"
    """,
    "",
  ]

  private static func fill(_ browser: TestBrowser) async throws {
    let things = things.enumerated().map { index, values in
      "{\"method\":\"POST\",\"object\":{\"type\":\"thing\",\"id\":\"\(id(index + 2))\"\(values.isEmpty ? "" : ",")\(values)}}"
    }
    let owner = "{\"method\":\"POST\",\"object\":{\"type\":\"owner\",\"id\":\"\(id(1))\",\"name\":\"Ada\"}}"
    try await browser.batch("{\"operations\":[\(([owner] + things).joined(separator: ","))]}")
  }

  /// The ids of a table's rows.
  private static func ids(_ browser: TestBrowser, _ path: String) async throws -> Set<String> {
    let answer = await browser.send(.get, path)
    #expect(answer.status == 200, "\(path): \(answer.text.prefix(20))")
    let page = try answer.page
    #expect(page.faults == [])
    let rows = page.all("a").filter { $0.attributes["class"] == "more" }.compactMap { $0.attributes["href"] }
    return Set(rows.compactMap { $0.split(separator: "/").dropLast().last.map(String.init) })
  }

  private static func offers(_ page: ReadPage) -> [(label: String, href: String)] {
    page.all("a").compactMap { link in
      guard let label = link.attributes["aria-label"], let href = link.attributes["href"],
        label.hasSuffix("only these") || label.hasSuffix("not these")
      else { return nil }
      return (label, href)
    }
  }

  @Test(
    "part the view that they narrow, with the object's own side in the one and all others in the other",
    arguments: [
      "", "?size=100&columns=name,count", "?q[count]=1&sort[name]=1", "?q[name.null]=false&search=a",
      "?expression=name+%3D+?+or+count+%3D+?&arguments=[%22null%22,1]&sort[day]=-1",
      "?expression=count+%3D+?+or+(name+%3D+?+and+tags+%3D+?)&arguments=[1,%22%20A%22,[%22x%22]]",
      "?q[name.contains]=A&expression=tags+contains+?&arguments=[%22x%22]",
    ])
  func part(_ view: String) async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let table = "/databrowser/\(browser.deploymentID)/models/thing\(view)"
      let all = try await Self.ids(browser, table)
      #expect(!all.isEmpty)
      for id in all {
        let answer = await browser.send(
          .get, "/models/thing/\(id)/peek?fields=all", headers: ["Referer": "http://here\(table)"])
        #expect(answer.status == 200)
        let page = try answer.page
        #expect(page.faults == [])
        #expect(!answer.text.contains("swordfish"))
        let offers = Self.offers(page)
        #expect(offers.count >= 20)
        #expect(!offers.contains { $0.label.hasPrefix("Pin") })
        for (only, not) in stride(from: 0, to: offers.count - 1, by: 2).map({ (offers[$0], offers[$0 + 1]) }) {
          #expect(only.label.hasSuffix("only these") && not.label.hasSuffix("not these"))
          let same = try await Self.ids(browser, only.href)
          let others = try await Self.ids(browser, not.href)
          #expect(same.contains(id), "\(only)")
          #expect(same.isDisjoint(with: others) && same.union(others) == all, "\(only)")
        }
      }
    }
  }

  @Test("keep the rest of the view, say what is in force, and begin at its first page")
  func keep() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let base = "/databrowser/\(browser.deploymentID)/models/thing"
      let view = "?q[kind]=a&search=a&sort[name]=1&columns=name,count&size=100"
      let referer = ["Referer": "http://here\(base)\(view)&before="]
      for path in ["/models/thing/\(Self.id(2))/peek?fields=all", "/models/thing/\(Self.id(2))"] {
        let page = try await browser.send(.get, path, headers: referer).page
        let offers = Self.offers(page)
        #expect(
          offers.first { $0.label == "Count: only these" }?.href
            == "\(base)?q[count]=1&q[kind]=a&search=a&sort[name]=1&columns=name,count&size=100")
        #expect(
          offers.first { $0.label == "Tags: not these" }?.href
            == "\(base)?q[kind]=a&expression=tags+!%3D+?&arguments=[[%22x%22,%22y%5C%22z%22]]&search=a&sort[name]=1"
            + "&columns=name,count&size=100")
        #expect(!offers.contains { $0.label.hasPrefix("Kind") })
        #expect(page.text.contains("in force: only these"))
        #expect(page.links.contains("\(base)\(view)&before="), "\(path)")
      }
      let page = try await browser.send(.get, "/models/thing/\(Self.id(2))/peek?fields=all", headers: referer).page
      #expect(page.text.contains("Kind is A") && page.text.contains("holds “a”"))
    }
  }

  @Test("begin a view where one comes from elsewhere")
  func begin() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let base = "/databrowser/\(browser.deploymentID)/models/thing"
      for referer in [
        "http://elsewhere\(base)?q[kind]=a", "http://here/databrowser/\(browser.deploymentID)/models/owner?q[name]=Ada",
        "http://here\(base)/views/999", "",
      ] {
        let page = try await browser.send(
          .get, "/models/thing/\(Self.id(2))/peek?fields=all", headers: ["Referer": referer]
        ).page
        #expect(Self.offers(page).contains { $0.href == "\(base)?q[count]=1" }, "\(referer)")
        #expect(page.text.contains("Each value leads to the objects of Thing"))
      }
    }
  }

  @Test("of a view that is too long for an address open its form with the condition filled in")
  func long() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser)
      let names = (0..<600).map { "name \($0)" } + ["A"]
      let sent = FilterScenarios.encoded([
        ("ticket", browser.ticket(to: "/models/thing/filter")), ("f[0][field]", "name"), ("f[0][op]", "any-of"),
        ("f[0][value]", names.joined(separator: "\n")), ("do", "apply"),
      ])
      let kept = await browser.send(.post, "/models/thing/filter", form: sent, headers: TestBrowser.ours)
      let table = try #require(kept.headers["Location"])
      #expect(table.contains("/views/"))
      let page = try await browser.send(
        .get, "/models/thing/\(Self.id(2))/peek?fields=all", headers: ["Referer": "http://here\(table)"]
      ).page
      let only = try #require(Self.offers(page).first { $0.label == "Tags: only these" })
      #expect(only.href.contains("/models/thing/filter?view="))
      let form = try await browser.send(.get, only.href).page
      #expect(form.faults == [])
      #expect(form.element(withID: "f-1-op") != nil)
      let ticked = form.all("input").filter {
        $0.attributes["name"] == "f[1][value][]" && $0.attributes["checked"] != nil
      }
      #expect(ticked.map { $0.attributes["value"] } == ["x", "y\"z"])
    }
  }

  @Test("are there for each row by one link, and not for models that one may not see")
  func rows() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let page = try await browser.send(.get, "/models/flight").page
      #expect(page.all("a").filter { $0.attributes["class"] == "more" }.count == 2)
      let medical = try await browser.send(.get, "/models/medical").page
      let row = try #require(medical.all("a").first { $0.attributes["class"] == "more" }?.attributes["href"])
      #expect(await browser.send(.get, row).status == 200)
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      #expect(await browser.send(.get, row).status == 404)
    }
  }
}
