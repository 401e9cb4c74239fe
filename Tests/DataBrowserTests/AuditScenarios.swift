import Crypto
import Foundation
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Web
import Wire

@testable import DataBrowser

/// The audit on its pages: what it shows, to whom, and how it is narrowed and taken away.
@Suite("The audit's pages")
struct AuditScenarios {
  private static func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await body(browser)
      #expect(browser.log.faults.allSatisfy { $0.contains("the audit cannot be written") })
    }
  }

  /// Entries of Vera's in this deployment and of nobody in another, one after the other.
  private static func fill(_ browser: TestBrowser, _ count: Int) async throws {
    var drafts: [AuditDraft] = []
    for number in 0..<count {
      var draft = AuditDraft(
        at: try #require(Instant(secondsSince1970: 1_767_225_600 + Int64(number) * 3600)),
        action: number % 3 == 0 ? "reveal" : "credentials", target: "Target \(number)",
        outcome: number % 5 == 0 ? "refused" : "done")
      draft.deployment = number % 2 == 0 ? browser.deploymentID : "other"
      draft.person = number % 2 == 0 ? vera : nil
      draft.address = "192.0.2.\(number % 256)"
      drafts.append(draft)
    }
    _ = try await browser.people.store.perform(PeoplePlan([], audit: drafts))
  }

  private static let vera = PersonID(drawn: [0xAB, 0xCD, 0xEF, 0xAB, 0xCD, 0xEF])

  private static func addVera(_ browser: TestBrowser, removed: Bool = false) async throws {
    var person = TestVisits.person("abcdefabcdef", "Vera <b>", "v@example.org")
    person.removedAt = removed ? .first : nil
    person.grants = removed ? [] : [RoleGrant(deployment: browser.deploymentID, roles: [.viewer])]
    _ = try await browser.people.store.perform(PeoplePlan([.person(person)]))
  }

  @Test("It has the entries of its deployment alone, the newest first, and every one on some page")
  func pages() async throws {
    try await Self.run { browser in
      try await Self.addVera(browser, removed: true)
      try await Self.fill(browser, 260)
      var path: String? = "/audit"
      var shown = 0
      var seen: [String] = []
      while let next = path {
        let answer = await browser.send(.get, next)
        let page = try answer.page
        #expect(answer.status == 200 && page.faults == [])
        seen += page.all("td").map(\.text).filter { $0.hasPrefix("Target ") }
        #expect(page.text.contains("Vera <b>") && !page.text.contains("nobody signed in"))
        shown += 1
        path = page.all("a").first { $0.text == "Older" }?.attributes["href"]
      }
      #expect(seen == stride(from: 258, through: 0, by: -2).map { "Target \($0)" })
      #expect(shown == 3)
      // Whoever is on the page can be chosen, also one who was removed.
      let newest = try await browser.send(.get, "/audit").page
      #expect(
        newest.all("input").contains { $0.attributes["value"] == Self.vera.text && $0.attributes["name"] == "person" })
      // The server's has them all.
      let page = try await browser.send(.get, "/databrowser/server/audit").page
      #expect(page.faults == [] && page.text.contains("nobody signed in") && page.text.contains("Target 259"))
    }
  }

  @Test("It is narrowed by person, action, target and time, and says what it cannot read")
  func filters() async throws {
    try await Self.run { browser in
      try await Self.addVera(browser)
      try await Self.fill(browser, 60)
      for (query, count) in [
        ("person=abcdefabcdef", 30), ("person=000000000001", 0), ("action=reveal", 10), ("action=sign-in", 0),
        ("target=TARGET+5", 5), ("target=nothing", 0), ("from=2026-01-02", 18), ("to=2026-01-01", 12),
        ("from=2026-01-01T04:00:00Z&to=2026-01-01T08:00:00Z", 3),
        ("action=reveal&to=2026-01-01&person=abcdefabcdef", 4),
        ("before=11", 5),
      ] {
        let answer = await browser.send(.get, "/audit?\(query)")
        let page = try answer.page
        #expect(answer.status == 200 && page.faults == [], "\(query)")
        #expect(page.all("td").count { $0.text.hasPrefix("Target ") } == count, "\(query)")
        if count == 0 { #expect(page.text.contains("There are no such entries")) }
      }
      for query in ["person=x", "action=nothing", "from=soon", "to=2026-02-30", "from=%00%E2%80%AE"] {
        let answer = await browser.send(.get, "/audit?\(query)")
        let page = try answer.page
        #expect(answer.status == 422 && page.faults == [], "\(query)")
        #expect(page.all("title").first?.text.hasPrefix("Error:") == true && page.all("table").isEmpty)
      }
      for query in ["before=0", "before=-1", "before=x", "before=9223372036854775808"] {
        let answer = await browser.send(.get, "/audit?\(query)")
        #expect(answer.status == 422, "\(query)")
      }
      #expect(await browser.send(.get, "/audit?before=9223372036854775807").status == 200)
    }
  }

  @Test("The form that is sent leads to the view without what is empty")
  func form() async throws {
    try await Self.run { browser in
      let answer = await browser.send(.get, "/audit?person=&action=reveal&target=a+b&from=&to=")
      #expect(answer.status == 303)
      #expect(answer.headers["Location"] == "/databrowser/\(browser.deploymentID)/audit?action=reveal&target=a+b")
    }
  }

  @Test("A filter that fits few of many entries stops in time, and goes on where it stopped")
  func stopping() async throws {
    try await Self.run { browser in
      try await Self.fill(browser, 300)
      var want = AuditWant(.newest(before: nil), limit: 0)
      want.deployment = browser.deploymentID
      let reading = AuditReading(people: browser.people, want: want, target: "target 1")
      var found: [Int64] = []
      var before: Int64?
      var rounds = 0
      repeat {
        let part = try await reading.read(before: before, limit: 7, lookingAt: 40)
        found += part.entries.map(\.number)
        #expect(part.entries.count <= 7 && (!part.isStopped || part.next != nil))
        before = part.next
        rounds += 1
      } while before != nil && rounds < 100
      let expected = (0..<300).filter { $0 % 2 == 0 && "\($0)".hasPrefix("1") }.map { Int64($0) + 1 }
      #expect(found == expected.reversed())
      // Entries beyond those that one call of the store takes.
      let all = try await AuditReading(people: browser.people, want: AuditWant(.newest(before: nil), limit: 0)).read(
        before: nil, limit: 1000, lookingAt: 1_000_000)
      #expect(all.entries.count == 300 && all.next == nil && !all.isStopped)
    }
  }

  @Test("Where older entries were trimmed, the page says so and names the hash that is kept")
  func trimmed() async throws {
    try await Self.run { browser in
      try await Self.fill(browser, 10)
      let cut = try #require(Instant(secondsSince1970: 1_767_225_600 + 4 * 3600))
      _ = try await browser.people.store.perform(PeoplePlan([.trimAudit(before: cut)]))
      let page = try await browser.send(.get, "/audit").page
      let anchor = try await browser.people.store.auditAnchor()
      #expect(anchor.number == 4 && page.faults == [])
      #expect(page.text.contains("begins at entry 5") && page.text.contains(Hex.encode(anchor.hash)))
      #expect(page.all("td").count { $0.text.hasPrefix("Target ") } == 3)
      #expect(page.all("a").allSatisfy { $0.text != "Older" && $0.text != "Go on" })
    }
  }

  @Test("The file has what the view has, tells spreadsheets of no formula, and is entered into the audit first")
  func file() async throws {
    try await Self.run { browser in
      try await Self.addVera(browser)
      try await Self.fill(browser, 5)
      var draft = AuditDraft(at: .last, action: "export", target: "=1+1,\"a\"\r\nb")
      draft.deployment = browser.deploymentID
      _ = try await browser.people.store.perform(PeoplePlan([], audit: [draft]))
      let links = try await browser.send(.get, "/audit").page.links
      #expect(links.contains { $0.hasSuffix("/audit?as=csv") })
      let answer = await browser.send(.get, "/audit?as=csv")
      #expect(answer.status == 200 && answer.headers["Content-Type"]?.hasPrefix("text/csv") == true)
      #expect(answer.headers["Content-Disposition"]?.contains(".csv\"") == true)
      let lines = answer.text.components(separatedBy: "\r\n")
      #expect(lines[0].hasPrefix("number,time,person_id,person,deployment"))
      #expect(answer.text.contains("\"'=1+1,\"\"a\"\"\r\nb\""))
      #expect(answer.text.contains("\n1,2026-01-01T00:00:00Z,abcdefabcdef,Vera <b>,\(browser.deploymentID),192.0.2.0,"))
      #expect(!answer.text.contains("other"))
      let last = try #require(try await browser.people.audit(AuditWant(.newest(before: nil), limit: 1)).first?.draft)
      #expect(last.action == "export" && last.target == "audit" && last.count == 4 && last.filter == nil)
      #expect(last.person == TestVisits.operator.person.id && last.deployment == browser.deploymentID)
      _ = await browser.send(.get, "/audit?action=reveal&target=secret&as=csv")
      let filtered = try #require(
        try await browser.people.audit(AuditWant(.newest(before: nil), limit: 1)).first?.draft)
      #expect(filtered.filter == "action = ? and target = ?" && filtered.count == 0)
      browser.audit.isBroken.store(true, ordering: .relaxed)
      let broken = await browser.send(.get, "/audit?as=csv")
      #expect(broken.status == 503 && !broken.text.contains("Target"))
      #expect(await browser.send(.get, "/audit").status == 200)
      browser.audit.isBroken.store(false, ordering: .relaxed)
    }
  }

  @Test("Too many entries for one file are no file, and nothing of it is entered")
  func tooMuchForAFile() async throws {
    try await Self.run { browser in
      try await Self.fill(browser, 2 * AuditPage.mostInFile + 2)
      let answer = await browser.send(.get, "/audit?as=csv")
      #expect(answer.status == 422)
      let page = try answer.page
      #expect(page.text.contains("Narrow the time") && page.faults == [])
      #expect(try await browser.people.audit(AuditWant(.newest(before: nil), limit: 1)).first?.draft.action != "export")
    }
  }

  @Test("An administrator is told no name of somebody who never did anything in the deployment")
  func strangers() async throws {
    try await Self.run { browser in
      var stranger = TestVisits.person("111111111111", "Stranger", "s@example.org")
      stranger.grants = [RoleGrant(deployment: "other", roles: [.viewer])]
      _ = try await browser.people.store.perform(PeoplePlan([.person(stranger)]))
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      for path in ["/audit", "/audit?person=111111111111"] {
        let answer = await browser.send(.get, path)
        let page = try answer.page
        #expect(answer.status == 200 && page.faults == [] && !page.text.contains("Stranger"))
      }
      #expect(await browser.send(.get, "/databrowser/server/audit").status == 403)
    }
  }

  @Test("Its page in its states holds what it is given", arguments: PageTests.hostile.indices)
  func states(_ index: Int) throws {
    let text = PageTests.hostile[index]
    var draft = AuditDraft(at: .last, action: text, target: text, outcome: text)
    (draft.address, draft.filter, draft.reference, draft.count, draft.deployment) = (text, text, text, .max, text)
    let nobody = AuditEntry(draft, after: .start)
    draft.person = Self.vera
    draft.outcome = "failed"
    let somebody = AuditEntry(draft, after: nobody.anchor)
    let question = try AuditQuestion(AuditView([.target: text]), in: nil, people: [])
    let wrong = try AuditQuestion(AuditView([.from: text, .person: text]), in: nil, people: [.init("a", text)])
    for card in [nil, DeploymentCard(id: RouteTests.deployment, label: text, environment: text)] {
      for (entries, next, isStopped, form) in [
        ([], nil, false, question.form), ([], 7, true, question.form), ([nobody], nil, false, question.form),
        ([nobody, somebody], 7, false, question.form), ([somebody], 7, true, question.form),
        ([], nil, false, wrong.form),
      ] as [([AuditEntry], Int64?, Bool, Form)] {
        let page = AuditPage(
          card: card, view: AuditView([.target: text, .before: "9"]), form: form,
          found: .init(entries: entries, next: next, isStopped: isStopped), names: [Self.vera: text],
          labels: [text: text], anchor: entries.isEmpty ? .start : nobody.anchor, days: 400)
        let read = try PageTests.read(page)
        #expect(read.faults == [])
        #expect(read.all("tbody").count == (form.isGood && !entries.isEmpty ? 1 : 0))
      }
    }
  }

  @Test(arguments: [
    ("a", "a"), ("", ""), ("=a", "'=a"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"),
    ("\ra", "\"'\ra\""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("é=", "é="),
  ])
  func aCellIsQuoted(_ text: String, _ cell: String) {
    #expect(AuditCSV.quoted(text) == cell)
  }
}
