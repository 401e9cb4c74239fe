import Crypto
import Deployments
import HTTPServer
import JSON
import Testing

/// Searches over five flights, numbered in the order of creation.
@Suite("Searches")
struct SearchScenarios {
  private static let ids = (1...5).map { "0000000\($0)-0000-4000-8000-00000000000\($0)" }
  private static let related = "abcdef00-1111-4222-8333-444455556666"

  private static func fill(_ api: TestAPI) async {
    let rows = [
      #""title":"Straße Ärger","number":1545,"departure":"2013-01-02T10:00:00Z","status":"late","tags":["a","b"]"#,
      #""title":"a \"quoted\" AND (b*) text","number":-12,"distance":1400.25,"level":3,"diverted":true"#,
      #""title":"CAFÉ","day":"2013-12-31","diverted":false,"codes":[2,1]"#,
      #""title":"","distance":1e21,"airline_id":"\#(related)","position":[4.5,5.5]"#,
      #""number":2,"route":{"secret":"tracked"}"#,
    ]
    for (id, row) in zip(ids, rows) {
      let answer = await api.send(.put, "objects/flight/\(id)", "{\"flight\":{\(row)}}")
      #expect(answer.status == 200, "\(answer.text)")
    }
  }

  /// Text → the numbers of the flights, in order.
  private static let rows: [(text: String, found: String)] = [
    ("straße", "1"), ("STRASSE", ""), ("ärger", "1"), ("ÄRGER", "1"), ("café", "3"), ("cafe\u{301}", ""), ("af", "3"),
    ("\"quoted\"", "2"), ("AND (b*)", "2"), ("and", "2"), ("NOT", ""), ("*", "2"), ("\"", "2"),
    ("1545", "1"), ("54", "1"), ("-12", "23"), ("1400.25", "2"), ("0.2", "2"), ("1e+21", "4"), ("e+2", "4"),
    ("2013", "13"), ("2013-01-02", "1"), ("02t10:00", "1"), ("T10:00:00Z", "1"), ("12-31", "3"),
    ("Landed", ""), ("lat", "1"), ("LATE", "1"), ("three", "2"), ("one", "3"), ("yes", "2"), ("No", "3"),
    ("< invalid value >", ""), ("00000002-0000", "2"), ("0000-4000-8000", "12345"), ("ABCDEF00-1111", "4"),
    ("444455556666", "4"), (related, "4"),
    ("tracked", ""), ("4.5", ""), ("flight", ""), ("2026", ""), ("", ""), ("nothing like it", ""),
    (" ", "12"), ("\u{0}", ""), ("e", "1234"), ("%", ""), ("_", ""),
  ]

  private static func found(_ answer: TestAPI.Answer) -> String? {
    answer.json?["objects"]?.elements.map { String(($0["id"]?.string ?? "").dropFirst(7).prefix(1)) }.joined()
  }

