import Glibc
import Testing

@testable import HTTPServer

/// Which calls from libmicrohttpd each stage of a connection can get.
@Suite("The stages of a connection")
struct ConnectionStageTests {
  typealias Event = Connection.Stage.Event

  private static func stages() -> [(stage: Connection.Stage, allowed: Set<Event>)] {
    let budget = BodyBudget(limit: 1 << 20)
    let respond: @Sendable (RequestBody) async -> Response = { _ in Response(status: 204) }
    let collector = BodyCollector(limit: 10, declared: nil, coding: nil, budget: budget)
    let stream = BodyStream(to: TestReceiver(limit: 10) {}, coding: nil, slack: 10, budget: budget) { _ in
      Response(status: 500)
    }
    return [
      (.idle, [.began]), (.head, [.step]), (.complete(respond), [.step]),
      (.collecting(collector, respond), [.part, .step]),
      (.streaming(stream), [.part, .step]), (.discarding(Response(status: 413)), [.part, .step]), (.waiting, [.step]),
      (.answered, []), (.lingering, [.part, .step]), (.broken, []),
    ]
  }

  @Test("each stage allows the calls that belong to it and no others")
  func table() {
    for (stage, allowed) in Self.stages() {
      #expect(Set(Event.allCases.filter { stage.allows($0) }) == allowed, "\(stage.name)")
    }
    #expect(Set(Self.stages().map { "\($0.stage.name)" }).count == Self.stages().count)
  }

  @Test(
    "a request line within a request traps in debug builds",
    .enabled(
      if: getenv("SOJOURN_EXIT_TESTS") != nil,
      """
      An exit test waits for any child of the process, and for ever while another suite has left one that ended. \
      Set SOJOURN_EXIT_TESTS and run this suite alone.
      """))
  func impossible() async {
    await #expect(processExitsWith: .failure) {
      guard
        let service = try? Service(configuration: ServerConfiguration(listeners: []), sites: Sites(rest: TestHandler()))
      else { return }
      let connection = Connection(
        endpoint: Endpoint(service: service, scheme: .http), descriptor: -1, peer: nil)
      let target = Array("/".utf8)
      target.withUnsafeBytes { connection.began($0) }
      target.withUnsafeBytes { connection.began($0) }
    }
  }
}
