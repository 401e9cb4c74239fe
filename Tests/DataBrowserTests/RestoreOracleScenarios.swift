import DataBrowser
import DataModel
import Deployments
import HTTPServer
import JSON
import PageReading
import Storage
import Testing
import Wire

/// Histories and restoring against an oracle, over random writes, deploys and trims.
@Suite("Restoring against an oracle")
struct RestoreOracleScenarios {
  @Test(
    "What comes back is what an independent list of all states says, and nothing else",
    arguments: [1, 2013, 77])
  func random(_ seed: UInt64) async throws {
    let first = World.document(["a": "text", "b": "integer", "c": "text"])
    try await TestBrowser.run(schema: first) { browser in
      var world = try World(browser, seed)
      for round in 0..<250 {
        switch Int.random(in: 0..<10, using: &world.random) {
        case 0: try await world.deploy()
        case 1: if round > 20 { try await world.trim() }
        case 2...4: try await world.write(to: world.anyID())
        default: try await world.restore("seed \(seed), round \(round)")
        }
      }
      #expect(world.done > 50 && world.refused > 5, "\(world.done) restored, \(world.refused) refused")
      for id in 0..<World.count { try await world.checkHistory(of: id) }
      try await world.checkAllTypes()
      #expect(browser.log.faults == [])
    }
  }

  struct World {
    static let count = 4
    private static let kinds = ["text", "integer", "number", "date"]

    let browser: TestBrowser
    let store: any ObjectStore
    var random: SplitMix
    private var oracle = RestoreOracle(types: ["a": "text", "b": "integer", "c": "text"])
    private var journey: Journey
    /// Each value is another one.
    private var drawn = 0
    var done = 0
    var refused = 0

    init(_ browser: TestBrowser, _ seed: UInt64) throws {
      self.browser = browser
      store = try browser.deployments.deployment(browser.deploymentID).store
      random = SplitMix(seed: seed)
      journey = try Journey(browser)
      journey.host = "here"
    }

    static func document(_ types: [String: String]) -> String {
      let fields = types.sorted { $0.key < $1.key }.map {
        "<field name=\"\($0.key)\" label=\"\($0.key)\" type=\"\($0.value)\"/>"
      }
      return
        "<data-model><model name=\"thing\" label=\"Thing\">\(fields.joined())<display>T</display></model></data-model>"
    }

    private func path(_ id: Int, _ rest: String = "") -> String {
      "/databrowser/\(browser.deploymentID)/models/thing/0195a3b2-0000-7000-8000-00000000000\(id)\(rest)"
    }

    mutating func anyID() -> Int { Int.random(in: 0..<Self.count, using: &random) }
    private mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
    private func lastSequence() async throws -> Int64 { try await store.read { try $0.nextSequence() - 1 } }

    // MARK: What others do.

    mutating func deploy() async throws {
      try await deploy(
        a: Self.kinds.randomElement(using: &random) ?? "text", hasC: !once(in: 3))
    }

