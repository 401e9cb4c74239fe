import Crypto
import DataModel
import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

/// `after` and `next`: walks from page to page, cursors that are refused, and what deploys do to them.
@Suite("Cursors")
struct CursorScenarios {
  /// Thirty flights with ties and nulls, in few groups.
  private static func fill(_ api: TestAPI) async {
    let operations = (0..<30).map { number in
      let title = number % 4 == 0 ? "null" : "\"\(["b", "Ä", "", "a"][number % 4]) \(number % 3)\""
      let departure = number % 5 == 0 ? "null" : "\"2013-01-0\(1 + number % 5)T10:00:00Z\""
      return """
        {"method":"put","object":{"type":"flight","id":"\(id(number))","title":\(title),"number":\(number % 7),
        "distance":\(Double(number % 3) / 2),"departure":\(departure),"diverted":\(number % 2 == 0),
        "airline_id":\(number % 6 == 0 ? "null" : "\"\(id(number % 3))\""),
        "position":\(number % 3 == 0 ? "null" : "[\(number),2]"),"pass_id":\(number % 4 > 1 ? "null" : "\"\(id(number))\""),
        "tags":\(["null", "[]", "[\"a\"]", "[\"b\",\"a\"]"][number / 3 % 4])}}
        """
    }
    let answer = await api.send(.post, "batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
    #expect(answer.status == 200, "\(answer.text.prefix(300))")
  }

  private static func id(_ number: Int) -> String {
    "000000\(number < 10 ? "0" : "")\(number)-0000-4000-8000-000000000000"
  }

  private static func ids(_ answer: TestAPI.Answer) -> [String] {
    answer.json?["objects"]?.elements.compactMap { $0["id"]?.string } ?? []
  }

  private static func next(_ answer: TestAPI.Answer) -> String? { answer.json?["next"]?.string }

  private static func deploy(_ schema: String, on api: TestAPI) async throws {
    let model = try #require(DataModelReader.read(Array(schema.utf8)).model)
    _ = try await api.deployments[api.deploymentID]?.store.deploy(model, by: nil)
  }

  @Test("walk through a list of any order page by page, and end where it ends")
  func walks() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for query in [
        "", "sort[$natural]=-1", "sort[number]=1", "sort[number]=-1", "sort[title]=1", "sort[title]=desc",
        "sort[departure]=-1&sort[number]=1", "sort[airline]=1&sort[departure]=-1", "sort[diverted]=1&sort[id]=-1",
        "sort[distance]=-1", "sort[updated_at]=-1", "sort[_updated_at]=1", "q[diverted]=true",
        "q[airline]=\(Self.id(1))&sort[departure]=-1", "q[number.gt]=3&q[title.null]=false&sort[title]=-1",
        "sort[number]=1&sort[number]=-1", "sort[_type]=-1", "sort[position]=1", "sort[position]=-1", "sort[tags]=1",
        "sort[pass]=-1", "sort[pass_id]=1&sort[number]=-1", "sort[number]=-1&sort[tags]=1",
        "sort[tags]=-1&sort[position]=1&sort[pass]=-1", "sort[route]=1", "q[diverted]=true&sort[tags]=1",
        "sort[title]=1&sort[tags]=-1", "q[tags.null]=true&sort[tags]=-1",
      ] {
        let whole = await api.send(.get, "objects/flight.json?\(query)")
        for limit in [1, 4, 29, 30] {
          var found: [String] = []
          var after = ""
          for _ in 0...30 {
            let page = await api.send(.get, "objects/flight.json?\(query)&limit=\(limit)&after=\(after)")
            #expect(page.status == 200, "\(query): \(page.text.prefix(300))")
            found += Self.ids(page)
            #expect(page.json?["total"]?.rawText == whole.json?["total"]?.rawText)
            #expect(page.json?["more"]?.bool == (Self.next(page) != nil), "\(query)")
            #expect((page.headers["link"] != nil) == (Self.next(page) != nil), "\(query)")
            guard let next = Self.next(page) else { break }
            after = next
          }
          #expect(found == Self.ids(whole), "\(query) by \(limit)")
        }
      }
    }
  }

  /// What a loader makes of the header: the path and query of the next page.
  private static func target(_ answer: TestAPI.Answer) -> String? {
    guard let link = answer.headers["link"], link.hasPrefix("<http://localhost/"), link.hasSuffix(">; rel=\"next\"")
    else { return nil }
    return String(link.dropFirst("<http://localhost".count).dropLast(">; rel=\"next\"".count))
  }

  @Test("are followed through the header Link alone, which keeps all parameters but those of the page's begin")
  func links() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for query in [
        "limit=4", "skip=3&limit=4", "limit=4&sort[title]=desc&q[number.gt]=1", "after=&cursor=&limit=7",
        "sort%5Bnumber%5D=-1&limit=5&total=false&&skip=2&", "q[title.contains]=%22%3E&q[title.null]=false&limit=1",
        "include=airline&limit=9&utm=a>b\"<c&q[title.ne]=\u{c4} 1", "limit=4&sk%69p=3",
      ] {
        let start = "objects//flight.json?\(query)"
        var page = await api.send(.get, start)
        var found = Self.ids(page)
        for _ in 0..<30 {
          guard let target = Self.target(page) else { break }
          #expect(target.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"<>\"[]".utf8.contains($0) }, "\(target)")
          page = await api.send(.get, target)
          #expect(page.status == 200, "\(target): \(page.text.prefix(300))")
          found += Self.ids(page)
        }
        let whole = query.replacing(/limit=\d+/, with: "")
        #expect(found == Self.ids(await api.send(.get, "objects/flight.json?\(whole)")), "\(query)")
      }
      let first = await api.send(.get, "objects/flight.json?cursor=&limit=2&skip=1&q[number]=3&after=")
      let next = try #require(Self.next(first))
      #expect(
        Self.target(first) == "/api/v4/\(api.deploymentID)/objects/flight.json?limit=2&q%5Bnumber%5D=3&after=\(next)")
      #expect(first.headers["access-control-expose-headers"]?.contains(", Link") == true)
      let head = await api.send(.head, "objects/flight?limit=2")
      #expect(Self.target(head)?.hasPrefix("/api/v4/\(api.deploymentID)/objects/flight?limit=2&after=") == true)
    }
  }

  @Test("stand in no Link beyond 2 KiB, nor behind a POST, a count or the last page")
  func withoutLink() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let short = await api.send(.get, "objects/flight.json?limit=1&x=")
      let room = 2048 - (short.headers["link"]?.utf8.count ?? 0)
      for (extra, isThere) in [(0, true), (room, true), (room + 1, false), (5000, false)] {
        let answer = await api.send(
          .get, "objects/flight.json?limit=1&x=\(String(repeating: "y", count: extra))")
        #expect((answer.headers["link"] != nil) == isThere && Self.next(answer) != nil, "\(extra)")
      }
      // Encoded it is three times as long.
      let wide = await api.send(
        .get, "objects/flight.json?limit=1&x=\(String(repeating: "[", count: room / 2))")
      #expect(wide.headers["link"] == nil && Self.next(wide) != nil)
      for answer in [
        await api.send(.post, "objects/flight/query.json", #"{"limit":1}"#),
        await api.send(.post, "objects/flight/search.json", #"{"query":"a","limit":1}"#),
        await api.send(.get, "objects/flight/count.json"), await api.send(.get, "objects/flight.json?skip=29"),
        await api.send(.get, "objects/flight.json?limit=0"), await api.send(.get, "objects/flight/\(Self.id(1))"),
      ] {
        #expect(answer.status == 200 && answer.headers["link"] == nil, "\(answer.text.prefix(100))")
      }
    }
  }

  @Test("have a second name, cursor: empty is none, and another value beside after is a 400")
  func cursor() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let page = await api.send(.get, "objects/flight.json?limit=10")
      let next = try #require(Self.next(page))
      let rest = Self.ids(await api.send(.get, "objects/flight.json?skip=10"))
      for query in [
        "cursor=\(next)", "cursor=\(next)&after=", "after=\(next)&cursor=", "after=\(next)&cursor=\(next)",
        "cursor=x&cursor=\(next)", "skip=0&cursor=\(next)",
      ] {
        let answer = await api.send(.get, "objects/flight.json?\(query)")
        #expect(Self.ids(answer) == rest, "\(query): \(answer.text.prefix(300))")
      }
      for query in ["cursor=x&after=\(next)", "cursor=\(next)&after=x", "cursor=\(next)&skip=1", "cursor=x"] {
        let answer = await api.send(.get, "objects/flight.json?\(query)")
        #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(query): \(answer.text.prefix(300))")
      }
      for (path, body) in [
        ("query.json", #"{"cursor":"NEXT"}"#), ("query.json", #"{"cursor":"NEXT","after":null}"#),
        ("query.json", #"{"cursor":"NEXT","after":"NEXT"}"#), ("query.json", #"{"cursor":"","after":"NEXT"}"#),
      ] {
        let answer = await api.send(.post, "objects/flight/\(path)", body.replacing("NEXT", with: next))
        #expect(Self.ids(answer) == rest, "\(body): \(answer.text.prefix(300))")
      }
      for body in [#"{"cursor":"x","after":"NEXT"}"#, #"{"cursor":7}"#, #"{"cursor":"NEXT","skip":1}"#] {
        let answer = await api.send(.post, "objects/flight/query.json", body.replacing("NEXT", with: next))
        #expect(answer.status == 400, "\(body): \(answer.text.prefix(300))")
      }
      let search = #""query":"0000-4000","limit":10"#
      let found = await api.send(.post, "objects/flight/search.json", "{\(search)}")
      let after = try #require(Self.next(found))
      let more = Self.ids(await api.send(.post, "objects/flight/search.json", "{\(search),\"after\":\"\(after)\"}"))
      #expect(more.count == 10)
      for (query, member) in [
        ("", "\"cursor\":\"\(after)\""), ("?after=x", "\"cursor\":\"\(after)\""),
        ("?cursor=x", "\"after\":\"\(after)\""), ("?cursor=\(after)", "\"cursor\":null"),
      ] {
        let answer = await api.send(.post, "objects/flight/search.json\(query)", "{\(search),\(member)}")
        #expect(Self.ids(answer) == more, "\(query) \(member): \(answer.text.prefix(300))")
      }
    }
  }

  @Test("stand at the end of `more`, and nowhere else")
  func placed() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for (query, more) in [
        ("limit=29", true), ("limit=30", false), ("skip=29&limit=1", false), ("skip=28&limit=1", true),
        ("skip=40", false), ("limit=5&total=false", true), ("q[number]=3&limit=4", false),
        ("q[number]=3&limit=3", true), ("after=", false),
      ] {
        let answer = await api.send(.get, "objects/flight.json?\(query)")
        #expect(answer.json?["more"]?.bool == more, "\(query)")
        #expect((Self.next(answer) != nil) == more, "\(query)")
      }
    }
  }

  @Test("go on behind an object that was deleted, changed or created meanwhile")
  func writes() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let page = await api.send(.get, "objects/flight.json?sort[number]=1&limit=10")
      let next = try #require(Self.next(page))
      let rest = Self.ids(await api.send(.get, "objects/flight.json?sort[number]=1&skip=10"))
      let last = try #require(Self.ids(page).last)
      _ = await api.send(.delete, "objects/flight/\(last)")
      _ = await api.send(.patch, "objects/flight/\(rest[3])", #"{"flight":{"number":-1}}"#)
      let made = await api.send(.post, "objects/flight", #"{"flight":{"number":99}}"#)
      let found = Self.ids(await api.send(.get, "objects/flight.json?sort[number]=1&after=\(next)"))
      #expect(found == rest.filter { $0 != rest[3] } + [made.json?["id"]?.string ?? ""])
    }
  }

  @Test("stay good over deploys that leave their query alone, and say when one did not")
  func deploys() async throws {
    let title = #"<field name="title" label="Title" type="text"/>"#
    let number = #"<field name="number" label="Number" type="integer"/>"#
    // What is put in the place of a field, the query, and whether its cursor is still good.
    let rows: [(from: String, to: String, query: String, isGood: Bool)] = [
      (title, title + #"<field name="gate" label="Gate" type="text"/>"#, "sort[number]=1", true),
      (title, "", "sort[number]=1", true),
      (title, "", "", true),
      (title, number, "sort[diverted]=1&q[status.null]=true", true),
      (number, #"<field name="number" label="No." type="integer"/>"#, "sort[number]=1", true),
      (number, #"<field name="number" label="Number" type="text"/>"#, "sort[number]=1", false),
      (number, #"<field name="number" label="Number" type="text"/>"#, "q[number]=3", false),
      (number, #"<field name="number" label="Number" type="text"/>"#, "sort[title]=1", true),
      (
        "<model name=\"airline\"",
        "<model name=\"ground\" label=\"G\"><display>G</display></model><model name=\"airline\"",
        "sort[number]=-1", true
      ),
    ]
    for row in rows {
      try await TestAPI.run { api in
        await Self.fill(api)
        let query = "objects/flight.json?\(row.query)&limit=2"
        let next = try #require(Self.next(await api.send(.get, query)))
        var schema = TestAPI.schema
        if row.to == number { schema = schema.replacing(number, with: "") }
        schema = schema.replacing(row.from, with: row.to)
        try await Self.deploy(schema, on: api)
        let expected = Self.ids(await api.send(.get, "\(query)&skip=2"))
        let answer = await api.send(.get, "\(query)&after=\(next)")
        if row.isGood {
          #expect(Self.ids(answer) == expected && !expected.isEmpty, "\(row): \(answer.text.prefix(300))")
        } else {
          #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(row): \(answer.text.prefix(300))")
          #expect(answer.detail.contains("Begin again without after"), "\(answer.detail)")
        }
      }
    }
  }

  @Test("of another query, and forged ones, are refused with a 400")
  func refused() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      _ = await api.send(.post, "objects/airline", #"{"airline":{"carrier":"UA"}}"#)
      let query = "sort[number]=1&q[diverted]=true&q[number.gt]=0"
      let page = await api.send(.get, "objects/flight.json?\(query)&limit=2")
      let next = try #require(Self.next(page))
      let other = "belongs to another query"
      let forged = "stands under next"
      for (path, part) in [
        ("flight.json?after=\(next)", other), ("airline.json?after=\(next)", other),
        ("flight.json?sort[number]=-1&q[diverted]=true&q[number.gt]=0&after=\(next)", other),
        ("flight.json?sort[number]=1&q[diverted]=false&q[number.gt]=0&after=\(next)", other),
        ("flight.json?sort[number]=1&q[diverted]=true&q[number.gte]=0&after=\(next)", other),
        ("flight.json?sort[number]=1&sort[title]=1&q[diverted]=true&q[number.gt]=0&after=\(next)", other),
        ("flight.json?\(query)&skip=1&after=\(next)", "exclude each other"),
        ("flight.json?after=x", forged), ("flight.json?after=AAAA", forged),
        ("flight.json?after=%00%FF", "query string"),
        ("flight.json?after=\(next)%3D", forged), ("flight.json?\(query)&after=\(next)AA", forged),
        ("flight.json?\(query)&after=\(next.dropLast(2))", forged),
        ("flight.json?\(query)&after=\(String(repeating: "A", count: 10_000))", forged),
      ] {
        let answer = await api.send(.get, "objects/\(path)")
        #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(path): \(answer.text.prefix(300))")
        #expect(answer.detail.contains(part), "\(path): \(answer.detail)")
      }
      for same in [
        "\(query)&skip=0&after=\(next)", "\(query)&limit=7&total=false&after=\(next)",
        "q[number.gt]=0&sort[number]=1&query[diverted]=1&after=\(next)", "after=x&\(query)&after=\(next)",
      ] {
        #expect(await api.send(.get, "objects/flight.json?\(same)").status == 200, "\(same)")
      }
    }
  }

  @Test("with any one byte changed are refused, or are another position of the same query; none does harm")
  func mutated() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for query in ["sort[title]=1&sort[distance]=-1", "sort[departure]=1", "sort[airline]=-1", "sort[id]=1"] {
        let page = await api.send(.get, "objects/flight.json?\(query)&limit=20")
        let bytes = try #require(Self.next(page).flatMap { Base64.decodeURL($0) })
        for index in bytes.indices {
          for value in [0, 1, 0x7f, 0x80, 0xff, bytes[index] ^ 1, bytes[index] ^ 8] as [UInt8] {
            var changed = bytes
            changed[index] = value
            let answer = await api.send(
              .get, "objects/flight.json?\(query)&after=\(Base64.encodeURL(changed))")
            #expect(
              answer.status == 200 || answer.status == 400, "\(query) \(index) \(value): \(answer.text.prefix(200))")
            if index < 9, changed != bytes { #expect(answer.status == 400) }
          }
        }
        for count in 0..<bytes.count {
          let cut = Base64.encodeURL(Array(bytes[..<count]))
          let answer = await api.send(.get, "objects/flight.json?\(query)&after=\(cut)")
          #expect(count == 0 ? answer.status == 200 : answer.status == 200 || answer.status == 400)
        }
      }
    }
  }

  @Test("of sort keys too long for a URL go on all the same, also behind an object that is gone")
  func long() async throws {
    try await TestAPI.run { api in
      let stem = String(repeating: "x", count: 100_000)
      for number in 0..<6 {
        let body = "{\"flight\":{\"id\":\"\(Self.id(number))\",\"title\":\"\(stem)\(number / 2)\"}}"
        _ = await api.send(.post, "objects/flight", body)
      }
      for (order, expected) in [("1", [0, 1, 2, 3, 4, 5]), ("-1", [5, 4, 3, 2, 1, 0])] {
        let query = "objects/flight.json?sort[title]=\(order)&limit=3"
        let page = await api.send(.get, query)
        let next = try #require(Self.next(page))
        #expect(next.utf8.count < 100)
        #expect(Self.ids(await api.send(.get, "\(query)&after=\(next)")) == expected[3...].map(Self.id))
        if order == "1" { continue }
        _ = await api.send(.delete, "objects/flight/\(Self.id(expected[2]))")
        #expect(Self.ids(await api.send(.get, "\(query)&after=\(next)")) == expected[3...].map(Self.id))
        // One of an entry that is not there.
        var bytes = try #require(Base64.decodeURL(next))
        bytes[bytes.count - 1] ^= 1
        let answer = await api.send(.get, "\(query)&after=\(Base64.encodeURL(bytes))")
        #expect(answer.status == 400 && answer.detail.contains("Begin again without after"), "\(answer.text)")
      }
    }
  }

  @Test("of long sort keys go on behind a value that was written under another type")
  func longAndRetyped() async throws {
    try await TestAPI.run { api in
      let stem = String(repeating: "x", count: 2000)
      for number in 0..<4 {
        let body = "{\"flight\":{\"id\":\"\(Self.id(number))\",\"title\":\"\(stem)\",\"number\":\(number)}}"
        #expect(await api.send(.post, "objects/flight", body).status == 200)
      }
      let number = #"<field name="number" label="Number" type="integer"/>"#
      let text = #"<field name="number" label="Number" type="text"/>"#
      try await Self.deploy(TestAPI.schema.replacing(number, with: text), on: api)
      let query = "objects/flight.json?sort[title]=1&sort[number]=-1&limit=2"
      let page = await api.send(.get, query)
      #expect(Self.ids(page) == [3, 2].map(Self.id))
      let answer = await api.send(.get, "\(query)&after=\(try #require(Self.next(page)))")
      #expect(Self.ids(answer) == [1, 0].map(Self.id), "\(answer.text.prefix(300))")
    }
  }
}
