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
}
