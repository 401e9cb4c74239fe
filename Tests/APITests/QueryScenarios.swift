import Deployments
import HTTPServer
import JSON
import StorageUnderTest
import Testing

@testable import API

/// `query.json` over five flights, numbered in the order of creation.
@Suite("Expressions")
struct QueryScenarios {
  private static let ids = (1...5).map { "0000000\($0)-0000-4000-8000-000000000000" }

  private static func fill(_ api: TestAPI) async {
    let rows = [
      #""title":"Straße","number":3,"departure":"2013-01-02T10:00:00Z","status":"late","tags":["a","b"]"#,
      #""title":"b","number":1,"departure":"2013-01-01T10:00:00Z","status":"landed","tags":["b"]"#,
      #""title":"B","number":null,"departure":"2013-01-01T10:00:00Z""#,
      #""title":"","number":3,"status":"landed","tags":[],"previous_id":"00000001-0000-4000-8000-000000000000""#,
      #""number":2,"departure":"2013-01-03T10:00:00Z""#,
    ]
    for (id, row) in zip(ids, rows) { _ = await api.send(.put, "objects/flight/\(id)", "{\"flight\":{\(row)}}") }
  }

  /// Body → the numbers of the flights, in order.
  private static let rows: [(body: String, found: String)] = [
    ("{}", "12345"), (#"{"expression":null,"arguments":null,"limit":null,"skip":null,"sort":null}"#, "12345"),
    (#"{"expression":"","arguments":[],"sort":[]}"#, "12345"), (#"{"expression":"  ","unknown":{"a":1}}"#, "12345"),
    (#"{"expression":"((number = ? and status in ?))","arguments":[3,["landed","gone"]],"sort":[]}"#, "4"),
    (#"{"expression":"number=?","arguments":["3"]}"#, "14"),
    (#"{"expression":"number=?","arguments":[" +03. "]}"#, "14"),
    (#"{"expression":"title contains ?","arguments":[5]}"#, ""),
    (#"{"expression":"title in ?","arguments":[[1, "b"]]}"#, "2"),
    (#"{"expression":"diverted != ?","arguments":["TRUE"]}"#, "12345"),
    (#"{"expression":"departure = ?","arguments":["2013-01-01 12:00:00,0 +02:00"]}"#, "23"),
    (#"{"expression":"number != ?","arguments":[3]}"#, "235"),
    (#"{"expression":"number = ?","arguments":[null]}"#, "3"),
    (#"{"expression":"number != ?","arguments":[null]}"#, "1245"),
    (#"{"expression":"number < ?","arguments":[null]}"#, ""),
    (#"{"expression":"number in ?","arguments":[[1,null]]}"#, "23"),
    (#"{"expression":"number not in ?","arguments":[[1,null]]}"#, "145"),
    (#"{"expression":"number in ?","arguments":[[]]}"#, ""),
    (#"{"expression":"number not in ?","arguments":[[]]}"#, "12345"),
    (#"{"expression":"number > ? or title = ? and number = ?","arguments":[2,"b",1]}"#, "124"),
    (#"{"expression":"(number>?)or(title=?)","arguments":[2,"B"]}"#, "134"),
    (#"{"expression":"title contains ?","arguments":["STRASSE"]}"#, ""),
    (#"{"expression":"title contains ?","arguments":["RAẞ"]}"#, "1"),
    (#"{"expression":"title contains ?","arguments":["b"]}"#, "23"),
    (#"{"expression":"title starts with ?","arguments":["sTr"]}"#, "1"),
    (#"{"expression":"title starts with ?","arguments":[""]}"#, "1234"),
    (#"{"expression":"tags = ?","arguments":[["b","a"]]}"#, "1"),
    (#"{"expression":"tags = ?","arguments":["b"]}"#, ""), (#"{"expression":"tags = ?","arguments":[[]]}"#, "4"),
    (#"{"expression":"tags contains ?","arguments":["b"]}"#, "12"),
    (#"{"expression":"tags contains ?","arguments":[["b","a"]]}"#, "1"),
    (#"{"expression":"tags in ?","arguments":[["a",null]]}"#, "135"),
    (#"{"expression":"tags not in ?","arguments":[["a"]]}"#, "2345"),
    (#"{"expression":"previous = ?","arguments":["00000001-0000-4000-8000-000000000000"]}"#, "4"),
    (#"{"expression":"previous_id != ?","arguments":["x"]}"#, "12345"),
    (#"{"expression":"id in ?","arguments":[["00000002-0000-4000-8000-000000000000","x",""]]}"#, "2"),
    (#"{"expression":"type = ? and _type = ?","arguments":["flight","flight"],"limit":1}"#, "1"),
    (#"{"expression":"position = ?","arguments":[null]}"#, "12345"),
    (#"{"expression":"status contains ?","arguments":["LAND"]}"#, "24"),
    (#"{"expression":"status starts with ?","arguments":["L"]}"#, "124"),
    (#"{"expression":"status contains ?","arguments":[""]}"#, "124"),
    (#"{"expression":"status starts with ?","arguments":[null]}"#, ""),
    (#"{"expression":"id contains ?","arguments":["0002-0000"]}"#, "2"),
    (#"{"expression":"_id contains ?","arguments":["0000-4000-8000"]}"#, "12345"),
    (#"{"expression":"id starts with ?","arguments":["00000004-"]}"#, "4"),
    (#"{"expression":"id starts with ?","arguments":["0000000"]}"#, "12345"),
    (#"{"expression":"id starts with ? or id contains ?","arguments":["4000","nonsense"]}"#, ""),
    (#"{"expression":"previous contains ?","arguments":["0001"]}"#, "4"),
    (#"{"expression":"previous_id starts with ?","arguments":[""]}"#, "4"),
    (#"{"expression":"previous_id contains ?","arguments":[null]}"#, ""),
    (#"{"expression":"departure = ?","arguments":["2013-01-01"]}"#, "23"),
    (#"{"expression":"departure != ?","arguments":["20130101"]}"#, "145"),
    (#"{"expression":"departure = ?","arguments":["2013-01-01T00:00Z"]}"#, ""),
    (#"{"expression":"departure in ?","arguments":[["2013-01-01","2013-01-03",null]]}"#, "2345"),
    (#"{"expression":"departure not in ?","arguments":[["2013-01-01","2013-01-03T10:00:00Z"]]}"#, "14"),
    (#"{"expression":"departure >= ?","arguments":["2013-01-02"]}"#, "15"),
    (#"{"expression":"departure <= ?","arguments":["2013-01-02"]}"#, "23"),
    (#"{"expression":"updated_at = ?","arguments":["2026-01-01"]}"#, "12345"),
    (#"{"expression":"updated_at not in ?","arguments":[["2026-01-01"]]}"#, ""),
    (#"{"sort":["tags"]}"#, "35124"), (#"{"sort":["-tags"]}"#, "42153"), (#"{"sort":["-tags","number"]}"#, "21435"),
    (#"{"sort":["position"]}"#, "12345"), (#"{"sort":["-pass_id"]}"#, "54321"), (#"{"sort":"-route"}"#, "54321"),
    (#"{"sort":["-number","title"]}"#, "41523"), (#"{"sort":"-$natural","limit":2,"skip":1}"#, "43"),
    (#"{"sort":["updated_at","-_id"],"limit":0,"skip":0}"#, "54321"), (#"{"skip":99999999999999999999}"#, ""),
  ]

  @Test("find and order what the body says")
  func queries() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for row in Self.rows {
        let answer = await api.send(.post, "objects/flight/query.json", row.body)
        let found = answer.json?["objects"]?.elements.map { String(($0["id"]?.string ?? "").dropFirst(7).prefix(1)) }
        #expect(found?.joined() == row.found, "\(row.body): \(answer.text.prefix(300))")
        #expect(answer.headers["x-sojourn-sequence"] != nil)
      }
    }
  }

  @Test("have a total unless the URL says otherwise")
  func totals() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let body = #"{"expression":"number != ?","arguments":[3],"limit":2}"#
      let usual = await api.send(.post, "objects/flight/query", body)
      #expect(usual.json?["total"]?.rawText == "3")
      #expect(usual.json?["more"]?.bool == true)
      let without = await api.send(.post, "objects/flights/query.json?total=false&limit=1", body)
      #expect(without.json?["total"] == nil)
      #expect(without.json?["count"]?.rawText == "2")
    }
  }

  @Test("embed and go on after a cursor, as lists do")
  func includes() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let first = await api.send(
        .post, "objects/flight/query.json",
        #"{"expression":"number = ?","arguments":[3],"limit":1,"sort":["-number"],"include":"previous"}"#)
      #expect(first.json?["objects"]?.elements.first { _ in true }?["previous"]?["id"]?.string == Self.ids[0])
      let next = try #require(first.json?["next"]?.string)
      let second = await api.send(
        .post, "objects/flight/query.json",
        "{\"expression\":\"number=?\",\"arguments\":[3],\"limit\":1,\"sort\":[\"-number\"],\"after\":\"\(next)\"}")
      #expect(second.json?["objects"]?.elements.first { _ in true }?["id"]?.string == Self.ids[0], "\(second.text)")
      for (body, part) in [
        (#"{"after":5}"#, "after takes"), (#"{"after":"x"}"#, "after takes"), (#"{"include":"nope"}"#, "nope"),
        (#"{"include":5}"#, "include takes"),
      ] {
        let answer = await api.send(.post, "objects/flight/query.json", body)
        #expect(answer.status == 400 && answer.detail.contains(part), "\(body): \(answer.text)")
      }
    }
  }

  @Test("that run too long are stopped, and told which index would help")
  func timeLimit() async throws {
    var options = StoragePlace.Options()
    // SQLite looks at the clock every few thousand steps; each of these comparisons is a few. To PostgreSQL no limit is
    // one, and it takes a text that is long to fold.
    options.secondsPerRead = TestStorage.isSQLite ? 0 : 1
    let api = try await TestAPI(options: options)
    await Self.fill(api)
    if !TestStorage.isSQLite {
      let long = String(repeating: "\u{1E9E}", count: 160_000)
      let answer = await api.send(.patch, "objects/flight/\(Self.ids[0])", "{\"flight\":{\"title\":\"\(long)\"}}")
      #expect(answer.status == 200, "\(answer.text.prefix(300))")
    }
    let slow = Array(repeating: "title contains ?", count: 1900).joined(separator: " or ")
    let arguments = Array(repeating: "\"zz\"", count: 1900).joined(separator: ",")
    for (condition, argument, sort, part) in [
      ("status = ?", "\"late\"", "\"-departure\"", "An index on status, -departure in the model flight would help."),
      ("status != ?", "\"x\"", "\"-departure\"", "An index on -departure in the model flight would help."),
      ("number > ?", "0", "", "An index on number in the model flight would help."),
      ("status != ?", "\"x\"", "\"airline\"", "There is an index on airline already"),
    ] {
      let body =
        "{\"expression\":\"\(condition) and (\(slow))\",\"arguments\":[\(argument),\(arguments)],\"sort\":[\(sort)]}"
      let answer = await api.send(.post, "objects/flight/query.json", body)
      #expect(answer.status == 503, "\(answer.text.prefix(300))")
      #expect(answer.detail.contains(part), "\(answer.detail)")
      #expect(answer.headers["retry-after"] == "1")
    }
    await api.deployments.close()
  }

  /// Days of ten centuries, in JSON.
  private func day(number: Int) -> String { "\"\(1000 + number / 10)-\(10 + number % 3)-\(10 + number % 20)\"" }

  @Test("may be as deep, as long and as full as the limits say")
  func largest() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let list = "[" + (0..<10_000).map { String($0 + 3) }.joined(separator: ",") + "]"
      let deep = String(repeating: "(", count: 64) + "number = ?" + String(repeating: ")", count: 64)
      let nested = (0..<64).reduce("number = ?") { inner, level in
        "(\(inner)) \(level % 2 == 0 ? "or" : "and") number = ?"
      }
      let days = "[" + (0..<10_000).map { day(number: $0) }.joined(separator: ",") + "]"
      for (expression, arguments) in [
        (deep, ["3"]), (nested, Array(repeating: "3", count: 65)),
        (Array(repeating: "number = ?", count: 2000).joined(separator: " or "), Array(repeating: "3", count: 2000)),
        (Array(repeating: "number = ?", count: 2000).joined(separator: " and "), Array(repeating: "3", count: 2000)),
        ("departure not in ? and number = ?", [days, "3"]),
        (Array(repeating: "number in ?", count: 10).joined(separator: " or "), Array(repeating: list, count: 10)),
      ] {
        let body = "{\"expression\":\"\(expression)\",\"arguments\":[\(arguments.joined(separator: ","))]}"
        let answer = await api.send(.post, "objects/flight/query.json", body)
        #expect(answer.json?["count"]?.rawText == "2", "\(answer.text.prefix(300))")
      }
    }
  }
}
