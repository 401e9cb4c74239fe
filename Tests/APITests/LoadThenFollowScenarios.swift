import HTTPServer
import JSON
import Testing

/// A reader that walks a list by its cursor while others write and delete, and then follows the feed from
/// the first page's sequence on, has exactly what is there.
@Suite("Load, then follow")
struct LoadThenFollowScenarios {
  private static func id(_ number: Int) -> String {
    let digits = String(number)
    return "0000000b-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  @Test("ends with an exact mirror, whatever others write meanwhile")
  func rounds() async throws {
    try await TestAPI.run { api in
      for number in 0..<60 { _ = await api.send(.put, "objects/flight/\(Self.id(number))", "{\"flight\":{}}") }
      for round in 0..<50 {
        async let first: Void = Self.write(round * 2, to: api)
        async let second: Void = Self.write(round * 2 + 1, to: api)
        let (loaded, start) = await Self.walk(api, limit: 1 + round % 9)
        _ = await (first, second)
        let mirror = await Self.follow(api, loaded, from: start)
        let (there, _) = await Self.walk(api, limit: 1000)
        #expect(mirror == there, "round \(round): \(mirror.count) mirrored, \(there.count) there")
      }
    }
  }

  /// Forty changes of forty among eighty objects: some are made anew, some go.
  private static func write(_ seed: Int, to api: TestAPI) async {
    for step in 0..<40 {
      let mixed = (seed &* 7919 &+ step &* 104_729) % 997
      let path = "objects/flight/\(id(mixed % 80))"
      switch mixed % 3 {
      case 0: _ = await api.send(.delete, path)
      case 1: _ = await api.send(.put, path, "{\"flight\":{\"number\":\(seed * 100 + step)}}")
      default: _ = await api.send(.patch, path, "{\"flight\":{\"title\":\"\(seed).\(step)\"}}")
      }
    }
  }

  /// All objects as they are printed, by id, and the sequence of the first page.
  private static func walk(_ api: TestAPI, limit: Int) async -> (objects: [String: String], start: String) {
    var objects: [String: String] = [:]
    var start: String?
    var cursor = ""
    while true {
      let answer = await api.send(.get, "objects/flight.json?limit=\(limit)\(cursor)")
      #expect(answer.status == 200, "\(answer.text)")
      if start == nil { start = answer.headers["x-sojourn-sequence"] }
      for object in answer.json?["objects"]?.elements.map({ $0 }) ?? [] {
        objects[object["id"]?.string ?? ""] = object.rawText
      }
      guard let next = answer.json?["next"]?.string else { return (objects, start ?? "") }
      cursor = "&after=\(next)"
    }
  }

  private static func follow(
    _ api: TestAPI, _ loaded: [String: String], from start: String
  ) async -> [String: String] {
    var objects = loaded
    var start = start
    while true {
      let answer = await api.send(.get, "oplog.json?limit=17&start=\(start)")
      #expect(answer.status == 200, "\(answer.text)")
      for entry in answer.json?["entries"]?.elements.map({ $0 }) ?? [] {
        let isGone = entry["operation"]?.string == "delete"
        objects[entry["object"]?["id"]?.string ?? ""] = isGone ? nil : entry["object"]?.rawText
      }
      guard let next = answer.json?["next_request_start"]?.string, answer.json?["has_more"]?.bool == true else {
        return objects
      }
      start = next
    }
  }
}
