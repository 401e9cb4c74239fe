import HTTPServer
import JSON
import Testing

/// Displays that print other objects: what is remembered of those must never be older than what was written.
@Suite("Displays of related objects")
struct RelatedDisplayScenarios {
  private static let airline = IncludeScenarios.airline
  private static let flight = IncludeScenarios.flight(1)

  private static func put(_ carrier: String) -> String {
    #"{"method":"put","object":{"type":"airline","id":"\#(airline)","carrier":"\#(carrier)"}}"#
  }

  private static let putFlight =
    #"{"method":"put","object":{"type":"flight","id":"\#(flight)","number":7,"airline_id":"\#(airline)"}}"#

  /// The flight's display as each way of asking shows it.
  private static func displays(_ api: TestAPI) async -> [String?] {
    let single = await api.send(.get, "objects/flight/\(flight)")
    let list = await api.send(.get, "objects/flight")
    let patched = await api.send(.patch, "objects/flight/\(flight)", #"{"flight":{"number":7}}"#)
    return [
      single.json?["display"]?.string, list.json?["objects"]?.elements.first { _ in true }?["display"]?.string,
      patched.json?["display"]?.string,
    ]
  }

  @Test("follow each way of changing the related object, at once")
  func changes() async throws {
    try await TestAPI.run { api in
      _ = await api.send(.post, "batch", #"{"operations":[\#(Self.put("UA")),\#(Self.putFlight)]}"#)
      #expect(await Self.displays(api) == Array(repeating: "UA 7", count: 3))
      _ = await api.send(.patch, "objects/airline/\(Self.airline)", #"{"airline":{"carrier":"AA"}}"#)
      #expect(await Self.displays(api) == Array(repeating: "AA 7", count: 3))
      // Writes to others leave it as it is.
      _ = await api.send(.post, "objects/flight", #"{"flight":{"number":8}}"#)
      #expect(await Self.displays(api)[0] == "AA 7")
      // A batch that is refused changes nothing of it.
      let refused = await api.send(
        .post, "batch", #"{"operations":[\#(Self.put("ZZ")),{"method":"delete","object":{"type":"airline"}}]}"#)
      #expect(refused.status >= 400)
      #expect(await Self.displays(api)[0] == "AA 7")
      _ = await api.send(.post, "batch", #"{"operations":[\#(Self.put("DL"))]}"#)
      #expect(await Self.displays(api) == Array(repeating: "DL 7", count: 3))
      _ = await api.send(.delete, "objects/airline/\(Self.airline)")
      #expect(await Self.displays(api) == Array(repeating: " 7", count: 3))
      _ = await api.send(.post, "batch", #"{"operations":[\#(Self.put("B6"))]}"#)
      #expect(await Self.displays(api) == Array(repeating: "B6 7", count: 3))
    }
  }

  @Test("are never older than what was acknowledged before the question, while others read and write")
  func promise() async throws {
    try await TestAPI.run { api in
      _ = await api.send(.post, "batch", #"{"operations":[\#(Self.put("0")),\#(Self.putFlight)]}"#)
      let behind = await withTaskGroup(of: [String].self) { group in
        group.addTask {
          var behind: [String] = []
          for round in 1...200 {
            _ = await api.send(.patch, "objects/airline/\(Self.airline)", #"{"airline":{"carrier":"\#(round)"}}"#)
            let shown = await api.send(.get, "objects/flight/\(Self.flight)").json?["display"]?.string ?? "nothing"
            if shown != "\(round) 7" { behind.append("\(shown) after \(round)") }
          }
          return behind
        }
        for reader in 1...3 {
          group.addTask {
            var (last, behind) = (0, [String]())
            for round in 1...200 {
              if reader == 1 { _ = await api.send(.post, "objects/flight", #"{"flight":{"number":\#(round)}}"#) }
              let shown = await api.send(.get, "objects/flight/\(Self.flight)").json?["display"]?.string ?? ""
              let number = Int(shown.prefix { $0 != " " }) ?? -1
              if number < last { behind.append("\(shown) after \(last)") }
              last = max(last, number)
            }
            return behind
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      #expect(behind.isEmpty, "\(behind.prefix(5))")
    }
  }
}
