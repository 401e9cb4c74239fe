import JSON
import ServerUnderTest
import Testing

/// What clients of the hosted service do, as they do it (api.md section 16). Habit 8 stands in
/// `DescriptionTests`, the forms of credentials beside habit 9 in `CredentialTests`.
@Suite("Wire habits of existing clients")
struct WireHabitTests {
  /// 70 objects whose numbers are 0, 0, 1, 1, 2, 2 … in the order of creation.
  private static let filled = Result {
    let server = try ServerUnderTest(schema: Schemas.all).endWithTests()
    let operations = (0..<70).map { index in
      """
      {"method":"put","object":{"type":"thing","id":"\(id(index))","text":"t\(index)","integer":\(index / 2),\
      "flag":\(index % 2 == 0),"rank":3}}
      """
    }
    let answer = try server.json("POST", "/batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
    try #require(answer.status == 200)
    return server
  }

  private static func id(_ index: Int) -> String {
    "7d444840-9dc0-41d1-b245-5ffdce74" + (index < 10 ? "000\(index)" : "00\(index)")
  }

  /// Sends what the client sends and gives the objects' texts. `Content-Type` comes with each GET (habit 2).
  private func texts(_ query: String) throws -> [String] {
    let server = try Self.filled.get()
    let answer = try server.send(
      "GET", "/objects/thing.json\(query)", headers: ["Content-Type: application/json"])
    #expect(answer.status == 200, "\(answer.text)")
    let keys = try answer.json.members.map(\.key)
    #expect(keys.prefix(4) == ["objects", "count", "total", "more"])
    // A cursor is all that may follow, and only where there is more.
    let cursor = try answer.json["more"]?.bool == true ? ["next"] : []
    #expect(keys.dropFirst(4) == cursor[...])
    return try answer.json["objects"]?.elements.compactMap { $0["text"]?.string } ?? []
  }

  @Test("1: empty limit, skip and a dangling ampersand mean nothing given; encoded sort keys count in order")
  func emptyParameters() throws {
    #expect(try texts("?limit=&skip=&") == (0..<70).map { "t\($0)" })
    #expect(
      try texts("?limit=30&skip=60&sort%5Bupdated_at%5D=-1&sort%5Binteger%5D=1") == (60..<70).map { "t\($0)" })
    #expect(try texts("?limit=2&skip=1&sort%5Binteger%5D=-1&sort%5Btext%5D=-1") == ["t68", "t67"])
  }

