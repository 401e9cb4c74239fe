import HTTPServer
import JSON
import Storage
import StorageUnderTest
import Testing
import Wire

@testable import Deployments

@Suite("Deployments that nobody uses")
struct ClosingScenarios {
  private func isOpen(_ api: TestAPI) -> Bool { api.deployments[api.deploymentID]?.store.use.isOpen == true }

  @Test(
    "are closed after five minutes, and answer the next call as before",
    .enabled(if: TestStorage.isSQLite, "on PostgreSQL a store keeps nothing open: connections are the node's"))
  func closing() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      let before = await api.send(.get, "oplog.json")
      await api.deployments.tend()
      api.clock.advance(byMilliseconds: 240_000)
      await api.deployments.tend()
      #expect(isOpen(api))
      api.clock.advance(byMilliseconds: 60_000)
      await api.deployments.tend()
      #expect(!isOpen(api))
      let after = await api.send(.get, "oplog.json")
      #expect(isOpen(api))
      #expect(after.text == before.text)
      // That was a call: the five minutes begin anew with the look that finds it.
      api.clock.advance(byMilliseconds: 290_000)
      await api.deployments.tend()
      #expect(isOpen(api))
      api.clock.advance(byMilliseconds: 300_000)
      await api.deployments.tend()
      #expect(!isOpen(api))
    }
  }

  @Test("are opened for what is due, and left closed")
  func retention() async throws {
    try await TestAPI.run { api in
      await FeedScenarios.fill(api)
      try await api.deployments.set([("oplog_retention", "1h")], of: api.deploymentID)
      for _ in 0..<3 {
        await api.deployments.tend()
        api.clock.advance(byMilliseconds: 300_000)
      }
      #expect(!isOpen(api))
      api.clock.advance(byMilliseconds: 3_600_000)
      await api.deployments.tend()
      #expect(!isOpen(api))
      let kept = await api.send(.get, "oplog.json").json?["entries"]?.elements.map { $0 }.count
      #expect(kept == 1)
    }
  }

  @Test("are looked into for old entries only when one can have become old")
  func rule() {
    var rule = RetentionRule()
    let second: Int64 = 1000
    #expect(rule.isDue(at: 100 * second, keeping: 60 * second), "nothing is known yet")
    rule.note(OplogTrim(removed: 1, isDone: true, next: (90 * second) << 10), at: 100 * second)
    #expect(!rule.isDue(at: 150 * second, keeping: 60 * second))
    #expect(rule.isDue(at: 150 * second + 1, keeping: 60 * second))
    #expect(rule.isDue(at: 101 * second, keeping: 10 * second), "a shorter retention counts at once")
    rule.note(OplogTrim(removed: 0, isDone: true), at: 200 * second)
    #expect(!rule.isDue(at: 260 * second, keeping: 60 * second), "what is written from now on is younger")
    #expect(rule.isDue(at: 261 * second, keeping: 60 * second))
    rule.note(OplogTrim(removed: 0, isDone: true, heldBy: "w", next: 1 << 10), at: 300 * second)
    #expect(!rule.isDue(at: 800 * second, keeping: 60 * second), "a webhook keeps it")
    #expect(rule.isDue(at: 900 * second, keeping: 60 * second))
    #expect(rule.isDue(at: 1, keeping: -second * 10), "a clock that was set back holds up nothing for ever")
    rule.note(OplogTrim(removed: 500, isDone: false), at: 300 * second)
    #expect(rule.isDue(at: 300 * second, keeping: 60 * second), "more may go")
  }
}
