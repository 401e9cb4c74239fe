import Attachments
import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Objects are brought back to what they were, and back to where they were deleted.
@Suite("Restoring")
struct RestoreScenarios {
  private static let id = VisitScenarios.flight
  private static let flight = "/models/flight/\(id)"

  static func store(_ browser: TestBrowser) throws -> any ObjectStore {
    try browser.deployments.deployment(browser.deploymentID).store
  }

  /// The entries of the flight, oldest first.
  private static func entries(_ browser: TestBrowser) async throws -> [OplogEntry] {
    try await store(browser).read { try $0.oplog(from: 0, limit: 10_000) }.filter { $0.id == ObjectID(id) }
  }

  @discardableResult
  private static func write(_ browser: TestBrowser, _ method: String, _ members: String = "") async throws -> Int64 {
    let rest = members.isEmpty ? "" : ",\(members)"
    try await browser.batch(
      "{\"operations\":[{\"method\":\"\(method)\",\"object\":{\"type\":\"flight\",\"id\":\"\(id)\"\(rest)}}]}",
      as: "token:night & day")
    return try #require(try await entries(browser).last?.sequence)
  }

  private static func deploy(_ browser: TestBrowser, _ from: String, _ to: String) async throws {
    let schema = Schemas.flights.replacing(from, with: to)
    #expect(schema != Schemas.flights)
    _ = try await store(browser).deploy(try #require(DataModelReader.read(Array(schema.utf8)).model), by: nil)
  }

  private static func journey(_ browser: TestBrowser) throws -> Journey {
    var journey = try Journey(browser)
    journey.host = "here"
    return journey
  }

  private static func path(_ browser: TestBrowser, _ rest: String) -> String {
    "/databrowser/\(browser.deploymentID)\(rest)"
  }

  private static func address(_ browser: TestBrowser, _ sequence: Int64) -> String {
    path(browser, "\(flight)/restore?to=\(sequence)")
  }

  private static func json(_ browser: TestBrowser) async throws -> String {
    await browser.send(.get, "\(flight)/json?as=file").text
  }

  private static func notice(_ page: ReadPage) -> String? {
    page.all("div").first { $0.attributes["class"] == "notice good" }?.text
  }

  /// The object without what each write changes.
  private static func values(_ browser: TestBrowser) async throws -> [StoredValue] {
    let model = try #require(try store(browser).dataModel.models.first { $0.model.name == "flight" })
    let last = try #require(try await entries(browser).last)
    return model.row(of: last.values)
  }

  @Test("From the history: it shows what changes, each field now and then, and patches these alone")
  func fromHistory() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last)
      try await Self.write(
        browser, "PATCH",
        "\"status\":\"late\",\"secret\":\"sesame\",\"airline_id\":null,\"tags\":[],\"notes\":\"<i>\u{202E}\"")
      try await Self.write(browser, "PATCH", "\"distance\":1500")
      var journey = try Self.journey(browser)
      try await journey.open(Self.path(browser, "\(Self.flight)/history"))
      let links = journey.page.links.filter { $0.contains("/restore?to=") }
      // All but the newest.
      #expect(links.count == 2 && links[1] == Self.address(browser, first.sequence))
      try await journey.open(links[1])
      let text = journey.page.text
      #expect(text.contains("Restore Flight N1 <b>?") && text.contains("masked"))
      #expect(!text.contains("swordfish") && !text.contains("sesame"))
      let rows = journey.page.all("tr").map(\.text)
      for cells in [["Distance", "1500", "1400"], ["Status", "Late", "Landed"], ["airline", "Alpha Air"]] {
        #expect(rows.contains { row in cells.allSatisfy(row.contains) }, "\(cells)")
      }
      #expect(!rows.contains { $0.hasPrefix("Number") || $0.hasPrefix("Delay") })
      let form = try #require(journey.fields(of: links[1]))
      try await journey.send(to: links[1], ["do": "restore"])
      let time = TimeText.text(Instant(ofSequence: first.sequence))
      #expect(Self.notice(journey.page) == "Flight “Flight N1 <b>” was restored as it was \(time).")
      #expect(journey.path.hasPrefix(Self.path(browser, "\(Self.flight)?done=")))
      let led = journey.path
      let entries = try await Self.entries(browser)
      #expect(entries.count == 4 && entries[3].origin == "person:0123456789ab")
      #expect(entries[3].values.map(\.value) == first.values.map(\.value))
      #expect(entries[3].operation == .update)
      // Sent twice it leads where the first led.
      try await journey.post(links[1], form + [("do", "restore")])
      #expect(journey.path == led && Self.notice(journey.page) != nil)
      #expect(try await Self.entries(browser).count == 4)
      // The notice cannot be made to say what is not so.
      let claim = led.replacing("restored=\(first.sequence)", with: "restored=\(entries[1].sequence)")
      try await journey.open(claim)
      #expect(
        Self.notice(journey.page)
          == "Flight “Flight N1 <b>” was saved. You changed Distance, Status, Tags, Notes, Secret and 1 more field.")
      // Nothing would change any more.
      try await journey.open(links[1])
      #expect(journey.page.text.contains("Nothing would change"))
      #expect(!journey.page.all("button").contains { $0.attributes["value"] == "restore" })
      #expect(browser.log.faults == [])
    }
  }

  @Test("From what was deleted: the last state comes back under its id")
  func fromDeleted() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let before = try await Self.values(browser)
      var journey = try Self.journey(browser)
      let delete = Self.path(browser, "\(Self.flight)/delete")
      try await journey.open(delete)
      try await journey.send(to: delete)
      #expect(Self.notice(journey.page) == "Flight “Flight N1 <b>” was deleted. Restore it")
      try await journey.open(Self.path(browser, "/models/flight/deleted"))
      let link = try #require(journey.page.links.first { $0.contains("/restore?to=") })
      try await journey.open(link)
      #expect(journey.page.text.contains("It comes back with these values"))
      #expect(!journey.page.text.contains("swordfish"))
      let opened = journey
      try await journey.send(to: link, ["do": "restore"])
      #expect(Self.notice(journey.page)?.contains("was restored as it was before it was deleted 20") == true)
      #expect(try await Self.values(browser) == before)
      #expect(try await Self.entries(browser).last?.operation == .create)
      // It is no longer among the deleted, and its history goes on.
      try await journey.open(Self.path(browser, "/models/flight/deleted"))
      #expect(journey.page.text.contains("Nothing is deleted"))
      try await journey.open(Self.path(browser, "\(Self.flight)/history"))
      #expect(
        journey.page.all("section").filter { $0.attributes["id"]?.hasPrefix("e") == true }.compactMap {
          $0.text.split(separator: " ").first
        } == ["Restored", "Deleted", "Created"])
      // Another page of the same deletion comes too late.
      var late = opened
      try await late.open(link)
      try await Self.write(browser, "DELETE")
      try await late.open(link)
      try await Self.write(browser, "POST", "\"number\":\"again\"")
      try await late.send(to: link, ["do": "restore"])
      #expect(late.status == 409)
      #expect(late.page.text.contains("There is an object with this id again"))
      #expect(late.page.links.contains(Self.path(browser, Self.flight)))
      #expect(try await Self.json(browser).contains("\"number\":\"again\""))
      // What it shows now can be sent.
      try await late.send(to: link, ["do": "restore"])
      #expect(late.status == 200)
      #expect(try await Self.values(browser) == before)
    }
  }

  @Test("Somebody who wrote meanwhile is not overwritten: the page comes again with what would change now")
  func overtaken() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last).sequence
      try await Self.write(browser, "PATCH", "\"distance\":1")
      let link = Self.address(browser, first)
      var journey = try Self.journey(browser)
      try await journey.open(link)
      try await Self.write(browser, "PATCH", "\"delay\":7")
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 409)
      #expect(
        journey.page.text.contains("Changed by somebody else meanwhile") && journey.page.text.contains("night & day"))
      #expect(journey.page.all("tr").contains { $0.text.hasPrefix("Delay") })
      #expect(try await Self.json(browser).contains("\"distance\":1,"))
      let history = Self.path(browser, "\(Self.flight)/history")
      var other = journey
      try await other.send(to: link, ["do": "cancel"])
      #expect(other.path == history)
      try await Self.write(browser, "DELETE")
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 409 && journey.page.text.contains("Deleted meanwhile"))
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 200)
      #expect(try await Self.json(browser).contains("\"distance\":1400,"))
    }
  }

  @Test("A field that has another type, or is no more, stays as it is and is told")
  func acrossDeploys() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last).sequence
      try await Self.write(browser, "PATCH", "\"notes\":\"other\",\"day\":null,\"distance\":3,\"secret\":\"x\"")
      let schema = Schemas.flights.replacing(
        "name=\"distance\" label=\"Distance\" type=\"integer\"",
        with: "name=\"distance\" label=\"Distance\" type=\"number\""
      )
      .replacing("<field name=\"notes\" label=\"Notes\" type=\"text:paragraph\"/>", with: "")
      .replacing("<field name=\"secret\" label=\"Secret\" type=\"text:password\"/>", with: "")
      _ = try await Self.store(browser).deploy(try #require(DataModelReader.read(Array(schema.utf8)).model), by: nil)
      let link = Self.address(browser, first)
      var journey = try Self.journey(browser)
      try await journey.open(link)
      let items = journey.page.all("li").map(\.text)
      #expect(items.contains { $0.hasPrefix("Distance: it had the type integer then") && $0.contains("1400") })
      #expect(items.contains { $0.hasPrefix("notes: the data model has no such field any more") })
      #expect(items.contains { $0.hasPrefix("secret: ") } && !journey.page.text.contains("swordfish"))
      #expect(journey.page.all("tr").map(\.text).filter { !$0.isEmpty }.count == 2, "the day alone comes back")
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 200)
      let json = try await Self.json(browser)
      #expect(json.contains("\"distance\":3") && json.contains("\"day\":\"2013-01-31\""), "\(json)")
      // Deleted and put back, it has no such value at all.
      try await Self.write(browser, "DELETE")
      try await journey.open(link)
      #expect(journey.page.text.contains("It stays empty"))
      try await journey.send(to: link, ["do": "restore"])
      #expect(try await Self.json(browser).contains("\"distance\":null"))
    }
  }

  @Test("A deploy between opening and sending, and a trimmed oplog: nothing else than the page said is done")
  func between() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last).sequence
      try await Self.write(browser, "PATCH", "\"notes\":\"other\",\"day\":null")
      let link = Self.address(browser, first)
      var journey = try Self.journey(browser)
      try await journey.open(link)
      // One that changes nothing of what comes back.
      try await Self.deploy(browser, "label=\"Notes\"", "label=\"Remarks\"")
      var same = journey
      // One that does.
      try await Self.deploy(browser, "<field name=\"notes\" label=\"Notes\" type=\"text:paragraph\"/>", "")
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 409)
      #expect(journey.page.text.contains("Something else would come back now"))
      #expect(try await Self.entries(browser).count == 2)
      try await Self.deploy(browser, "label=\"Notes\"", "label=\"Remarks\"")
      try await same.send(to: link, ["do": "restore"])
      #expect(same.status == 200)
      #expect(try await Self.entries(browser).count == 3)
      // Trimmed in between.
      try await Self.write(browser, "PATCH", "\"distance\":8")
      try await journey.open(link)
      let last = try #require(try await Self.entries(browser).last).sequence
      while try await !Self.store(browser).trimOplog(.before(last)).isDone {}
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 409 && journey.page.text.contains("That state is not kept any more"))
      #expect(journey.page.text.contains("Nothing was changed"))
      try await journey.open(link)
      #expect(journey.status == 404 && journey.page.text.contains("was trimmed"))
      #expect(try await Self.json(browser).contains("\"distance\":8,"))
    }
  }

  @Test("A file that was swept is named, and its field stays")
  func files() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      // Its bytes never came: linked it waits for them, unlinked it is swept.
      let photo = "0195a3b2-0000-7000-8000-0000000000f0"
      let with = try await Self.write(browser, "PATCH", "\"photo_id\":\"\(photo)\"")
      try await Self.write(browser, "PATCH", "\"photo\":null,\"distance\":2")
      let link = Self.address(browser, with)
      var journey = try Self.journey(browser)
      try await journey.open(link)
      #expect(journey.page.all("tr").contains { $0.text.contains("Photo") && $0.text.contains("not uploaded yet") })
      try await Self.sweep(browser)
      // What the page said does not hold any more.
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 409 && journey.page.text.contains("Something else would come back now"))
      var late = try Self.journey(browser)
      try await late.open(link)
      #expect(late.page.all("li").contains { $0.text.hasPrefix("Photo: the file is not on the server any more") })
      try await late.send(to: link, ["do": "restore"])
      #expect(late.status == 200)
      let json = try await Self.json(browser)
      #expect(json.contains("\"photo\":null") && json.contains("\"distance\":1400,"))
    }
  }

  private static func sweep(_ browser: TestBrowser) async throws {
    let deployment = try browser.deployments.deployment(browser.deploymentID)
    let blobs = try deployment.blobs(in: browser.attachments)
    // As if a day had passed, but for the form.
    let later = try #require(Instant(secondsSince1970: browser.clock.now.secondsSince1970 + 25 * 3600))
    let swept = try await AttachmentSweep(deployment.store, blobs, at: later).run()
    #expect(swept.attachments == 1)
  }

  @Test("Pressed by several at once, it is done once")
  func atOnce() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last).sequence
      try await Self.write(browser, "PATCH", "\"distance\":1")
      let link = Self.address(browser, first)
      // One form three times, and three forms of their own.
      var forms: [String] = []
      for _ in 0..<4 {
        var journey = try Self.journey(browser)
        try await journey.open(link)
        forms.append(FilterScenarios.encoded(try #require(journey.fields(of: link))))
      }
      let sent = forms + [forms[0], forms[0]]
      let answers = await withTaskGroup(of: TestBrowser.Answer.self) { group in
        for form in sent {
          group.addTask { await browser.send(.post, link, form: form, headers: TestBrowser.ours) }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.contains { $0.status == 303 } && answers.allSatisfy { [303, 409].contains($0.status) })
      #expect(Set(answers.compactMap { $0.headers["Location"] }).count == 1)
      #expect(try await Self.entries(browser).count == 3)
    }
  }

  @Test("An app user comes back locked, and without devices")
  func appUsers() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await AppUserScenarios.fill(browser)
      let anna = try #require(ObjectID(AppUserScenarios.anna))
      let session = try await AppUserScenarios.enrol(anna, device: "one", browser)
      try await browser.batch(
        "{\"operations\":[{\"method\":\"DELETE\",\"object\":{\"type\":\"user\",\"id\":\"\(anna)\"}}]}")
      browser.visits.set(VisitScenarios.visitor(browser, [.editor]))
      var journey = try Self.journey(browser)
      try await journey.open(Self.path(browser, "/models/user/deleted"))
      let link = try #require(journey.page.links.first { $0.contains("/restore?to=") })
      try await journey.open(link)
      #expect(journey.page.text.contains("This is an app user. They come back locked"))
      try await journey.send(to: link, ["do": "restore"])
      #expect(journey.status == 200 && journey.page.text.contains("Anna A"))
      let users = AppUsers(try browser.deployments.deployment(browser.deploymentID), clock: browser.clock)
      let user = try #require(try await users.user(anna))
      #expect(user.isLocked && user.session(session)?.state == .reset)
    }
  }

  @Test("It is for editors, and hidden models have no such page")
  func roles() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let first = try #require(try await Self.entries(browser).last).sequence
      try await Self.write(browser, "PATCH", "\"distance\":1")
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(await browser.send(.get, "\(Self.flight)/restore?to=\(first)").status == 403)
      let page = try await browser.send(.get, "\(Self.flight)/history").page
      #expect(!page.links.contains { $0.contains("/restore") })
      browser.visits.set(VisitScenarios.visitor(browser, [.editor]))
      #expect(await browser.send(.get, "\(Self.flight)/restore?to=\(first)").status == 200)
      #expect(await browser.send(.get, "/models/medical/\(Self.id)/restore?to=\(first)").status == 404)
      for wrong in ["1", "\(first + 1)", "\(first - 1)"] {
        #expect(await browser.send(.get, "\(Self.flight)/restore?to=\(wrong)").status == 404, "\(wrong)")
      }
      #expect(await browser.send(.get, "/models/airline/\(Self.id)/restore?to=\(first)").status == 404)
      let none = await browser.send(.get, "\(Self.flight)/restore")
      #expect(none.status == 303 && none.headers["Location"]?.hasSuffix("/history") == true)
    }
  }
}
