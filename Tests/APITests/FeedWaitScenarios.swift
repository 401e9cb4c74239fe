import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

/// Long polls and trimmed starts of the change feed.
@Suite("Following the change feed")
struct FeedWaitScenarios {
  private static func next(_ api: TestAPI) async -> String {
    await api.send(.get, "oplog.json").json?["next_request_start"]?.string ?? ""
  }

  @Test("waits for a change and answers with it")
  func woken() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      let start = await Self.next(api)
      for query in [
        "start=\(start)&wait=30", "start=\(start)&wait=30&model=flight", "start=\(start)&wait=999&tail=true",
      ] {
        let poll = Task { await api.send(.get, "oplog.json?\(query)") }
        try await Task.sleep(for: .milliseconds(50))
        let began = ContinuousClock.now
        _ = await api.send(.post, "objects/flight", #"{"flight":{"number":9}}"#)
        let answer = await poll.value
        #expect(ContinuousClock.now - began < .seconds(10))
        let last = answer.json?["entries"]?.elements.map { $0 }.last
        #expect(last?["object"]?["number"]?.rawText == "9", "\(query): \(answer.text)")
        api.clock.advance(byMilliseconds: 1000)
      }
    }
  }

  @Test("a filtered wait goes on over other models' changes, and moves its start behind them")
  func filtered() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      let start = await Self.next(api)
      let poll = Task { await api.send(.get, "oplog.json?start=\(start)&wait=1&model=flight") }
      try await Task.sleep(for: .milliseconds(50))
      _ = await api.send(.post, "objects/airline", #"{"airline":{"carrier":"X"}}"#)
      let moved = await Self.next(api)
      let answer = await poll.value
      #expect(answer.json?["entries"]?.elements.map { $0 }.isEmpty == true)
      #expect(answer.json?["next_request_start"]?.string == moved)
      #expect(moved != start)
    }
  }

  @Test("answers at once where nothing can come, and when the server goes down")
  func over() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      let start = Int64(await Self.next(api)) ?? 0
      let began = ContinuousClock.now
      for query in ["start=\(start)&end=\(start)&wait=30", "start=5000000000000&end=6000000000000&wait=30"] {
        _ = await api.send(.get, "oplog.json?\(query)")
      }
      // What comes lies behind the end of the range.
      let bounded = Task { await api.send(.get, "oplog.json?start=\(start)&end=\(start + 1)&wait=30") }
      try await Task.sleep(for: .milliseconds(20))
      api.clock.advance(byMilliseconds: 1000)
      _ = await api.send(.post, "objects/airline", #"{"airline":{"carrier":"X"}}"#)
      #expect(await bounded.value.json?["next_request_start"]?.string == "\(start)")
      let poll = Task { await api.send(.get, "oplog.json?start=\(start + 2_000_000)&wait=30") }
      try await Task.sleep(for: .milliseconds(20))
      api.deployments.endWaits()
      #expect(await poll.value.status == 200)
      #expect(ContinuousClock.now - began < .seconds(20))
    }
  }

  @Test("names the oldest entry to whoever starts behind what was trimmed")
  func trimmed() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      let kept = FeedScenarios.first + 3 * (1000 << 10)
      _ = try await api.deployments.trimOplog(of: api.deploymentID, .before(kept), forSeconds: 10)
      for start in ["1", "\(kept - 1)", "\((Int64(1_767_225_602)) << 32)", "\((Int64(1_500_000_000)) << 32)"] {
        let answer = await api.send(.get, "oplog.json?start=\(start)")
        #expect(answer.status == 400, "\(start)")
        #expect(answer.detail.contains("\(kept)"), "\(answer.detail)")
      }
      for start in ["", "0", "\(kept)", "\((Int64(1_767_225_603)) << 32)"] {
        let answer = await api.send(.get, "oplog.json?start=\(start)")
        #expect(answer.json?["entries"]?.elements.map { $0 }.count == 3, "\(start): \(answer.text)")
      }
    }
  }

  @Test("trims what is older than the deployment's setting says")
  func retention() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      await #expect(throws: (any Error).self) {
        try await api.deployments.set([("oplog_retention", "soon")], of: api.deploymentID)
      }
      for value in ["0", "5", "59s", "1 y"] {
        await #expect(throws: (any Error).self) {
          try await api.deployments.set([("oplog_retention", value)], of: api.deploymentID)
        }
      }
      await api.deployments.tend()
      #expect(await api.send(.get, "oplog.json").json?["entries"]?.elements.map { $0 }.count == 6)
      // Six seconds have gone by since the first change; the youngest of the old ones stays.
      try await api.deployments.set([("oplog_retention", "1m")], of: api.deploymentID)
      api.clock.advance(byMilliseconds: 57_000)
      await api.deployments.tend()
      let first = await api.send(.get, "oplog.json").json?["entries"]?.elements.map { $0 }.first
      #expect(first?["sequence"]?.rawText == "\(FeedScenarios.first + 2 * (1000 << 10))")
    }
  }

  @Test("every answer to good credentials names the feed, and no other does")
  func header() async throws {
    try await TestAPI.run { api in
      let feed = try #require(api.deployments[api.deploymentID]?.store.feedID)
      for (method, path) in [
        (.get, "oplog.json"), (.get, "oplog.json?start=x"), (.get, "objects/flight.json"), (.get, "objects/ship.json"),
        (.post, "batch.json"), (.get, "datamodel.json"), (.get, "nothing"), (.delete, "objects/flight/x"),
      ] as [(Method, String)] {
        #expect(await api.send(method, path).headers["x-sojourn-feed"] == feed, "\(path)")
      }
      #expect(await api.send(.get, "oplog.json", authorization: .some(nil)).headers["x-sojourn-feed"] == nil)
      #expect(await api.send(.get, "oplog.json", authorization: "Bearer O:x").headers["x-sojourn-feed"] == nil)
      #expect(await api.send(.get, "/health/live").headers["x-sojourn-feed"] == nil)
    }
  }
}
