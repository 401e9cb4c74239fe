import API
import HTTPServer
import JSON
import Testing

/// Each error of api.md section 5 from each endpoint where it can happen: request → status, type and a
/// part of the detail. Nothing of them is stored.
@Suite("Errors")
struct ErrorScenarios {
  struct Row: Sendable, CustomTestStringConvertible {
    var method: Method
    var path: String
    var body: String
    var headers: [String: String]
    var status: Int
    var type: String
    var part: String

    init(
      _ method: Method, _ path: String, _ status: Int, _ type: String, _ part: String
    ) {
      self.init(method, path, "", status, type, part)
    }

    init(
      _ method: Method, _ path: String, _ body: String, headers: [String: String] = [:],
      _ status: Int, _ type: String, _ part: String
    ) {
      self.method = method
      self.path = path
      self.body = body
      self.headers = headers
      self.status = status
      self.type = type
      self.part = part
    }

    var testDescription: String { "\(method) \(path) \(body.prefix(60))" }
  }

  static let id = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
  static let form = ["Content-Type": "application/x-www-form-urlencoded"]

  static let routes: [Row] = [
    Row(.get, "objects/boat.json", 404, "ROUTE_ERROR", "no model \"boat\""),
    Row(.post, "objects/boat.json", "{}", 404, "ROUTE_ERROR", "no model"),
    Row(.get, "objects.json", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "objects/flight.xml", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "nothing", 404, "ROUTE_ERROR", "no route"),
    Row(.put, "objects/flight.json", "{}", 404, "ROUTE_ERROR", "no route PUT"),
    Row(.delete, "objects/flight/count.json", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "objects/flight/search.json", 404, "ROUTE_ERROR", "no route"),
    Row(.patch, "objects/flight/query", "{}", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "batch.json", 404, "ROUTE_ERROR", "no route"),
    Row(.other("BREW"), "info.json", 404, "ROUTE_ERROR", "BREW"),
    Row(.get, "/api/v3/x", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "/nowhere", 404, "ROUTE_ERROR", "no route"),
    Row(.get, "objects/fl%zzight", 400, "INVALID_API_REQUEST", "path cannot be read"),
    Row(.get, "objects/%ff", 400, "INVALID_API_REQUEST", "path cannot be read"),
  ]

