import DataModel
import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

/// The change feed: five changes of flights and one of an airline, one each second.
@Suite("The change feed")
struct FeedScenarios {
  static let first: Int64 = 1_767_225_600_000 << 10
  private static let second: Int64 = 1000 << 10
  private static let flight = "00000001-0000-4000-8000-000000000000"
  private static let airline = "00000002-0000-4000-8000-000000000000"

  /// The sequence of the change with this number, from 0.
  private static func at(_ number: Int64) -> Int64 { first + number * second }

  static func fill(_ api: TestAPI) async {
    let changes: [(Method, String, String)] = [
      (.put, "objects/flight/\(flight)", #"{"flight":{"number":1,"airline_id":"\#(airline)","status":"late"}}"#),
      (.put, "objects/airline/\(airline)", #"{"airline":{"carrier":"UA"}}"#),
      (.patch, "objects/flight/\(flight)", #"{"flight":{"number":2}}"#),
      (.patch, "objects/flight/\(flight)", #"{"flight":{"title":"a\"b"}}"#),
      (.delete, "objects/flight/\(flight)", ""),
      (.patch, "objects/airline/\(airline)", #"{"airline":{"carrier":"AA"}}"#),
    ]
    for (method, path, body) in changes {
      let answer = await api.send(method, path, body)
      #expect(answer.status == 200, "\(answer.text)")
      api.clock.advance(byMilliseconds: 1000)
    }
  }

  /// Query → the numbers of the changes, whether there are more, and the number of the change that the
  /// next request starts behind (-1: where this one did).
  private static let rows: [(query: String, found: [Int64], more: Bool, behind: Int64)] = [
    ("", [0, 1, 2, 3, 4, 5], false, 5), ("start=0", [0, 1, 2, 3, 4, 5], false, 5),
    ("start=", [0, 1, 2, 3, 4, 5], false, 5),
    ("start=\(at(0))", [0, 1, 2, 3, 4, 5], false, 5), ("start=\(at(0) + 1)", [1, 2, 3, 4, 5], false, 5),
    ("start=\(at(2))&end=\(at(4))", [2, 3], false, 3), ("start=\(at(2))&end=\(at(4) + 1)", [2, 3, 4], false, 4),
    ("start=\(at(4))&end=\(at(2))", [], false, -1), ("limit=2", [0, 1], true, 1),
    ("limit=6", [0, 1, 2, 3, 4, 5], false, 5),
    ("limit=5000", [0, 1, 2, 3, 4, 5], false, 5), ("limit=", [0, 1, 2, 3, 4, 5], false, 5),
    ("limit=0", [0, 1, 2, 3, 4, 5], false, 5), ("start=\(at(3))&limit=1&sequence_ids=true", [3], true, 3),
    ("sequence_ids=perhaps&sequence_ids=&limit=1", [0], true, 0),
    ("tail=true&limit=2", [4, 5], false, 5), ("tail=true&limit=2&end=\(at(4))", [2, 3], false, 3),
    ("tail=true&start=\(at(3))&limit=2", [4, 5], false, 5), ("tail=true&limit=2&start=\(at(5))", [5], false, 5),
    ("tail=false&limit=1", [0], true, 0), ("tail=true&start=\(at(6))", [], false, -1),
    ("model=airline", [1, 5], false, 5), ("model=flight", [0, 2, 3, 4], false, 5),
    ("model=flight&limit=1", [0], true, 0),
    ("model=airline&limit=1", [1], true, 1), ("model=airline&start=\(at(2))&end=\(at(5))", [], false, 4),
    ("model=airline,flight&limit=2", [0, 1], true, 1), ("model=&limit=1", [0], true, 0),
    ("model=airline&tail=true&limit=1", [5], false, 5), ("model=flight&tail=true&limit=2", [3, 4], false, 5),
    ("start=\(at(6))", [], false, -1), ("start=\(at(3600))", [], false, -1),
    ("end=9223372036854775807", [0, 1, 2, 3, 4, 5], false, 5),
    // Positions of the hosted service: seconds × 2^32 + a counter.
    ("start=\((Int64(1_767_225_600) << 32) + 77)", [0, 1, 2, 3, 4, 5], false, 5),
    ("start=\(Int64(1_767_225_602) << 32)", [2, 3, 4, 5], false, 5),
    ("start=\(Int64(1_500_000_000) << 32)&limit=1", [0], true, 0),
    ("start=\(Int64(1_767_226_000) << 32)", [], false, -1),
  ]

  @Test("gives the range that is asked for and says where to go on")
  func ranges() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for row in Self.rows {
        let answer = await api.send(.get, "oplog.json?\(row.query)")
        let json = answer.json
        #expect(answer.status == 200, "\(row.query): \(answer.text)")
        let found = json?["entries"]?.elements.map { $0["sequence"]?.rawText ?? "" }
        #expect(found == row.found.map { "\(Self.at($0))" }, "\(row.query)")
        #expect(
          json?["entries"]?.elements.map { $0["sequence_id"]?.string ?? "" } == row.found.map { "\(Self.at($0))" },
          "\(row.query)")
        #expect(json?["has_more"]?.bool == row.more, "\(row.query)")
        let start = row.query.split(separator: "&").first { $0.hasPrefix("start=") }.map { String($0.dropFirst(6)) }
        let expected = row.behind < 0 ? start ?? "0" : "\(Self.at(row.behind) + 1)"
        #expect(json?["next_request_start"]?.string == expected, "\(row.query)")
        #expect(json?["datamodel_hash"]?.string == api.deployments[api.deploymentID]?.store.dataModel.model.hash)
      }
    }
  }

  /// Query → what the detail says.
  private static let refused: [(query: String, detail: String)] = [
    ("start=-1", "start takes a position"), ("start=x", "start takes a position"),
    ("end=9223372036854775808", "end takes"),
    ("start[]=5", "start takes one value"), ("end[0]=5", "end takes one value"), ("limit[]=5", "limit takes one value"),
    ("tail[]=true", "tail takes one value"), ("model[]=flight", "model takes one value"),
    ("wait[a]=1", "wait takes one"),
    ("sequence_ids[]=true", "sequence_ids takes one"),
    ("start=1e3", "start takes"), ("limit=-1", "limit takes"), ("limit=many", "limit takes"),
    ("tail=perhaps", "tail takes"),
    ("wait=-1", "wait takes"), ("wait=soon", "wait takes"), ("model=airline,ship", "no model \"ship\""),
    ("start=5", "older than the oldest entry that is kept, \(first)"),
    ("start=\(first - 1)", "oldest entry that is kept"),
    ("start=\(at(3607))", "one hour ahead"), ("start=\(Int64(1_767_299_999) << 32)", "one hour ahead"),
    ("start=9223372036854775807", "one hour ahead"), ("start=\((Int64(1) << 60) - 1)", "one hour ahead"),
  ]

  @Test("refuses what it cannot read, with the reason")
  func refusals() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for row in Self.refused {
        let answer = await api.send(.get, "oplog.json?\(row.query)")
        #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(row.query): \(answer.text)")
        #expect(answer.detail.contains(row.detail), "\(row.query): \(answer.detail)")
      }
      #expect(await api.send(.post, "oplog.json").status == 404)
    }
  }