    private mutating func deploy(a: String, hasC: Bool) async throws {
      oracle.types = ["a": a, "b": "integer"]
      if hasC { oracle.types["c"] = "text" }
      let model = DataModelReader.read(Array(Self.document(oracle.types).utf8)).model
      _ = try await store.deploy(try #require(model), by: nil)
    }

    mutating func trim() async throws {
      let kept = oracle.entries.filter { $0.sequence > oracle.trimmed }
      guard let entry = kept.prefix(max(kept.count / 3, 1)).randomElement(using: &random) else { return }
      while try await !store.trimOplog(.before(entry.sequence)).isDone {}
      oracle.trimmed = try await store.read { try $0.oplogBounds().trimmed }
    }

    private mutating func value(_ type: String) -> String {
      drawn += 1
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return switch type {
      case "text": "\"t\(drawn)\""
      case "integer": "\(drawn)"
      case "number": "\(drawn).5"
      default: "\"\(2000 + drawn / 336)-\(two(1 + drawn / 28 % 12))-\(two(1 + drawn % 28))\""
      }
    }

    mutating func write(to id: Int) async throws {
      let now = oracle.state(of: id)
      var state = now ?? [:]
      var members = ""
      let isDeletion = now != nil && once(in: 4)
      for (name, type) in oracle.types.sorted(by: { $0.key < $1.key }) where !isDeletion && !once(in: 3) {
        let json = once(in: 4) ? nil : value(type)
        state[name] = json.map { RestoreOracle.Value(type: type, json: $0) }
        members += ",\"\(name)\":\(json ?? "null")"
      }
      let method = isDeletion ? "DELETE" : now == nil ? "POST" : "PATCH"
      let object = path(id).split(separator: "/").last ?? ""
      try await browser.batch(
        "{\"operations\":[{\"method\":\"\(method)\",\"object\":{\"type\":\"thing\",\"id\":\"\(object)\"\(members)}}]}")
      if now == nil || isDeletion || state != now {
        oracle.note(try await lastSequence(), id, state, isDeletion: isDeletion)
      }
    }

    // MARK: Restoring.

    mutating func restore(_ what: String) async throws {
      // Now and then one that was trimmed.
      let offered = once(in: 8) ? oracle.entries : oracle.entries.filter { $0.sequence > oracle.trimmed }
      guard let entry = offered.randomElement(using: &random) else { return }
      let address = path(entry.id, "/restore?to=\(entry.sequence)")
      try await journey.open(address)
      if entry.sequence <= oracle.trimmed {
        #expect(journey.status == 404 && journey.page.text.contains("was trimmed"), "\(what)")
        return
      }
      let opened = oracle.plan(entry)
      check(opened, what)
      if once(in: 2) { try await disturb(entry.id) }
      guard opened.isPossible else { return }
      try await journey.send(to: address, ["do": "restore"])
      if entry.sequence <= oracle.trimmed {
        #expect(journey.status == 409 && journey.page.text.contains("not kept any more"), "\(what)")
        return
      }
      let plan = oracle.plan(entry)
      if plan.seen != opened.seen || plan.changed != opened.changed || plan.left != opened.left {
        #expect(journey.status == 409, "\(what)")
        refused += 1
        check(plan, what)
        guard plan.isPossible else { return }
        try await journey.send(to: address, ["do": "restore"])
      }
      #expect(journey.status == 200, "\(what)")
      done += 1
      oracle.note(try await lastSequence(), entry.id, plan.result)
      try await checkValues(of: entry.id, what)
    }

    private mutating func disturb(_ id: Int) async throws {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: try await deploy()
      case 1: try await trim()
      case 2: try await write(to: anyID())
      default: try await write(to: id)
      }
    }

    /// What the page says of a plan.
    private func check(_ plan: RestoreOracle.Plan, _ what: String) {
      let page = journey.page
      let rows = page.all("th").filter { $0.attributes["scope"] == "row" }.map(\.text)
      // What was empty and stays so is not told of an object that comes again.
      #expect(Set(rows) == Set(plan.changed.keys), "\(what): what changes")
      let left = page.all("strong").filter { $0.path.contains("li") && $0.path.contains("main") }.map(\.text)
      #expect(Set(left) == Set(plan.left.keys), "\(what): what does not come back")
      #expect(page.all("button").contains { $0.attributes["value"] == "restore" } == plan.isPossible, "\(what)")
    }

    /// What the API prints of the values that were written under the types of now.
    private func checkValues(of id: Int, _ what: String) async throws {
      let answer = await browser.send(.get, path(id, "/json?as=file"))
      guard let state = oracle.state(of: id) else { return #expect(answer.status == 404, "\(what)") }
      let root = try JSONDocument.read(answer.text).root
      for (name, type) in oracle.types where state[name] == nil || state[name]?.type == type {
        #expect(root[name]?.rawText == state[name]?.json ?? "null", "\(what): \(name) of \(id)")
      }
    }

    /// All objects, and what is hidden now too.
    mutating func checkAllTypes() async throws {
      for kind in Self.kinds {
        try await deploy(a: kind, hasC: true)
        for id in 0..<Self.count { try await checkValues(of: id, "in the end, as \(kind)") }
      }
    }

    /// The history offers each entry that is kept but the present one.
    mutating func checkHistory(of id: Int) async throws {
      var found: [String] = []
      var next: String? = path(id, "/history")
      while let address = next {
        try await journey.open(address)
        if journey.status == 404 { break }
        found += journey.page.links.filter { $0.contains("/restore?to=") }
        next = journey.page.links.first { $0.contains("/history?before=") }
      }
      let entries = oracle.entries.filter { $0.id == id && $0.sequence > oracle.trimmed }.reversed()
      let offered = oracle.state(of: id) == nil ? Array(entries) : Array(entries.dropFirst())
      #expect(found == offered.map { path(id, "/restore?to=\($0.sequence)") }, "the history of \(id)")
    }
  }
}