  private static func body(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\u{0}": "\\u0000"
      default: String(scalar)
      }
    }
    return "{\"query\":\"\(escaped.joined())\"}"
  }

  @Test("find what is printed, whatever the case of its letters")
  func texts() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for row in Self.rows {
        let answer = await api.send(.post, "objects/flight/search.json", Self.body(row.text))
        #expect(answer.status == 200 && Self.found(answer) == row.found, "\(row.text): \(answer.text.prefix(300))")
        #expect(answer.json?["total"]?.rawText == String(row.found.count), "\(row.text)")
        #expect(Int64(answer.headers["x-sojourn-sequence"] ?? "") ?? 0 > 1_767_225_600_000 << 10)
      }
    }
  }

  /// Query string, body and its type → the flights, and the total where it is not their number.
  private static let ways: [(query: String, body: String, type: String, found: String, total: String?)] = [
    ("?query=yes", "", "", "2", nil), ("?query=yes", "", "application/json", "2", nil),
    ("", "query=yes", "application/x-www-form-urlencoded", "2", nil),
    ("", "query=caf%C3%A9", "application/x-www-form-urlencoded", "3", nil), ("", "query=yes", "", "2", nil),
    ("?query=lat", #"{"query":"yes"}"#, "application/json", "2", nil),
    ("?query=lat", "query=yes", "application/x-www-form-urlencoded", "2", nil),
    ("?query=yes", "{}", "application/json", "2", nil),
    ("?limit=2", #"{"query":"4000"}"#, "application/json", "12", "5"),
    ("?limit=2", #"{"query":"4000","limit":3,"skip":1}"#, "application/json", "234", "5"),
    ("", #"{"query":"4000","limit":3.0,"skip":1e0}"#, "application/json", "234", "5"),
    ("?limit=2&skip=3", #"{"query":"4000","limit":null}"#, "application/json", "45", "5"),
    ("", #"{"query":"4000","limit":"1","other":[1]}"#, "application/json", "1", "5"),
    ("", #"{"query":4000,"limit":1}"#, "application/json", "1", "5"),
    ("", "query=4000&limit=1&sort[number]=-1", "", "1", "5"),
    ("?sort[number]=-1", #"{"query":"4000"}"#, "application/json", "15243", nil),
    ("?sort[number]=1", #"{"query":"4000","sort":"-number"}"#, "application/json", "15243", nil),
    ("", #"{"query":"4000","sort":["diverted","-id"]}"#, "application/json", "54132", nil),
    ("", #"{"query":"4000","sort":{"diverted":1,"id":"desc"}}"#, "application/json", "54132", nil),
    ("", #"{"query":"4000","limit":2,"total":false}"#, "application/json", "12", ""),
    ("", #"{"query":""}"#, "application/json", "", nil), ("?query=", "", "", "", nil),
  ]

  @Test("take their parameters from the body or the query string")
  func parameters() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for way in Self.ways {
        let answer = await api.send(
          .post, "objects/flights/search\(way.query)", way.body, headers: ["Content-Type": way.type])
        #expect(Self.found(answer) == way.found, "\(way): \(answer.text.prefix(300))")
        #expect(answer.json?["total"]?.rawText ?? "" == way.total ?? String(way.found.count), "\(way)")
      }
    }
  }

  @Test("go on behind a cursor, and embed")
  func cursors() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      func search(_ body: String) async -> TestAPI.Answer {
        await api.send(.post, "objects/flight/search.json", body)
      }
      for sort in ["[]", #""-number""#, #"{"number":1}"#] {
        let whole = Self.found(await search(#"{"query":"4000","sort":\#(sort)}"#))
        var found = ""
        var after = "null"
        repeat {
          let page = await search(#"{"query":"4000","sort":\#(sort),"limit":2,"after":\#(after)}"#)
          found += Self.found(page) ?? "?"
          #expect(page.json?["total"]?.rawText == "5")
          after = page.json?["next"]?.rawText ?? ""
        } while !after.isEmpty && found.count < 10
        #expect(found == whole, "\(sort)")
      }
      let next = await search(#"{"query":"4000","limit":2}"#).json?["next"]?.rawText ?? ""
      #expect(await search(#"{"query":"40","limit":2,"after":\#(next)}"#).status == 400)
      #expect(
        Self.found(await api.send(.post, "objects/flight/search?query=4000&limit=9", "{\"after\":\(next)}")) == "345")
      for include in [#""airline""#, #"["airline","previous"]"#] {
        let answer = await search(#"{"query":"abcdef","include":\#(include)}"#)
        #expect(answer.json?["objects"]?.elements.first { _ in true }?["airline"]?.isNull == true, "\(include)")
      }
      #expect(await search(#"{"query":"abcdef","include":"nothing"}"#).status == 400)
    }
  }

  /// Query string, body, its type → status and words of the detail.
  private static let refusals: [(query: String, body: String, type: String, status: Int, detail: String)] = [
    ("", "", "", 400, "needs \"query\""), ("", "{}", "application/json", 400, "needs \"query\""),
    ("", "limit=1", "", 400, "needs \"query\""), ("", "[]", "application/json", 400, "no JSON object"),
    ("", #"{"query":null}"#, "application/json", 400, "not null"),
    ("", #"{"query":true}"#, "application/json", 400, "not true"),
    ("", #"{"query":1e400}"#, "application/json", 400, "not 1e400"),
    ("", #"{"query":["a"]}"#, "application/json", 400, "query takes the text"),
    ("", "query[]=a", "", 400, "without brackets"), ("?query[number]=1", "", "", 400, "without brackets"),
    ("", #"{"query":"a"}"#, "", 400, "Content-Type: application/json"), ("", "{", "application/json", 400, "no JSON"),
    ("?query=a", "a", "text/plain", 415, "not read here"), ("?query=a&limit=-1", "", "", 400, "limit"),
    ("", #"{"query":"a","limit":1.5}"#, "application/json", 400, "limit"),
    ("", #"{"query":"a","limit":[1]}"#, "application/json", 400, "limit"),
    ("", #"{"query":"a","sort":[1]}"#, "application/json", 400, "sort takes names"),
    ("", #"{"query":"a\ud83d"}"#, "application/json", 422, "surrogate"),
    ("", "query=a&limit[]=5", "application/x-www-form-urlencoded", 400, "limit takes one value"),
    ("?limit[0]=5", #"{"query":"a"}"#, "application/json", 400, "limit takes one value"),
    ("", #"{"query":"a","limit":[5]}"#, "application/json", 400, "limit"),
    ("", #"{"query":"a","sort":"nothing"}"#, "application/json", 400, "no field"),
    ("", #"{"query":"a","sort":{"id":"up"}}"#, "application/json", 400, "sort[id]"),
    ("", "query=" + String(repeating: "a", count: 1001), "", 400, "more than 1000 characters"),
  ]

  @Test("refuse what is no search")
  func refused() async throws {
    try await TestAPI.run { api in
      for row in Self.refusals {
        let answer = await api.send(
          .post, "objects/flight/search.json\(row.query)", row.body, headers: ["Content-Type": row.type])
        #expect(answer.status == row.status && answer.detail.contains(row.detail), "\(row): \(answer.text.prefix(300))")
      }
      let long = String(repeating: "\u{E4}", count: 1000)
      #expect(await api.send(.post, "objects/flight/search.json", Self.body(long)).status == 200)
      #expect(await api.send(.get, "objects/flight/search.json?query=a").type == "ROUTE_ERROR")
      #expect(await api.send(.post, "objects/nothing/search.json?query=a").type == "ROUTE_ERROR")
    }
  }

  @Test("look into no password")
  func passwords() async throws {
    let schema = """
      <data-model><model name="member" label="Member"><field name="name" label="Name" type="text"/>
      <field name="secret" label="Secret" type="text:password"/><display>{name}</display></model></data-model>
      """
    let api = try await TestAPI(schema: schema)
    _ = await api.send(.post, "objects/member", #"{"member":{"name":"Ada","secret":"hunter"}}"#)
    #expect(await api.send(.post, "objects/member/search?query=hunter").json?["count"]?.rawText == "0")
    #expect(await api.send(.post, "objects/member/search?query=ADA").json?["count"]?.rawText == "1")
    await api.deployments.close()
  }
}
