import JSON
import Testing

/// Lists over five flights, numbered in the order of creation.
@Suite("Lists")
struct ListScenarios {
  private static let ids = (1...5).map { "0000000\($0)-0000-4000-8000-000000000000" }

  private static func fill(_ api: TestAPI) async {
    let rows = [
      #""title":"Ä","number":3,"departure":"2013-01-02T10:00:00Z","status":"late","tags":["a","b"],"diverted":true"#,
      #""title":"b","number":1,"departure":"2013-01-01T10:00:00Z","status":"landed","tags":["b"]"#,
      #""title":"B","number":null,"departure":"2013-01-01T10:00:00Z","diverted":false"#,
      #""title":"","number":3,"status":"landed","tags":[],"previous_id":"00000001-0000-4000-8000-000000000000""#,
      #""number":2,"departure":"2013-01-03T10:00:00Z""#,
    ]
    for (id, row) in zip(ids, rows) {
      let answer = await api.send(.put, "objects/flight/\(id)", "{\"flight\":{\(row)}}")
      #expect(answer.status == 200, "\(answer.text)")
    }
  }

  /// Query → the numbers of the flights, in order.
  private static let rows: [(query: String, found: String)] = [
    ("", "12345"), ("q[number]=3", "14"), ("query[number]=3", "14"), ("q[number.ne]=3", "235"),
    ("q[number.gt]=1", "145"),
    ("q[number.gte]=1.5", "145"), ("q[number.lt]=1000000000000", "1245"), ("q[number.null]=true", "3"),
    ("q[number.null]=false", "1245"), ("q[title]=", "4"), ("q[title.contains]=b", "2"),
    ("q[title.contains]=%C3%84", "1"),
    ("q[title.gt]=B", "12"), ("q[status]=landed", "24"), ("q[status.ne]=landed", "135"), ("q[status]=unknown", ""),
    ("q[tags]=a", "1"), ("q[tags.contains]=b", "12"), ("q[tags.ne]=b", "345"), ("q[tags.null]=true", "35"),
    ("q[diverted]=1", "1"), ("q[diverted]=false", "3"), ("q[departure.lt]=2013-01-02", "23"),
    ("q[departure]=2013-01-01T12:00:00%2B02:00", "23"), ("q[previous]=\(ids[0])", "4"),
    ("q[previous_id]=\(ids[0])", "4"),
    ("q[previous_id]=nonsense", ""), ("q[previous_id.ne]=nonsense", "12345"), ("q[id]=\(ids[2])", "3"),
    ("q[_id]=\(ids[2])", "3"), ("q[_type]=flight", "12345"), ("q[_type]=airline", ""),
    ("q[_updated_at.gt]=2025-12-31T00:00:00Z", "12345"), ("q[updated_at.lt]=2025-12-31", ""),
    ("q[number]=3&q[status]=landed", "4"), ("q[number]=+003.", "14"), ("q[departure.null]=FALSE", "1235"),
    ("q[departure]=2013-01-01+12:00:00.5+%2B02:00", "23"), ("q[diverted]=TRUE", "1"), ("q[diverted.ne]=False", "1245"),
    ("sort[number]=1", "32514"), ("sort[number]=-1", "41523"), ("sort[number]=desc", "41523"),
    ("sort[number]=ASC", "32514"),
    ("sort[title]=1", "54321"), ("sort[departure]=1&sort[number]=-1", "42315"), ("sort[$natural]=-1", "54321"),
    ("sort%5B$natural%5D=1", "12345"), ("sort[updated_at]=-1", "54321"), ("sort[_updated_at]=desc&limit=1", "5"),
    ("sort[id]=-1&limit=2", "54"), ("limit=2", "12"), ("limit=2&skip=3", "45"), ("limit=0", "12345"),
    ("limit=&skip=", "12345"),
    ("limit=5000", "12345"), ("skip=99999999999999999999999", ""), ("unknown=1&&a=b&", "12345"),
  ]

  @Test("find and order what the query says")
  func queries() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for row in Self.rows {
        let answer = await api.send(.get, "objects/flight.json?\(row.query)")
        let found = answer.json?["objects"]?.elements.map { String(($0["id"]?.string ?? "").dropFirst(7).prefix(1)) }
        #expect(found?.joined() == row.found, "\(row.query): \(answer.text.prefix(300))")
        #expect(answer.json?["count"]?.rawText == String(row.found.count))
      }
    }
  }

  @Test("count, say the total, and whether there is more")
  func envelope() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for (query, total, more) in [
        ("limit=2", "5", true), ("limit=2&skip=3", "5", false), ("limit=2&skip=2", "5", true), ("skip=7", "5", false),
        ("q[number]=3&limit=1", "2", true), ("q[number]=3", "2", false), ("limit=2&total=false", nil, true),
        ("limit=5&total=false", nil, false), ("total=true", "5", false), ("total=False", nil, false),
      ] as [(String, String?, Bool)] {
        let answer = await api.send(.get, "objects/flight.json?\(query)")
        #expect(answer.json?["total"]?.rawText == total, "\(query)")
        #expect(answer.json?["more"]?.bool == more, "\(query)")
      }
      #expect(await api.send(.get, "objects/flight/count.json?q[number]=3").text == #"{"count":2}"#)
      #expect(await api.send(.get, "objects/airline.json").text == #"{"objects":[],"count":0,"total":0,"more":false}"#)
    }
  }

  @Test("say which oplog entries they contain")
  func sequence() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let before = Int64(await api.send(.get, "objects/flight.json").headers["x-sojourn-sequence"] ?? "") ?? 0
      #expect(before > 1_767_225_600_000 << 10)
      _ = await api.send(.delete, "objects/flight/\(Self.ids[0])")
      let after = Int64(await api.send(.get, "objects/flight/\(Self.ids[1])").headers["x-sojourn-sequence"] ?? "") ?? 0
      #expect(after > before)
    }
  }

  @Test("larger than memory allows are read whole from a file")
  func spooled() async throws {
    try await TestAPI.run { api in
      let title = String(repeating: "x", count: 100_000)
      for _ in 0..<5 { _ = await api.send(.post, "objects/flight", "{\"flight\":{\"title\":\"\(title)\"}}") }
      let answer = await api.send(.get, "objects/flight.json")
      #expect(answer.text.utf8.count > 500_000)
      #expect(answer.json?["count"]?.rawText == "5")
    }
  }
}