  static let objects: [Row] = [
    Row(.get, "objects/flight/\(id).json", 404, "OBJECT_NOT_FOUND", id),
    Row(.get, "objects/flight/NOPE.json", 404, "OBJECT_NOT_FOUND", "NOPE"),
    Row(.get, "objects/flight/\(id.uppercased())", 404, "OBJECT_NOT_FOUND", ""),
    Row(.delete, "objects/flight/\(id).json", 404, "OBJECT_NOT_FOUND", id),
    Row(.delete, "objects/flight/x", 404, "OBJECT_NOT_FOUND", ""),
    Row(.patch, "objects/flight/\(id)", #"{"flight":{}}"#, 404, "OBJECT_NOT_FOUND", id),
    Row(.patch, "objects/flight/x", #"{"flight":{}}"#, 404, "OBJECT_NOT_FOUND", ""),
    // Values come before existence.
    Row(.patch, "objects/flight/x", #"{"flight":{"number":"x"}}"#, 422, "INVALID_VALUE", "number"),
    Row(.put, "objects/flight/x", #"{"flight":{}}"#, 422, "INVALID_VALUE", "UUID"),
    Row(
      .put, "objects/flight/\(id)", #"{"flight":{"id":"8a2b1c34-77a0-4e55-9a6c-0f3f7b8f1d20"}}"#, 422, "INVALID_VALUE",
      "path names"),
    Row(.post, "objects/flight", #"{"flight":{"id":"nope"}}"#, 422, "INVALID_VALUE", "UUID"),
    Row(.post, "objects/flight", #"{"flight":{"id":7}}"#, 422, "INVALID_VALUE", "UUID"),
  ]

  static let bodies: [Row] = [
    Row(
      .post, "objects/flight", "", headers: ["Content-Type": "application/json"], 400, "INVALID_API_REQUEST", "empty"),
    Row(.post, "objects/flight", "", headers: form, 400, "INVALID_API_REQUEST", "empty"),
    Row(
      .post, "objects/flight", #"{"flight":{}}"#, headers: ["Content-Type": "text/plain"], 415, "INVALID_API_REQUEST",
      "text/plain"),
    Row(
      .post, "objects/flight", #"{"flight":{}}"#, headers: ["Content-Type": "application/json; charset=latin1"], 415,
      "INVALID_API_REQUEST", "latin1"),
    Row(.post, "objects/flight", #"{"flight":{}}"#, headers: form, 400, "INVALID_API_REQUEST", "looks like JSON"),
    Row(.post, "batch.json", "a=1", headers: form, 415, "INVALID_API_REQUEST", "application/json"),
    Row(.post, "objects/flight", #"{"flight":{}"#, 400, "INVALID_API_REQUEST", "at byte"),
    Row(.post, "objects/flight", #"{"flight":{"number":1,"number":2}}"#, 400, "INVALID_API_REQUEST", "at byte"),
    Row(.post, "objects/flight", "\u{FEFF}{\"flight\":{}", 400, "INVALID_API_REQUEST", "at byte 15"),
    Row(.post, "objects/flight", "\u{FEFF}", 400, "INVALID_API_REQUEST", "at byte 3"),
    Row(
      .post, "objects/flight", "\u{FEFF}{\"flight\":{}}", headers: form, 400, "INVALID_API_REQUEST", "looks like JSON"),
    Row(.post, "objects/flight", #"{"\ud800":{}}"#, 400, "INVALID_API_REQUEST", "top-level key, \"flight\""),
    Row(
      .post, "objects/flight", "flight[0][number]=1&flight[1][number]=2", headers: form, 400, "INVALID_API_REQUEST",
      "batch.json"),
    Row(.post, "objects/flight", #"{"flight":{}} x"#, 400, "INVALID_API_REQUEST", "at byte"),
    Row(.post, "objects/flight", String(repeating: "[", count: 100_000), 400, "INVALID_API_REQUEST", "at byte"),
    Row(.post, "objects/flight", "[]", 400, "INVALID_API_REQUEST", "top-level key, \"flight\""),
    Row(.post, "objects/flight", "{}", 400, "INVALID_API_REQUEST", "empty object"),
    Row(.post, "objects/flight", #"{"airline":{}}"#, 400, "INVALID_API_REQUEST", "airline"),
    Row(.post, "objects/flight", #"{"flight":{},"x":1}"#, 400, "INVALID_API_REQUEST", "\"x\""),
    Row(.post, "objects/flight", #"{"flight":[{}]}"#, 400, "INVALID_API_REQUEST", "batch.json"),
    Row(.post, "objects/flight", #"{"flight":7}"#, 400, "INVALID_API_REQUEST", "no JSON object"),
    Row(.post, "objects/flight", "flight[number]=1&flight=2", headers: form, 400, "INVALID_API_REQUEST", "form"),
    Row(.post, "objects/flight", "flight[title]=%zz", headers: form, 400, "INVALID_API_REQUEST", "form"),
    Row(.post, "objects/flight", "boat[title]=a", headers: form, 400, "INVALID_API_REQUEST", "boat"),
    Row(
      .post, "objects/flight", (0..<50_000).map { "flight[k\($0)]=1" }.joined(separator: "&"), headers: form, 400,
      "INVALID_API_REQUEST", "10"),
  ]

  static let values: [Row] = [
    (#""title":true"#, "title"), (#""title":1e400"#, "write it as a string"), (#""title":"a\u0000b""#, "U+0000"),
    (#""number":3.7"#, "number"), (#""distance":"1,5""#, "instead of the comma"),
    (#""codes":["1,0"]"#, "instead of the comma"),
    (#""title":"\ud800""#, "surrogate"), (#""status":"\ud800""#, "surrogate"), (#""tags":["a","\ud800"]"#, "surrogate"),
    (#""route":{"a":["\ud800"]}"#, "surrogate"), (#""airline_id":"\ud800""#, "airline_id"),
    (#""\ud800":1"#, "no field"),
    (#""number":2147483648"#, "2147483648"), (#""number":true"#, "number"), (#""distance":1e400"#, "distance"),
    (#""distance":"abc""#, "abc"), (#""day":"2013-02-30""#, "2013-02-30"), (#""day":20130131"#, "day"),
    (#""departure":"2013-01-31T24:00""#, "departure"), (#""departure":"soon""#, "soon"),
    (#""diverted":1"#, "diverted"), (#""diverted":"1""#, "diverted"), (#""diverted":"yes""#, "yes"),
    (#""status":"lost""#, "landed, late"),
    (#""status":3"#, "status"), (#""level":2"#, "level"), (#""level":"x""#, "level"),
    (#""tags":"a""#, "list"), (#""tags":["z"]"#, "z"), (#""tags":[null]"#, "null"), (#""codes":[3]"#, "codes"),
    (#""position":{"latitude":1}"#, "longitude"), (#""position":{"latitude":null,"longitude":1}"#, "latitude"),
    (#""position":[null]"#, "longitude"), (#""position":{"latitude":91,"longitude":0}"#, "latitude"),
    (#""position":{"latitude":1,"longitude":2,"height":3}"#, "height"), (#""position":"1,2""#, "position"),
    (#""pass":{"base64":"AA=="}"#, "application/pdf"), (#""pass":{"base64":"AA"}"#, "padded"),
    (#""pass_id":"x""#, "UUID"), (#""pass":"x""#, "pass_id"),
    (#""airline_id":"nope""#, "airline_id"), (#""airline_id":5"#, "airline_id"),
    (#""airline":"x""#, "airline_id"), (#""flights":[]"#, "flights"), (#""nope":1"#, "nope"),
  ].map { fields, part in
    Row(.post, "objects/flight", "{\"flight\":{\(fields)}}", 422, "INVALID_VALUE", part)
  }

  static let queries: [Row] = [
    ("q[nope]=1", 400, "nope"), ("q[number.like]=1", 400, "like"), ("q[title.gt.x]=1", 400, "gt.x"),
    ("q[position]=1", 400, ".null"), ("q[route.contains]=x", 400, ".null"), ("q[tags.lt]=a", 400, "tags"),
    ("q[pass_id.contains]=x", 400, "pass_id"), ("q[level.contains]=1", 400, "level"),
    ("q[diverted.contains]=t", 400, "diverted"), ("q[number.contains]=1", 400, "number"), ("q=1", 400, "q[field]"),
    ("q[a][b]=1", 400, "q[field]"), ("q[number]=abc", 422, "abc"), ("q[number]=", 422, "number"),
    ("q[day]=yesterday", 422, "yesterday"), ("q[title.null]=maybe", 400, "true or false"),
    ("q[_updated_at.gt]=x", 422, "_updated_at"), ("sort[nope]=1", 400, "nope"), ("sort[number]=up", 400, "up"),
    ("status=landed", 400, "q[status]=landed"), ("distance.gte=5", 400, "q[distance.gte]=5"),
    ("q[number]=3&airline_id=x", 400, "q[airline_id]=x"), ("airline=x", 400, "q[airline]=x"),
    ("limit[]=5", 400, "limit takes one value"), ("skip[0]=5", 400, "skip takes one value"),
    ("total[]=true", 400, "total"), ("after[]=x", 400, "after"),
    ("sort=number", 400, "sort[field]"), ("limit=-1", 400, "limit"), ("limit=x", 400, "limit"),
    ("skip=1.5", 400, "skip"), ("total=perhaps", 400, "total"), ("q[%zz]=1", 400, "query string"),
    ("q[title]=%ff", 400, "query string"),
  ].map { query, status, part in
    Row(.get, "objects/flight.json?\(query)", status, status == 400 ? "INVALID_API_REQUEST" : "INVALID_VALUE", part)
  }

  private static let deep = (String(repeating: "(", count: 65), String(repeating: ")", count: 65))
  private static let list = "[" + Array(repeating: "1", count: 10_001).joined(separator: ",") + "]"
  private static let lists = Array(
    repeating: "[" + Array(repeating: "1", count: 9_091).joined(separator: ",") + "]", count: 11)

  /// What is wrong with an expression, and where.
  static let expressions: [Row] = [
    (
      "number", "[]",
      "position 6: expected an operator (=, !=, <, <=, >, >=, contains, starts with, in, not in), not the end"
    ),
    ("number =", "[]", "position 8: expected \"?\" (values stand in arguments), not the end"),
    ("number = 5", "[]", "position 9: expected \"?\" (values stand in arguments), not \"5\""),
    ("= ?", "[1]", "position 0: expected a field or \"(\", not \"=\""),
    ("number = ? and", "[1]", "position 14: expected a field or \"(\", not the end"),
    ("number = ? AND number = ?", "[1,1]", "position 11: expected \"and\", \"or\" or the end, not \"AND\""),
    ("number = ? number = ?", "[1,1]", "position 11: expected \"and\", \"or\" or the end, not \"number\""),
    ("(number = ?", "[1]", "position 11: expected \"and\", \"or\" or \")\", not the end"),
    ("number = ?)", "[1]", "position 10: expected \"and\", \"or\" or the end, not \")\""),
    ("()", "[]", "position 1: expected a field or \"(\", not \")\""),
    ("number=?or number=?", "[1,1]", "position 8: expected a blank or a parenthesis before \"or\""),
    ("title contains?", "[\"a\"]", "position 14: expected a blank or a parenthesis behind \"contains\""),
    ("title starts  with ?", "[\"a\"]", "position 6: expected \"starts with\" with one blank between"),
    ("title not ?", "[[]]", "position 6: expected \"not in\" with one blank between"),
    ("title like ?", "[\"a\"]", "position 6: expected an operator"),
    ("title ! ?", "[\"a\"]", "position 6: expected an operator"),
    ("título = ?", "[1]", "position 1: expected an operator"),
    ("number == ?", "[1]", "position 8: expected \"?\""),
    ("nope = ?", "[1]", "position 0: flight has no field \"nope\""),
    ("title = ? and nope = ?", "[\"a\",1]", "position 14: flight has no field \"nope\""),
    ("number contains ?", "[1]", "number cannot be filtered by contains; it has =, !=, in, not in, <, <=, >, >="),
    ("position = ?", "[[1,2]]", "it has = null, != null"), ("position in ?", "[[null]]", "it has = null, != null"),
    ("tags < ?", "[\"a\"]", "tags cannot be filtered by <"), ("route contains ?", "[\"a\"]", "route"),
    ("level contains ?", "[1]", "level cannot be filtered by contains"),
    ("diverted starts with ?", "[\"t\"]", "diverted cannot"), ("pass_id contains ?", "[\"a\"]", "pass_id cannot"),
    ("updated_at contains ?", "[\"2013\"]", "updated_at cannot"), ("_type contains ?", "[\"f\"]", "_type cannot"),
    ("number in ?", "[1]", "takes an array"), ("number in ?", "[null]", "takes an array"),
    ("number = ?", "[]", "one ?, and arguments has 0 values"),
    ("number = ?", "[1,2]", "one ?, and arguments has 2 values"),
    ("", "[1]", "0 ?, and arguments has one value"), ("number = ?", "{}", "arguments takes an array"),
    ("\(deep.0)number = ?\(deep.1)", "[1]", "position 64: at most 64"),
    (Array(repeating: "number = ?", count: 2001).joined(separator: " or "), "[]", "at most 2000 comparisons"),
    ("number in ?", "[\(list)]", "value 1 has 10001 values; a list has at most 10000"),
    (
      Array(repeating: "number in ?", count: 11).joined(separator: " or "), "[\(lists.joined(separator: ","))]",
      "more than 100000 values"
    ),
  ].map { expression, arguments, part in
    Row(
      .post, "objects/flight/query.json", "{\"expression\":\"\(expression)\",\"arguments\":\(arguments)}", 400,
      "INVALID_API_REQUEST", part)
  }

  static let queryBodies: [Row] = [
    ("[]", 400, "object"), (#"{"expression":5}"#, 400, "expression takes a string"),
    (#"{"limit":-1}"#, 400, "limit"), (#"{"limit":"5"}"#, 400, "limit"), (#"{"skip":1.5}"#, 400, "skip"),
    (#"{"sort":{"number":1}}"#, 400, "sort takes an array"), (#"{"sort":["nope"]}"#, 400, "nope"),
    (#"{"sort":[5]}"#, 400, "sort takes"),
    (#"{"expression":"number = ?","arguments":["x"]}"#, 422, "number: \"x\""),
    (#"{"expression":"title = ?","arguments":["\ud83d"]}"#, 422, "surrogate"),
    (#"{"expression":"tags in ?","arguments":[["a","\ud83d"]]}"#, 422, "surrogate"),
    (#"{"expression":"id contains ?","arguments":[5]}"#, 422, "an id is a string"),
    (#"{"expression":"departure = ?","arguments":["20131345"]}"#, 422, "20131345"),
    (#"{"expression":"number = ?","arguments":[[1]]}"#, 422, "number"),
    (#"{"expression":"title = ?","arguments":[true]}"#, 422, "title"),
    (#"{"expression":"number in ?","arguments":[["1,5"]]}"#, 422, "instead of the comma"),
    (#"{"expression":"diverted = ?","arguments":["1"]}"#, 422, "diverted"),
    (#"{"expression":"day > ?","arguments":["soon"]}"#, 422, "soon"),
    (#"{"expression":"airline = ?","arguments":[5]}"#, 422, "an id is a string"),
    (#"{"expression":"tags = ?","arguments":[["a",null]]}"#, 422, "null"),
    (#"{"expression":"updated_at < ?","arguments":["x"]}"#, 422, "updated_at"),
  ].map { body, status, part in
    Row(
      .post, "objects/flight/query.json", body, status, status == 400 ? "INVALID_API_REQUEST" : "INVALID_VALUE", part)
  }

  static let batches: [Row] = [
    ("[]", "operations"), ("{}", "missing"), (#"{"operations":{}}"#, "array"),
    (#"{"operations":[7]}"#, "operations[0]"),
    (#"{"operations":[{"method":"get","object":{"type":"flight"}}]}"#, "method"),
    (#"{"operations":[{"method":"post"}]}"#, "object"), (#"{"operations":[{"method":"post","object":{}}]}"#, "type"),
    (#"{"operations":[{"method":"post","object":{"type":7}}]}"#, "type"),
    (#"{"operations":[{"method":"put","object":{"type":"flight"}}]}"#, "id"),
    (#"{"operations":[{"method":"delete","object":{"type":"flight","id":null}}]}"#, "id"),
    (#"{"operations":[{"method":"post","object":{"type":"flight","id":7}}]}"#, "id"),
    (#"{"operations":[],"stop_on_error":"yes"}"#, "stop_on_error"),
    (#"{"operations":[],"stop_on_error":null}"#, "stop_on_error"), (#"{"operations":[],"dry_run":null}"#, "dry_run"),
    (
      "{\"operations\":["
        + Array(repeating: #"{"method":"post","object":{"type":"flight"}}"#, count: 1001).joined(separator: ",") + "]}",
      "1001"
    ),
  ].map { body, part in Row(.post, "batch.json", body, 400, "INVALID_API_REQUEST", part) }

  @Test(
    "say what is wrong, and store nothing",
    arguments: routes + objects + bodies + values + queries + expressions + queryBodies + batches)
  func row(_ row: Row) async throws {
    try await TestAPI.run { api in
      let answer = await api.send(row.method, row.path, row.body, headers: row.headers)
      #expect(answer.status == row.status)
      #expect(answer.type == row.type)
      #expect(
        row.part.split(separator: "|").contains { answer.detail.contains($0) } || row.part.isEmpty, "\(answer.detail)")
      #expect(answer.json?["see"]?.string == "http://localhost/docs/errors#\(row.type)")
      #expect(answer.json?["title"]?.string == ErrorType(rawValue: row.type)?.title)
      if row.path.hasPrefix("objects") || row.path.hasPrefix("batch") {
        #expect(answer.headers["access-control-allow-origin"] == "*")
      }
      let count = await api.send(.get, "objects/flight/count.json")
      #expect(count.text == #"{"count":0}"#)
    }
  }

  @Test("of broken UTF-8 name the byte")
  func brokenUTF8() async throws {
    try await TestAPI.run { api in
      let answer = await api.send(
        .post, "objects/flight", bytes: Array(#"{"flight":{"title":"a"#.utf8) + [0xff] + Array(#""}}"#.utf8))
      #expect(answer.status == 400)
      #expect(answer.detail.contains("at byte 21"), "\(answer.detail)")
    }
  }
}
