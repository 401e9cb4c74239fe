import HTTPServer
import JSON
import Testing

/// `include`: related objects inside objects.
@Suite("Embedding")
struct IncludeScenarios {
  static let airline = "0000000a-0000-4000-8000-000000000000"
  static let dangling = "0000000d-0000-4000-8000-000000000000"

  static func flight(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "\(String(repeating: "0", count: 8 - digits.utf8.count))\(digits)-0000-4000-8000-000000000001"
  }

  /// An airline, and flights 1 to 7, each with the one before as `previous`; the third's airline is gone.
  static func fill(_ api: TestAPI) async {
    var operations = [
      #"{"method":"put","object":{"type":"airline","id":"\#(airline)","carrier":"U \"A\""}}"#
    ]
    for number in 1...7 {
      let carrier = number == 3 ? "\"\(dangling)\"" : number % 2 == 1 ? "\"\(airline)\"" : "null"
      let previous = number == 1 ? "null" : "\"\(flight(number - 1))\""
      operations.append(
        """
        {"method":"put","object":{"type":"flight","id":"\(flight(number))","number":\(number),"tags":["a"],
        "airline_id":\(carrier),"previous_id":\(previous)}}
        """)
    }
    let answer = await api.send(.post, "batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
    #expect(answer.status == 200, "\(answer.text.prefix(300))")
  }

  /// An answer read without `include`, with what it embeds put in by hand: what `include` must give.
  ///
  /// `tree` is the paths as names to trees.
  private indirect enum Tree {
    case none
    case of([(String, Tree)])
  }

  private static func expected(_ model: String, _ id: String, _ tree: Tree, _ api: TestAPI) async -> String {
    let answer = await api.send(.get, "objects/\(model)/\(id)")
    guard answer.status == 200 else { return "null" }
    var text = answer.text
    guard case .of(let branches) = tree else { return text }
    for (name, inner) in branches {
      let related = answer.json?["\(name)_id"]?.string
      let target = name == "airline" ? "airline" : "flight"
      let embedded: String
      if let related { embedded = await expected(target, related, inner, api) } else { embedded = "null" }
      let key = "\"\(name)_id\":\(related.map { "\"\($0)\"" } ?? "null")"
      text = text.replacing(key, with: "\(key),\"\(name)\":\(embedded)", maxReplacements: 1)
    }
    return text
  }

  private static let trees: [(String, Tree)] = [
    ("", .none), ("airline", .of([("airline", .none)])),
    ("previous", .of([("previous", .none)])),
    ("airline,previous", .of([("previous", .none), ("airline", .none)])),
    ("previous,airline,airline", .of([("previous", .none), ("airline", .none)])),
    (" airline , ,previous,", .of([("previous", .none), ("airline", .none)])),
    ("previous.airline", .of([("previous", .of([("airline", .none)]))])),
    ("previous.airline,previous", .of([("previous", .of([("airline", .none)]))])),
    (
      "previous.airline,airline,previous.previous.airline",
      .of([
        ("previous", .of([("previous", .of([("airline", .none)])), ("airline", .none)])), ("airline", .none),
      ])
    ),
    (
      "previous.previous.previous.previous.previous",
      .of([("previous", .of([("previous", .of([("previous", .of([("previous", .of([("previous", .none)]))]))]))]))])
    ),
  ]

  @Test("puts complete related objects, or null, beside their ids")
  func embedded() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      for (include, tree) in Self.trees {
        let query = "include=\(include.replacing(" ", with: "+"))"
        var objects: [String] = []
        for number in 1...7 {
          let expected = await Self.expected("flight", Self.flight(number), tree, api)
          objects.append(expected)
          let single = await api.send(.get, "objects/flight/\(Self.flight(number))?\(query)")
          #expect(single.text == expected, "\(include) \(number)")
          #expect(single.headers["x-sojourn-sequence"] != nil)
        }
        let list = await api.send(.get, "objects/flight.json?\(query)")
        #expect(
          list.text == "{\"objects\":[\(objects.joined(separator: ","))],\"count\":7,\"total\":7,\"more\":false}",
          "\(include)")
        let sorted = await api.send(.get, "objects/flight.json?\(query)&sort[number]=-1&limit=2&skip=1")
        #expect(
          sorted.text.hasPrefix("{\"objects\":[\(objects[5]),\(objects[4])],\"count\":2,\"total\":7,\"more\":true"),
          "\(include)")
      }
    }
  }

  @Test("is written in several ways")
  func forms() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let expected = await api.send(.get, "objects/flight.json?include=airline,previous").text
      for query in [
        "include=airline%2Cprevious", "include[]=airline&include[]=previous", "include=airline&include=previous",
        "include[1]=previous&include[0]=airline", "include=previous&include[0]=airline",
        "include=previous&include[]=airline,", "include=previous,airline&include=",
      ] {
        #expect(await api.send(.get, "objects/flight.json?\(query)").text == expected, "\(query)")
      }
    }
  }

  @Test("walks on with a cursor, whatever is embedded")
  func cursor() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let next = await api.send(.get, "objects/flight.json?limit=3").json?["next"]?.string ?? ""
      let page = await api.send(.get, "objects/flight.json?limit=3&include=airline&after=\(next)")
      #expect(page.json?["objects"]?.elements.map { $0["number"]?.rawText ?? "" } == ["4", "5", "6"])
      #expect(page.json?["objects"]?.elements.compactMap { $0["airline"]?["display"]?.string } == ["U \"A\""])
    }
  }

  @Test("of what there is not is a 400 that names the path and the relationships there are")
  func refused() async throws {
    try await TestAPI.run { api in
      await Self.fill(api)
      let many = (0..<21).map { Array(repeating: "previous", count: 1 + $0 / 5).joined(separator: ".") + "x\($0)" }
      for (include, part) in [
        ("plane", "\"plane\" in \"plane\" is no belongs-to relationship; those of flight are airline, previous."),
        ("airline_id", "those of flight are airline, previous"), ("title", "those of flight are airline"),
        ("pass", "no belongs-to"), ("previous.plane", "\"plane\" in \"previous.plane\""),
        ("airline.previous", "airline has no relationships to embed"), ("airline.flights", "has-many of airline"),
        ("airline.", "\"\" in \"airline.\""), (".airline", "no belongs-to"), ("previous..previous", "no belongs-to"),
        ("AIRLINE", "no belongs-to"), ("airline;previous", "no belongs-to"), ("%00", "no belongs-to"),
        ("previous.previous.previous.previous.previous.previous", "has 6 levels; at most 5 are embedded"),
        (many.joined(separator: ","), "at most 20 paths"),
        (String(repeating: ".", count: 10_000), "has 10001 levels"),
      ] {
        for path in ["objects/flight.json", "objects/flight/\(Self.flight(1))", "objects/flight/\(Self.dangling)"] {
          let answer = await api.send(.get, "\(path)?include=\(include)")
          #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(include.prefix(99)): \(answer.text)")
          #expect(answer.detail.contains(part), "\(include.prefix(99)): \(answer.detail)")
          #expect(answer.detail.utf8.count < 600)
        }
      }
      let brackets = await api.send(.get, "objects/flight.json?include[airline]=1")
      #expect(brackets.status == 400 && brackets.detail.contains("include takes paths"), "\(brackets.text)")
      let missing = await api.send(.get, "objects/flight/\(Self.dangling)?include=airline")
      #expect(missing.status == 404 && missing.type == "OBJECT_NOT_FOUND")
      #expect(await api.send(.get, "objects/flight/count.json?include=plane").status == 200)
    }
  }

  @Test("of large objects is read whole, from files, each where it belongs")
  func large() async throws {
    try await TestAPI.run { api in
      // Seven objects of 900 KB: more than is kept in memory, of what is embedded and of the answer.
      func title(_ number: Int) -> String { String(repeating: "\(number)", count: 900_000) }
      for number in 1...7 {
        let previous = "\"\(Self.flight(number % 7 + 1))\""
        let body = """
          {"flight":{"id":"\(Self.flight(number))","title":"\(title(number))","previous_id":\(previous)}}
          """
        #expect(await api.send(.post, "objects/flight", body).status == 200)
      }
      let answer = await api.send(.get, "objects/flight.json?include=previous.previous")
      let objects = answer.json?["objects"]?.elements.map { $0 } ?? []
      #expect(objects.count == 7)
      for (index, object) in objects.enumerated() {
        #expect(object["title"]?.string == title(index + 1))
        #expect(object["previous"]?["title"]?.string == title((index + 1) % 7 + 1))
        #expect(object["previous"]?["previous"]?["title"]?.string == title((index + 2) % 7 + 1))
      }
      let single = await api.send(.get, "objects/flight/\(Self.flight(3))?include=previous")
      #expect(single.json?["previous"]?["title"]?.string == title(4))
    }
  }

  @Test("that would make an answer without bounds is refused")
  func unbounded() async throws {
    try await TestAPI.run { api in
      let title = String(repeating: "x", count: 2_000_000)
      _ = await api.send(.post, "objects/flight", "{\"flight\":{\"id\":\"\(Self.flight(1))\",\"title\":\"\(title)\"}}")
      let operations = (2...200).map {
        """
        {"method":"put","object":{"type":"flight","id":"\(Self.flight($0))","previous_id":"\(Self.flight(1))"}}
        """
      }
      _ = await api.send(.post, "batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
      let answer = await api.send(.get, "objects/flight.json?include=previous")
      #expect(answer.status == 400 && answer.detail.contains("larger than 256 MiB"), "\(answer.text.prefix(300))")
      #expect(await api.send(.get, "objects/flight.json?include=previous&limit=5").status == 200)
    }
  }

  @Test("meets a thousand distinct objects on one page")
  func wide() async throws {
    try await TestAPI.run { api in
      for start in [0, 500, 1000, 1500] {
        let operations = (start..<start + 500).map { number in
          """
          {"method":"put","object":{"type":"flight","id":"\(Self.flight(number))","number":\(number),
          "previous_id":\(number < 1000 ? "null" : "\"\(Self.flight(1999 - number))\"")}}
          """
        }
        _ = await api.send(.post, "batch.json", "{\"operations\":[\(operations.joined(separator: ","))]}")
      }
      let answer = await api.send(.get, "objects/flight.json?skip=1000&include=previous")
      let numbers = answer.json?["objects"]?.elements.map { $0["previous"]?["number"]?.rawText ?? "" }
      #expect(numbers == (0..<1000).reversed().map(String.init))
    }
  }
}
