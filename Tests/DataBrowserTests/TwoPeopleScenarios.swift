import DataBrowser
import HTTPServer
import PageReading
import Storage
import Testing
import Wire

/// Two people who change one object, and somebody who deletes it, in all orders, against an oracle that knows only what
/// each of them saw.
@Suite("Two people on one object")
struct TwoPeopleScenarios {
  private enum Step: CaseIterable {
    case aOpens, aSaves, bOpens, bSaves, deleted
  }

  /// All orders in which each opens before saving.
  private static let orders: [[Step]] = {
    func all(_ left: [Step]) -> [[Step]] {
      left.isEmpty ? [[]] : left.flatMap { step in all(left.filter { $0 != step }).map { [step] + $0 } }
    }
    return all(Step.allCases).filter { order in
      func at(_ step: Step) -> Int { order.firstIndex(of: step) ?? 0 }
      return at(.aOpens) < at(.aSaves) && at(.bOpens) < at(.bSaves)
    }
  }()

  /// What is stored, as the oracle has it; nil once it is deleted.
  private struct Stored: Equatable {
    var number = "N"
    var distance = 1
  }

  private struct Person {
    let journey: Journey
    /// The field that they change, and to what.
    let field: String
    let value: String
    var seen: Stored?

    func isTouched(_ now: Stored) -> Bool {
      guard let seen else { return false }
      return field == "number" ? now.number != seen.number && now.number != value : now.distance != seen.distance
    }

    func put(in now: Stored) -> Stored {
      var now = now
      if field == "number" { now.number = value } else { now.distance = Int(value) ?? 0 }
      return now
    }
  }