  @Test("2: brackets and $ come raw, hidden fields have an underscore, and a GET has a Content-Type")
  func rawBrackets() throws {
    #expect(try texts("?sort[_updated_at]=desc&limit=1").count == 1)
    #expect(try texts("?sort[$natural]=1&q[_updated_at.gt]=2019-02-02T10:00:00Z&limit=1000&skip=2000") == [])
    #expect(
      try texts("?sort[$natural]=-1&q[_updated_at.gt]=2019-02-02T10:00:00Z&limit=2&skip=1") == ["t68", "t67"])
    #expect(try texts("?sort[$natural]=1&q[_updated_at.lt]=2019-02-02T10:00:00Z") == [])
  }

  @Test("4: a client starts with datamodel.xml, and writes by batches that answer each operation")
  func offlineClient() throws {
    let server = try ServerUnderTest(schema: Schemas.all)
    let model = try server.send("GET", "/datamodel.xml", headers: ["Accept: application/xml"])
    #expect(model.status == 200 && model.text == Schemas.all)
    #expect(model[header: "content-type"] == "application/xml; charset=utf-8")

    func batch(_ operations: String...) throws -> [(success: Bool?, error: String?)] {
      let answer = try server.json("POST", "/batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
      #expect(answer.status == 200)
      let outcomes = try answer.json["operations"]?.elements.map {
        (success: $0["success"]?.bool, error: $0["error"]?["type"]?.string)
      }
      // Clients throw when the length differs.
      #expect(outcomes?.count == operations.count)
      return outcomes ?? []
    }
    let (one, other) = (Self.id(1), Self.id(2))
    let put = try batch(
      #"{"method":"put","object":{"type":"thing","id":"\#(one)","text":"a","integer":1}}"#,
      #"{"method":"put","object":{"type":"thing","id":"\#(other)","parent_id":"\#(one)"}}"#)
    #expect(put.map(\.success) == [true, true])
    let changed = try batch(
      #"{"method":"patch","object":{"type":"thing","id":"\#(one)","text":"b"}}"#,
      #"{"method":"delete","object":{"type":"thing","id":"\#(other)"}}"#,
      #"{"method":"delete","object":{"type":"thing","id":"\#(other)"}}"#)
    #expect(changed.map(\.success) == [true, true, false])
    #expect(changed.last?.error == "OBJECT_NOT_FOUND")
    let left = try server.json("GET", "/objects/thing/\(one).json").json
    #expect(left["text"]?.string == "b" && left["integer"]?.number?.integer == 1)
  }

  @Test("5: integer choices come as strings, datetimes with milliseconds or as days, locations as arrays")
  func looseValues() throws {
    let server = try ServerUnderTest(schema: Schemas.all)
    let made = try server.json(
      "POST", "/objects/thing.json",
      """
      {"thing":{"rank":"3","ranks":["2","1"],"time":"2019-02-02T10:00:00.123Z","place":[40.6,-74,3,5,6,\
      "2019-02-02T10:00:00Z"]}}
      """)
    #expect(made.status == 200, "\(made.text)")
    let thing = try made.json
    #expect(thing["rank"]?["key"]?.number?.integer == 3)
    #expect(thing["ranks"]?.elements.map { $0["key"]?.number?.integer } == [2, 1])
    #expect(thing["time"]?.string == "2019-02-02T10:00:00Z")
    #expect(thing["place"]?["altitude"]?.number?.integer == 3)
    #expect(thing["place"]?["timestamp"]?.string == "2019-02-02T10:00:00Z")
    for (filter, count) in [
      ("q[rank]=3", 1), ("q[time.gt]=2019-02-02", 1), ("q[time.lt]=2019-02-02", 0), ("q[time.lte]=2019-02-03", 1),
      ("q[time]=2019-02-02T10:00:00.999Z", 1), ("q[ranks.contains]=2", 1),
    ] {
      let answer = try server.json("GET", "/objects/thing/count.json?\(filter)")
      #expect(answer.text == "{\"count\":\(count)}", "\(filter)")
    }
    let day = try server.json("POST", "/objects/thing.json", #"{"thing":{"time":"2019-02-02"}}"#).json
    #expect(day["time"]?.string == "2019-02-02T00:00:00Z")
  }

  @Test("6: paging by the number of objects received, while there is more, finds each once; total says how many pages")
  func paging() throws {
    let server = try Self.filled.get()
    var found: [String] = []
    var pages = 0
    var more = true
    while more, pages < 20 {
      let page = try server.json("GET", "/objects/thing.json?limit=15&skip=\(found.count)").json
      let ids = page["objects"]?.elements.compactMap { $0["id"]?.string } ?? []
      found += ids
      pages += 1
      more = page["more"]?.bool ?? false
      let total = try #require(page["total"]?.number?.integer)
      #expect((total + 14) / 15 == 5 && page["count"]?.number?.integer == Int64(ids.count))
    }
    #expect(pages == 5 && found == (0..<70).map(Self.id))
    let filtered = try server.json("GET", "/objects/thing.json?limit=15&q[flag]=true").json
    #expect(filtered["total"]?.number?.integer == 35 && filtered["more"]?.bool == true)
  }

  @Test("7: each choice has its key under .key, and an attachment without a file has no value to take for a URL")
  func keysAndAttachments() throws {
    let server = try Self.filled.get()
    let thing = try server.json("GET", "/objects/thing/\(Self.id(4)).json").json
    #expect(thing["flag"]?["key"]?.bool == true)
    #expect(thing["rank"]?["key"]?.number?.integer == 3)
    #expect(thing["photo"]?.isNull == true && thing["photo_id"]?.isNull == true)
  }

  @Test("9: one secret works as Token and as Bearer, and from a web page of any origin")
  func schemesAndOrigins() throws {
    let server = try Self.filled.get()
    let connection = try server.connection()
    let path = "\(server.base)/objects/thing/count.json"
    for scheme in ["Token", "Bearer", "Token"] {
      let asked = try connection.request(
        "OPTIONS", path,
        headers: [
          "Origin: https://page.example", "Access-Control-Request-Method: GET",
          "Access-Control-Request-Headers: authorization,content-type",
        ])
      #expect(asked.status == 204)
      #expect(asked[header: "access-control-allow-methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE")
      #expect(asked[header: "access-control-allow-headers"] == "authorization,content-type")
      let answer = try connection.request(
        "GET", path, headers: ["Origin: https://page.example", "Authorization: \(scheme) \(server.token)"])
      #expect(answer.text == #"{"count":70}"#)
      #expect(answer[header: "access-control-allow-origin"] == "*")
      #expect(answer[header: "access-control-expose-headers"]?.contains("X-Request-Id") == true)
      #expect(answer[header: "content-type"] == "application/json; charset=utf-8")
    }
  }

  @Test("10: a batch that is sent again after a broken connection changes nothing")
  func retries() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let id = Self.id(1)
    let body = Array(
      #"{"operations":[{"method":"put","object":{"type":"note","id":"\#(id)","text":"once"}}]}"#.utf8)
    let headers = [server.bearer, "Content-Type: application/json"]
    do {
      // Sent whole, and gone before the answer.
      let broken = try server.connection()
      let head = "POST \(server.base)/batch.json HTTP/1.1\r\nHost: a\r\n\(headers.joined(separator: "\r\n"))\r\n"
      broken.send(Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
    }
    var notes = try server.json("GET", "/objects/note/\(id).json")
    for _ in 0..<200 where notes.status == 404 { notes = try server.json("GET", "/objects/note/\(id).json") }
    let again = try server.connection().request("POST", "\(server.base)/batch.json", headers: headers, body: body)
    #expect(try again.json["operations"]?.elements.map { $0["success"]?.bool } == [true])
    let after = try server.json("GET", "/objects/note/\(id).json")
    #expect(after.text == notes.text && after.status == 200)
    #expect(try server.json("GET", "/objects/note/count.json").text == #"{"count":1}"#)
    // No entry was written for it: the position of the log is the same.
    #expect(after[header: "x-sojourn-sequence"] == notes[header: "x-sojourn-sequence"])
  }
}
