import HTTPServer
import JSON
import Testing

@Suite("Objects")
struct ObjectScenarios {
  private static let id = ErrorScenarios.id
  private static let airline = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"

  /// Values in, by JSON, and what is then read.
  private static let values: [(field: String, given: String, read: String)] = [
    ("title", #""a\"b""#, #""a\"b""#), ("title", #""""#, #""""#), ("title", "null", "null"),
    ("title", "12345678901234567890", #""12345678901234567890""#), ("title", "-0.50", #""-0.5""#),
    ("number", #"" +07 ""#, "7"), ("distance", #"".5""#, "0.5"), ("distance", #""5.""#, "5"),
    ("day", #""2020-01-31+02:00""#, #""2020-01-31""#),
    ("departure", #""2019-03-10 12:34:56.1230000 +02:00""#, #""2019-03-10T10:34:56Z""#),
    ("departure", #""2019-03-10T12:34:56,123 UTC""#, #""2019-03-10T12:34:56Z""#),
    ("departure", #""2020-01-31+02:00""#, #""2020-01-30T22:00:00Z""#),
    ("diverted", #""TRUE""#, #"{"key":true,"display":"Yes"}"#),
    ("diverted", #""False""#, #"{"key":false,"display":"No"}"#),
    ("level", #""03""#, #"{"key":3,"display":"Three"}"#),
    ("number", "3", "3"), ("number", "3.0", "3"), ("number", #""3""#, "3"), ("number", "-2147483648", "-2147483648"),
    ("distance", "1400", "1400"), ("distance", #""3.5""#, "3.5"), ("distance", "-0.0", "0"),
    ("distance", "1e21", "1e+21"),
    ("distance", "0.1", "0.1"), ("day", #""2013-01-31""#, #""2013-01-31""#), ("day", #""20130131""#, #""2013-01-31""#),
    ("day", #""2013-01-31T23:30:00-05:00""#, #""2013-01-31""#),
    ("departure", #""2013-01-31T09:05""#, #""2013-01-31T09:05:00Z""#),
    ("departure", #""2013-01-31T09:05:00.999+02:00""#, #""2013-01-31T07:05:00Z""#),
    ("departure", #""2013-01-31""#, #""2013-01-31T00:00:00Z""#),
    ("diverted", "true", #"{"key":true,"display":"Yes"}"#), ("diverted", #""false""#, #"{"key":false,"display":"No"}"#),
    ("status", #""landed""#, #"{"key":"landed","display":"Landed"}"#),
    ("status", #"{"key":"late","display":"whatever"}"#, #"{"key":"late","display":"Late"}"#),
    ("level", #""3""#, #"{"key":3,"display":"Three"}"#),
    ("tags", #"["b","a","b"]"#, #"[{"key":"b","display":"B"},{"key":"a","display":"A"}]"#), ("tags", "[]", "[]"),
    ("tags", #"[{"key":"c","display":"C"}]"#, #"[{"key":"c","display":"C"}]"#),
    ("codes", #"["2",1]"#, #"[{"key":2,"display":"Two"},{"key":1,"display":"One"}]"#),
    (
      "position", #"{"latitude":40.6,"longitude":-74}"#,
      #"{"latitude":40.6,"longitude":-74,"altitude":null,"horizontal_accuracy":null,"vertical_accuracy":null,"timestamp":null}"#
    ),
    (
      "position", #"[1,2,3,4,null,"2013-01-01T00:00:00Z",9]"#,
      #"{"latitude":1,"longitude":2,"altitude":3,"horizontal_accuracy":4,"vertical_accuracy":null,"timestamp":"2013-01-01T00:00:00Z"}"#
    ),
    (
      "position", "[null, 32.5, null, null, null, null]",
      #"{"latitude":0,"longitude":32.5,"altitude":null,"horizontal_accuracy":null,"vertical_accuracy":null,"timestamp":null}"#
    ),
    ("position", "[null, null, null, null, null, null]", "null"),
    ("route", #"[1, {"a": [null]}]"#, #"[1, {"a": [null]}]"#), ("pass", "null", "null"),
    ("pass", #"{"state":"pending"}"#, "null"),
    ("airline_id", #""5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10""#, #""5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10""#),
  ]

  @Test("a GET that is answered at once is answered as by the long way")
  func atOnce() async throws {
    try await TestAPI.run { api in
      let long = String(repeating: "x", count: 40_000)
      for title in ["short", long] {
        let made = await api.send(.post, "objects/flight", "{\"flight\":{\"title\":\"\(title)\"}}")
        #expect(made.status == 200)
        let id = try #require(made.text.split(separator: "\"").first { $0.utf8.count == 36 })
        for path in [
          "objects/flight/\(id)", "objects/flight/\(id).json", "objects/flight/\(Self.id)", "objects/flight/x",
        ] {
          let short = await api.send(.get, path)
          // A query, be it empty, goes the long way.
          for other in [await api.send(.get, path + "?include="), await api.send(.get, path, "{}")] {
            #expect(
              other.status == short.status && other.text == short.text && other.headers == short.headers, "\(path)")
          }
        }
      }
    }
  }

  @Test("read back what was written, type by type")
  func readBack() async throws {
    try await TestAPI.run { api in
      for row in Self.values {
        let made = await api.send(.post, "objects/flight", "{\"flight\":{\"\(row.field)\":\(row.given)}}")
        #expect(made.status == 200, "\(row.field) \(row.given): \(made.text)")
        #expect(made.json?[row.field]?.rawText == row.read, "\(row.field) \(row.given)")
        let id = made.json?["id"]?.string ?? ""
        #expect(await api.send(.get, "objects/flight/\(id).json").text == made.text)
      }
    }
  }

  @Test("are taken from JSON with a byte order mark, and from forms with numbered lists")
  func marksAndNumbers() async throws {
    try await TestAPI.run { api in
      let made = await api.send(.post, "objects/flight", "\u{FEFF}{\"flight\":{\"number\":7}}")
      #expect(made.json?["number"]?.rawText == "7", "\(made.text)")
      let batch = await api.send(
        .post, "batch.json", "\u{FEFF}{\"operations\":[{\"method\":\"post\",\"object\":{\"type\":\"airline\"}}]}")
      #expect(batch.json?["operations"]?.elements.first { _ in true }?["success"]?.bool == true, "\(batch.text)")
      let query = await api.send(.post, "objects/flight/query.json", "\u{FEFF}{\"limit\":1}")
      #expect(query.json?["count"]?.rawText == "1", "\(query.text)")
      let search = await api.send(.post, "objects/flight/search.json", "\u{FEFF}{\"query\":\"7\"}")
      #expect(search.status == 200, "\(search.text)")
      let form = ["Content-Type": "application/x-www-form-urlencoded"]
      let listed = await api.send(
        .post, "objects/flight", "flight[tags][1]=b&flight[tags][0]=a&flight[position][0]=1&flight[position][1]=2",
        headers: form)
      #expect(listed.json?["tags"]?.elements.compactMap { $0["key"]?.string } == ["a", "b"], "\(listed.text)")
      #expect(listed.json?["position"]?["longitude"]?.rawText == "2", "\(listed.text)")
    }
  }

  @Test("have their keys in the order of the model, each of them, unset ones null")
  func order() async throws {
    try await TestAPI.run { api in
      let made = await api.send(.put, "objects/flights/\(Self.id)", #"{"flight":{"number":1545,"airline_id":null}}"#)
      #expect(
        made.text == """
          {"id":"\(Self.id)","type":"flight","updated_at":"2026-01-01T00:00:00Z","display":" 1545","title":null,\
          "number":1545,"distance":null,"day":null,"departure":null,"diverted":null,"status":null,"level":null,\
          "tags":null,"codes":null,"position":null,"pass_id":null,"pass":null,"route":null,"airline_id":null,\
          "previous_id":null}
          """)
      #expect(made.headers["content-type"] == "application/json; charset=utf-8")
      #expect(made.headers["cache-control"] == "no-store")
    }
  }

  @Test("live: created, read, changed, replaced, deleted, and repeats write nothing")
  func life() async throws {
    try await TestAPI.run { api in
      let path = "objects/flight/\(Self.id).json"
      let body = #"{"flight":{"id":"\#(Self.id)","title":"a","number":1}}"#
      #expect(await api.send(.post, "objects/flight.json", body).status == 200)
      let again = await api.send(.post, "objects/flight.json", body)
      #expect(again.status == 422 && again.detail.contains("already"))

      let sequence = await api.send(.get, path).headers["x-sojourn-sequence"]
      #expect(await api.send(.patch, path, #"{"flight":{"title":"a"}}"#).status == 200)
      #expect(await api.send(.patch, path, #"{"flight":{}}"#).status == 200)
      #expect(await api.send(.put, path, #"{"flight":{"title":"a","number":1}}"#).status == 200)
      #expect(await api.send(.get, path).headers["x-sojourn-sequence"] == sequence)

      let patched = await api.send(.patch, path, #"{"flight":{"number":null,"type":"x","updated_at":7,"display":[]}}"#)
      #expect(patched.json?["title"]?.string == "a" && patched.json?["number"]?.isNull == true)
      let replaced = await api.send(.put, path, #"{"flight":{"number":5}}"#)
      #expect(replaced.json?["title"]?.isNull == true && replaced.json?["number"]?.rawText == "5")

      let deleted = await api.send(.delete, path)
      #expect(deleted.status == 200 && deleted.text.isEmpty)
      #expect(await api.send(.delete, path).status == 404)
      #expect(await api.send(.get, path).type == "OBJECT_NOT_FOUND")
    }
  }

  @Test("take forms, with nested brackets, and an empty value clears")
  func forms() async throws {
    try await TestAPI.run { api in
      let form = ErrorScenarios.form
      let path = "objects/flight/\(Self.id)"
      let made = await api.send(
        .put, path,
        "flight[title]=a+b%26c&flight[number]=7&flight[tags][]=a&flight[tags][]=b&flight[diverted]=1&flight%5Bposition%5D[latitude]=1.5&flight[position][longitude]=2",
        headers: form)
      #expect(made.json?["title"]?.string == "a b&c")
      #expect(made.json?["number"]?.rawText == "7")
      #expect(made.json?["tags"]?.count == 2)
      #expect(made.json?["diverted"]?["key"]?.bool == true)
      #expect(made.json?["position"]?["latitude"]?.rawText == "1.5")
      let spelled = await api.send(
        .patch, path,
        "flight[diverted]=FALSE&flight[number]=+007&flight[distance]=.5&flight[day]=2020-01-31Z&flight[level]=%2B3",
        headers: form)
      #expect(spelled.json?["diverted"]?["key"]?.bool == false && spelled.json?["number"]?.rawText == "7")
      #expect(spelled.json?["distance"]?.rawText == "0.5" && spelled.json?["day"]?.string == "2020-01-31")
      #expect(spelled.json?["level"]?["key"]?.rawText == "3")
      let cleared = await api.send(
        .patch, path, "flight[title]=&flight[number]=&flight[tags][]=&flight[diverted]=", headers: form)
      #expect(cleared.json?["title"]?.string == "")
      for field in ["number", "tags", "diverted"] { #expect(cleared.json?[field]?.isNull == true, "\(field)") }
    }
  }

  @Test("display what related objects are now; ids may dangle")
  func displays() async throws {
    try await TestAPI.run { api in
      let path = "objects/flight/\(Self.id)"
      let dangling = await api.send(
        .put, path, #"{"flight":{"number":7,"airline_id":"\#(Self.airline)"}}"#)
      #expect(dangling.json?["display"]?.string == " 7")
      _ = await api.send(.put, "objects/airline/\(Self.airline)", #"{"airline":{"carrier":"U\"A"}}"#)
      #expect(await api.send(.get, path).json?["display"]?.string == "U\"A 7")
      let list = await api.send(.get, "objects/flight.json")
      #expect(list.json?["objects"]?.elements.first { _ in true }?["display"]?.string == "U\"A 7")
    }
  }

  @Test("display the beginning of long texts of related objects, whole characters alone")
  func longDisplay() async throws {
    try await TestAPI.run { api in
      for (carrier, display) in [
        (String(repeating: "\u{E9}", count: 8000), String(repeating: "\u{E9}", count: 5000)),
        ("a" + String(repeating: "\u{E9}", count: 8000), "a" + String(repeating: "\u{E9}", count: 4999)),
        (String(repeating: "\u{1F600}", count: 100_000), String(repeating: "\u{1F600}", count: 2500)),
        (String(repeating: "x", count: 9_998), String(repeating: "x", count: 9_998) + " 1"),
        (String(repeating: "x", count: 10_004), String(repeating: "x", count: 10_000)),
      ] {
        _ = await api.send(.put, "objects/airline/\(Self.id)", "{\"airline\":{\"carrier\":\"\(carrier)\"}}")
        let flight = await api.send(.post, "objects/flight", #"{"flight":{"number":15,"airline_id":"\#(Self.id)"}}"#)
        #expect(flight.json?["display"]?.string == display, "\(carrier.count)")
        let next = #"{"flight":{"previous_id":"\#(flight.json?["id"]?.string ?? "")"}}"#
        let later = await api.send(.post, "objects/flight", next)
        let list = await api.send(.get, "objects/flight.json?q[id]=\(later.json?["id"]?.string ?? "")&include=previous")
        #expect(list.json?["objects"]?.elements.first { _ in true }?["previous"]?["display"]?.string == display)
      }
    }
  }
}