  @Test("Nobody's save is lost, and none is done that was not to be", arguments: ["number", "distance"])
  func orders(_ fieldOfB: String) async throws {
    #expect(Self.orders.count == 30)
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for (index, order) in Self.orders.enumerated() {
        try await Self.run(order, index, fieldOfB, browser)
      }
      #expect(browser.log.faults == [])
    }
  }

  private static func run(_ order: [Step], _ index: Int, _ fieldOfB: String, _ browser: TestBrowser) async throws {
    let id = "0195a3b2-0000-7000-8000-0000000001\(index < 10 ? "0" : "")\(index)"
    func batch(_ method: String, _ rest: String) async throws {
      try await browser.batch(
        "{\"operations\":[{\"method\":\"\(method)\",\"object\":{\"type\":\"flight\",\"id\":\"\(id)\"\(rest)}}]}")
    }
    try await batch("POST", ",\"number\":\"N\",\"distance\":1")
    var stored: Stored? = Stored()
    var journey = try Journey(browser)
    journey.host = "here"
    var a = Person(journey: journey, field: "number", value: "by a")
    var b = Person(journey: journey, field: fieldOfB, value: fieldOfB == "number" ? "by b" : "7")
    var pages: [String: Journey] = [:]
    let path = "/databrowser/\(browser.deploymentID)/models/flight/\(id)/edit"
    for step in order {
      switch step {
      case .deleted:
        try await batch("DELETE", "")
        stored = nil
      case .aOpens, .bOpens:
        try await journey.open(path)
        #expect(journey.status == (stored == nil ? 404 : 200), "\(order)")
        pages[step == .aOpens ? "a" : "b"] = stored == nil ? nil : journey
        if step == .aOpens { a.seen = stored } else { b.seen = stored }
      case .aSaves, .bSaves:
        let person = step == .aSaves ? a : b
        guard var page = pages[step == .aSaves ? "a" : "b"] else { continue }
        try await page.send(to: path, ["v[\(person.field)]": person.value, "do": "save"])
        let isDone = stored.map { !person.isTouched($0) } ?? false
        #expect(page.status == (isDone ? 200 : 409), "\(order) \(step)")
        if isDone { stored = stored.map(person.put) }
      }
      let json = await browser.send(.get, "/models/flight/\(id)/json?as=file")
      guard let stored else {
        #expect(json.status == 404, "\(order)")
        continue
      }
      #expect(
        json.text.contains("\"number\":\"\(stored.number)\"") && json.text.contains("\"distance\":\(stored.distance),"),
        "\(order) after \(step)")
    }
  }

  // MARK: With restoring.

  private enum Move: CaseIterable {
    case aOpens, aSaves, bOpens, bRestores, cOpens, cDeletes
  }

  private static let moves: [[Move]] = {
    func all(_ left: [Move]) -> [[Move]] {
      left.isEmpty ? [[]] : left.flatMap { move in all(left.filter { $0 != move }).map { [move] + $0 } }
    }
    return all(Move.allCases).filter { order in
      func at(_ move: Move) -> Int { order.firstIndex(of: move) ?? 0 }
      return at(.aOpens) < at(.aSaves) && at(.bOpens) < at(.bRestores) && at(.cOpens) < at(.cDeletes)
    }
  }()

  /// What is stored, and what each form has seen of it, as the oracle has it.
  private struct Table {
    var stored: Stored? = Stored(number: "N", distance: 2)
    /// How often it was written to.
    var writes = 2
    var pages: [Move: Journey] = [:]
    /// Of the form of this opening: the writes that it has seen, and whether the object was there.
    var seen: [Move: (writes: Int, isThere: Bool)] = [:]

    mutating func write(_ state: Stored?) {
      stored = state
      writes += 1
    }
  }

  @Test("One edits, one restores, one deletes: each outcome is the right page, and every write stands in the history")
  func restoring() async throws {
    #expect(Self.moves.count == 90)
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for (index, order) in Self.moves.enumerated() { try await Self.run(order, 300 + index, browser) }
      #expect(browser.log.faults == [])
    }
  }

  private static func run(_ order: [Move], _ index: Int, _ browser: TestBrowser) async throws {
    let id = "0195a3b2-0000-7000-8000-000000000\(index)"
    for (method, distance) in [("POST", 1), ("PATCH", 2)] {
      try await browser.batch(
        """
        {"operations":[{"method":"\(method)","object":{"type":"flight","id":"\(id)","number":"N","distance":\(distance)}}]}
        """)
    }
    let store = try RestoreScenarios.store(browser)
    func entries() async throws -> [OplogEntry] {
      try await store.read { try $0.oplog(from: 0, limit: 100_000) }.filter { $0.id == ObjectID(id) }
    }
    let first = try #require(try await entries().first).sequence
    let object = "/databrowser/\(browser.deploymentID)/models/flight/\(id)"
    let paths: [Move: String] = [
      .aOpens: "\(object)/edit", .bOpens: "\(object)/restore?to=\(first)", .cOpens: "\(object)/delete",
    ]
    var table = Table()
    for move in order {
      switch move {
      case .aOpens, .bOpens, .cOpens: try await open(move, paths, &table, browser)
      case .aSaves: try await send(move, .aOpens, paths, &table, ["v[number]": "by a", "do": "save"])
      case .bRestores: try await send(move, .bOpens, paths, &table, ["do": "restore"])
      case .cDeletes: try await send(move, .cOpens, paths, &table, [:])
      }
      let json = await browser.send(.get, "/models/flight/\(id)/json?as=file")
      if let stored = table.stored {
        let text = json.text
        #expect(
          text.contains("\"number\":\"\(stored.number)\"") && text.contains("\"distance\":\(stored.distance),"),
          "\(order) after \(move)")
      } else {
        #expect(json.status == 404, "\(order) after \(move)")
      }
    }
    #expect(try await entries().count == table.writes, "\(order)")
  }

  private static func open(
    _ move: Move, _ paths: [Move: String], _ table: inout Table, _ browser: TestBrowser
  ) async throws {
    var journey = try Journey(browser)
    journey.host = "here"
    try await journey.open(paths[move] ?? "")
    let isThere = table.stored != nil
    // What is gone can be restored, and neither edited nor deleted.
    #expect(journey.status == (isThere || move == .bOpens ? 200 : 404), "\(move)")
    if journey.status == 200 { table.pages[move] = journey }
    table.seen[move] = (table.writes, isThere)
  }

  private static func send(
    _ move: Move, _ opening: Move, _ paths: [Move: String], _ table: inout Table, _ typed: [String: String]
  ) async throws {
    guard var page = table.pages[opening], let seen = table.seen[opening] else { return }
    try await page.send(to: paths[opening] ?? "", typed)
    let expected: (status: Int, words: String)
    switch (move, table.stored) {
    case (.aSaves, nil): expected = (409, "Deleted meanwhile")
    case (.aSaves, let stored?):
      // Nobody else writes to this field but with what it had.
      expected = (200, "was saved")
      table.write(Stored(number: "by a", distance: stored.distance))
    case (.cDeletes, nil): expected = (404, "There is no object")
    case (.cDeletes, _) where seen.writes != table.writes: expected = (409, "It was changed since")
    case (.cDeletes, _):
      expected = (200, "was deleted")
      table.write(nil)
    case (_, nil) where seen.isThere: expected = (409, "Deleted meanwhile")
    case (_, .some) where !seen.isThere: expected = (409, "There is an object with this id again")
    case (_, .some) where seen.writes != table.writes: expected = (409, "Changed by somebody else meanwhile")
    default:
      expected = (200, "was restored as it was")
      table.write(Stored())
    }
    #expect(page.status == expected.status && page.page.text.contains(expected.words), "\(move): \(page.status)")
  }
}
