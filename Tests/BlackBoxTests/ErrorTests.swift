import ServerUnderTest
import Testing

@Suite("Errors, from each endpoint where they can happen")
struct ErrorTests {
  static let server = Result { try ServerUnderTest(schema: Schemas.all).endWithTests() }
  static let nobody = "00000000-0000-4000-8000-000000000000"
  static let bad = "INVALID_API_REQUEST"
  static let value = "INVALID_VALUE"

  static let routes: [Scenario] = [
    .plain("unknown model", "GET", "/objects/nothing.json", 404, "ROUTE_ERROR", "nothing"),
    .plain(
      "unknown model of an object", "GET", "/objects/nothing/\(nobody).json", 404, "ROUTE_ERROR", "nothing"),
    .plain("unknown method", "BREW", "/objects/thing.json", 404, "ROUTE_ERROR", "BREW"),
    .plain("wrong method", "DELETE", "/objects/thing.json", 404, "ROUTE_ERROR"),
    .plain("a suffix .xml elsewhere", "GET", "/objects/thing.xml", 404, "ROUTE_ERROR"),
    .plain("count is no id", "DELETE", "/objects/thing/count.json", 404, "ROUTE_ERROR"),
    .plain("search is no id", "GET", "/objects/thing/search.json", 404, "ROUTE_ERROR"),
    .plain("query is no id", "PUT", "/objects/thing/query.json", 404, "ROUTE_ERROR"),
    .plain("bad percent-encoding in the path", "GET", "/objects/th%zzing.json", 400, bad, "path"),
    .plain(
      "bad percent-encoding in the query", "GET", "/objects/thing.json?q[text]=%zz", 400, bad, "query string"),
    .plain("missing object", "GET", "/objects/thing/\(nobody).json", 404, "OBJECT_NOT_FOUND", nobody),
    .plain("GET with no UUID", "GET", "/objects/thing/7.json", 404, "OBJECT_NOT_FOUND", "7"),
    .plain("DELETE with no UUID", "DELETE", "/objects/thing/7.json", 404, "OBJECT_NOT_FOUND", "7"),
    .plain(
      "DELETE of a missing object", "DELETE", "/objects/thing/\(nobody).json", 404, "OBJECT_NOT_FOUND", nobody
    ),
    .json(
      "PATCH with no UUID", "PATCH", "/objects/thing/7.json", #"{"thing":{}}"#, 404, "OBJECT_NOT_FOUND", "7"),
    .json("PUT with no UUID", "PUT", "/objects/thing/7.json", #"{"thing":{}}"#, 422, value, "UUID"),
    .json(
      "PATCH of a missing object", "PATCH", "/objects/thing/\(nobody).json", #"{"thing":{}}"#, 404,
      "OBJECT_NOT_FOUND", nobody),
    .plain("unknown filter field", "GET", "/objects/thing.json?q[colour]=red", 400, bad, "colour"),
    .plain("unknown filter operator", "GET", "/objects/thing.json?q[text.like]=x", 400, bad, "like"),
    .plain("unknown filter of count", "GET", "/objects/thing/count.json?q[colour]=red", 400, bad, "colour"),
    .plain("operator that a field has not", "GET", "/objects/thing.json?q[place]=1", 400, bad, "null"),
    .plain("filter value", "GET", "/objects/thing.json?q[integer]=x", 422, value, "integer"),
    .plain("unknown sort field", "GET", "/objects/thing.json?sort[colour]=1", 400, bad, "colour"),
    .plain("sort direction", "GET", "/objects/thing.json?sort[text]=up", 400, bad, "up"),
    .plain("sort by a list", "GET", "/objects/thing.json?sort[many]=1", 200, "ok"),
    .plain("list for one value", "GET", "/objects/thing.json?limit[]=5", 400, bad, "one value"),
    .plain("filter without its q", "GET", "/objects/thing.json?one=a", 400, bad, "q[one]=a"),
    .plain("the same on a count", "GET", "/objects/thing/count.json?integer.gte=5", 400, bad, "q[integer.gte]=5"),
    .plain("negative limit", "GET", "/objects/thing.json?limit=-1", 400, bad, "limit"),
    .plain("limit that is no number", "GET", "/objects/thing.json?limit=ten", 400, bad, "limit"),
    .plain("negative skip", "GET", "/objects/thing.json?skip=-1", 400, bad, "skip"),
    .plain("an unknown parameter is ignored", "GET", "/objects/thing.json?colour=red", 200, "ok"),
  ]

  static let bodies: [Scenario] = [
    .typed("empty body", "application/json", "", 400, bad, "empty"),
    .typed("broken JSON", "application/json", #"{"thing":"#, 400, bad, "byte"),
    .typed("trailing content", "application/json", #"{"thing":{}} x"#, 400, bad, "byte"),
    .typed("duplicate keys", "application/json", #"{"thing":{"text":"a","text":"b"}}"#, 400, bad, "text"),
    .typed("lone surrogate", "application/json", #"{"thing":{"text":"\ud800"}}"#, 422, value, "surrogate"),
    .typed("wrong key", "application/json", #"{"note":{}}"#, 400, bad, "note"),
    .typed("no key", "application/json", "{}", 400, bad, "thing"),
    .typed("two keys", "application/json", #"{"thing":{},"x":1}"#, 400, bad, "x"),
    .typed("plural key", "application/json", #"{"things":{}}"#, 400, bad, "things"),
    .typed("array of objects", "application/json", #"{"thing":[{}]}"#, 400, bad, "batch"),
    .typed(
      "JSON sent as a form", "application/x-www-form-urlencoded", #"{"thing":{}}"#, 400, bad,
      "application/json"),
    .typed("other type", "text/plain", "thing[text]=a", 415, bad, "text/plain"),
    .typed("other charset", "application/json; charset=latin1", #"{"thing":{}}"#, 415, bad, "latin1"),
    .typed("UTF-8 named", "application/json; charset=\"UTF-8\"", #"{"thing":{}}"#, 200, "ok", ""),
    .typed(
      "a key with two uses", "application/x-www-form-urlencoded", "thing=a&thing[text]=b", 400, bad, "form"),
    .typed(
      "bad encoding in a form", "application/x-www-form-urlencoded", "thing[text]=%zz", 400, bad, "form"),
    .typed(
      "50,000 form keys", "application/x-www-form-urlencoded",
      (0..<50_000).map { "thing[k\($0)]=" }.joined(separator: "&"), 400, bad, "10000"),
    .typed(
      "JSON 100,000 deep", "application/json", String(repeating: "[", count: 100_000), 400, bad, "64"),
    Scenario(
      name: "broken UTF-8", method: "POST", path: "/objects/thing.json",
      headers: ["Content-Type: application/json"],
      body: Array(#"{"thing":{"text":""#.utf8) + [0xff] + Array("\"}}".utf8), status: 400, type: bad,
      detail: "UTF-8"),
  ]

  static let values: [Scenario] = [
    ("unknown field", #""colour":1"#, "colour"), ("relationship by its name", #""parent":null"#, "parent_id"),
    ("boolean for text", #""text":true"#, "text"),
    ("number that a text would lose digits of", #""text":1e-400"#, "text"),
    ("decimal comma", #""number":"1,5""#, "comma"), ("U+0000", #""text":"\u0000""#, "U+0000"),
    ("fraction for an integer", #""integer":3.7"#, "integer"), ("2^31", #""integer":2147483648"#, "integer"),
    ("too large a number", #""number":1e999"#, "number"), ("no day", #""day":"2013-02-30""#, "day"),
    ("24:00", #""time":"2013-01-01T24:00""#, "time"), ("1 for a boolean", #""flag":1"#, "flag"),
    ("unknown option", #""one":"c""#, "one"), ("number for a text key", #""one":1"#, "one"),
    ("unknown integer option", #""rank":4"#, "rank"), ("a key for a list", #""many":"x""#, "many"),
    ("unknown key in a list", #""many":["z"]"#, "many"), ("null in a list", #""ranks":[null]"#, "ranks"),
    ("latitude", #""place":[91,0]"#, "latitude"),
    ("half a location", #""place":{"latitude":1}"#, "longitude"),
    ("unknown part", #""place":{"latitude":1,"longitude":1,"x":1}"#, "x"), ("id", #""id":"7""#, "UUID"),
    ("upper-case id", #""id":"AAAAAAAA-0000-4000-8000-000000000000""#, "UUID"),
    ("related id", #""parent_id":"7""#, "parent_id"),
    ("attachment", #""photo":{"base64":"AA=="}"#, "picture"), ("attachment by id", #""photo_id":"7""#, "UUID"),
  ].map { (name: String, member: String, detail: String) in
    .json(name, "POST", "/objects/thing.json", "{\"thing\":{\(member)}}", 422, value, detail)
  }

  static let batches: [Scenario] = [
    ("no operations", "{}", "operations"), ("no array", #"{"operations":{}}"#, "array"),
    ("no object", #"{"operations":[1]}"#, "operations[0]"),
    ("unknown method", #"{"operations":[{"method":"get","object":{"type":"thing"}}]}"#, "method"),
    ("no object member", #"{"operations":[{"method":"post"}]}"#, "object"),
    ("no type", #"{"operations":[{"method":"post","object":{}}]}"#, "type"),
    ("type that is no string", #"{"operations":[{"method":"post","object":{"type":1}}]}"#, "type"),
    ("id that is no string", #"{"operations":[{"method":"post","object":{"type":"thing","id":1}}]}"#, "id"),
    ("no id", #"{"operations":[{"method":"patch","object":{"type":"thing"}}]}"#, "id"),
    ("id null", #"{"operations":[{"method":"delete","object":{"type":"thing","id":null}}]}"#, "id"),
    ("stop_on_error", #"{"operations":[],"stop_on_error":1}"#, "stop_on_error"),
    (
      "1001 operations",
      "{\"operations\":[\(Array(repeating: "{}", count: 1001).joined(separator: ","))]}", "1000"
    ),
  ].map { (name: String, body: String, detail: String) in
    .json("batch: \(name)", "POST", "/batch.json", body, 400, bad, detail)
  }

  @Test("A request that cannot be done says so", arguments: routes + bodies + values + batches)
  func error(_ scenario: Scenario) throws {
    let server = try Self.server.get()
    let answer = try server.send(
      scenario.method, scenario.path, headers: scenario.headers, body: scenario.body)
    #expect(answer.status == scenario.status)
    #expect(answer.type == scenario.type)
    #expect(scenario.detail.isEmpty || answer.detail.contains(scenario.detail))
    #expect(answer[header: "access-control-allow-origin"] == "*")
    #expect(answer[header: "x-content-type-options"] == "nosniff")
    #expect(answer[header: "x-request-id"] != nil)
    #expect(answer[header: "date"] != nil)
    #expect(answer[header: "content-type"] == "application/json; charset=utf-8")
  }
}