  @Test("shows each change with the state after it and the display of now")
  func entries() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let entries = await api.send(.get, "oplog.json").json?["entries"]?.elements.map { $0 } ?? []
      #expect(entries.map { $0["operation"]?.string } == ["create", "create", "update", "update", "delete", "update"])
      let app = api.deployments[api.deploymentID]?.record.appID ?? ""
      #expect(
        entries.first?.rawText
          == #"{"sequence":\#(Self.first),"sequence_id":"\#(Self.first)","operation":"create","app_id":"\#(app)","#
          + #""events":[],"object":{"id":"\#(Self.flight)","type":"flight","updated_at":"2026-01-01T00:00:00Z","#
          + #""display":"AA 1","title":null,"number":1,"distance":null,"day":null,"departure":null,"diverted":null,"#
          + #""status":{"key":"late","display":"Late"},"level":null,"tags":null,"codes":null,"position":null,"#
          + #""pass_id":null,"pass":null,"route":null,"airline_id":"\#(Self.airline)","previous_id":null}}"#)
      #expect(entries.map { $0["object"]?["display"]?.string } == ["AA 1", "UA", "AA 2", "AA 2", "AA 2", "AA"])
      #expect(entries[4]["object"]?["title"]?.string == "a\"b")
      #expect(entries[4]["object"]?["updated_at"]?.string == "2026-01-01T00:00:04Z")
    }
  }

  @Test("keeps three keys of a model that is no longer deployed")
  func removedModel() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let store = try #require(api.deployments[api.deploymentID]?.store)
      let airlineOnly = TestAPI.model(
        #"<data-model><model name="airline" label="A">"#
          + #"<field name="name" label="Name" type="text"/><field name="carrier" label="C" type="text"/><display>{carrier}</display></model></data-model>"#
      )
      _ = try await store.deploy(try #require(airlineOnly), by: nil)
      let answer = await api.send(.get, "oplog.json")
      let objects = answer.json?["entries"]?.elements.map { $0["object"]?.rawText ?? "" } ?? []
      #expect(objects.first == #"{"id":"\#(Self.flight)","type":"flight","updated_at":"2026-01-01T00:00:00Z"}"#)
      #expect(
        objects.last == #"{"id":"\#(Self.airline)","type":"airline","updated_at":"2026-01-01T00:00:05Z","#
          + #""display":"AA","name":null,"carrier":"AA"}"#)
      #expect(await api.send(.get, "oplog.json?model=flight").json?["entries"]?.elements.map { $0 }.count == 4)
      #expect(answer.json?["datamodel_hash"]?.string == store.dataModel.model.hash)
    }
  }

  @Test("of a deployment without a write is empty, and can be followed from what its lists say")
  func unwritten() async throws {
    try await TestAPI.run { api in
      #expect(await api.send(.get, "objects/flight.json").headers["x-sojourn-sequence"] == "0")
      let hash = try #require(api.deployments[api.deploymentID]?.store.dataModel.model.hash)
      #expect(
        await api.send(.get, "oplog.json?start=0").text
          == #"{"entries":[],"has_more":false,"next_request_start":"0","datamodel_hash":"\#(hash)"}"#)
      await Self.fill(api)
      #expect(await api.send(.get, "oplog.json?start=0").json?["entries"]?.elements.map { $0 }.count == 6)
    }
  }

  @Test("reads large states page by page")
  func large() async throws {
    try await TestAPI.run { api in
      let title = String(repeating: "x", count: 400_000)
      for number in 0..<7 {
        _ = await api.send(.post, "objects/flight", "{\"flight\":{\"number\":\(number),\"title\":\"\(title)\"}}")
      }
      let entries = await api.send(.get, "oplog.json").json?["entries"]?.elements.map { $0 } ?? []
      #expect(entries.map { $0["object"]?["number"]?.rawText } == (0..<7).map(String.init))
      #expect(entries.allSatisfy { $0["object"]?["title"]?.string?.utf8.count == 400_000 })
    }
  }
}
