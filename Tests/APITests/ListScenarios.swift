import Deployments
import HTTPServer
import JSON
import Testing
import Wire

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
    ("sort[tags]=1", "35124"), ("sort[tags]=-1", "42153"), ("sort[pass]=1&limit=2", "12"),
    ("sort[pass_id]=desc", "54321"),
    ("sort[position]=1&sort[number]=-1", "41523"), ("sort[tags]=-1&sort[number]=1", "21435"),
    ("q[status.contains]=land", "24"), ("q[status.contains]=LAND", ""), ("q[id.contains]=00000002", "2"),
    ("q[previous.contains]=0001-0000", "4"), ("q[previous_id.contains]=A", ""), ("q[departure]=2013-01-01", ""),
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

  @Test("refuse filters without their q, or pass them over where the deployment says so, with a line a day")
  func lostFilters() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let asked = ["objects/flight.json?status=landed", "objects/flight/count.json?status=landed"]
      // New deployments refuse.
      for path in asked {
        let answer = await api.send(.get, path)
        #expect(answer.status == 400 && answer.detail.contains("q[status]=landed"), "\(answer.text)")
        #expect(answer.detail.contains("lost_filters is ignore"), "\(answer.text)")
      }
      // Other routes do not look, and a count knows no sort.
      for path in [
        "objects/flight/\(Self.ids[0]).json?status=landed", "oplog.json?status=landed", "users.json?status=landed",
        "objects/flight.json?limit=1&skip=&sort[status]=1&include=airline&total=true&after=&_=5&_status=landed",
      ] {
        let answer = await api.send(.get, path)
        #expect(answer.status == 200, "\(path): \(answer.text.prefix(300))")
      }
      #expect(await api.send(.post, "objects/flight/query.json?status=landed", "{}").status == 200)
      #expect(api.log.warnings.isEmpty)
      // Without the setting, as deployments that are older than it, and with it.
      for value in [nil, "ignore"] {
        try await api.deployments.set([(key: "lost_filters", value: value)], of: api.deploymentID)
        for path in asked { #expect(await api.send(.get, path).status == 200) }
        let found = await api.send(.get, asked[0]).json?["count"]?.rawText
        #expect(found == "5")
      }
      #expect(api.log.warnings.count == 1)
      let line = api.log.warnings.first ?? ""
      #expect(line.contains("q[status]=…") && line.contains(api.deploymentID) && !line.contains("landed"), "\(line)")
      api.clock.advance(byMilliseconds: 86_400_000)
      for path in asked { _ = await api.send(.get, path) }
      #expect(api.log.warnings.count == 2)
      try await api.deployments.set([(key: "lost_filters", value: "refuse")], of: api.deploymentID)
      #expect(await api.send(.get, asked[1]).status == 400)
    }
  }
}
