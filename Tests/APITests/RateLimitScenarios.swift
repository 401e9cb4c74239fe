import Deployments
import HTTPServer
import Testing
import Wire

@Suite("Rate limits")
struct RateLimitScenarios {
  @Test("are buckets that refill with time, and with nothing else")
  func bucket() {
    struct Step {
      var at: Int64
      /// Seconds to wait; nil where a token is there.
      var wait: Int?
    }
    let steps = [
      Step(at: 0), Step(at: 0), Step(at: 0), Step(at: 0, wait: 1), Step(at: 499, wait: 1), Step(at: 500),
      Step(at: 500, wait: 1), Step(at: -60_000, wait: 1), Step(at: 500 - 60_500, wait: 1), Step(at: 0), Step(at: 0),
      Step(at: 0), Step(at: 0, wait: 1), Step(at: .max), Step(at: .min), Step(at: .min), Step(at: .min, wait: 1),
    ]
    var bucket = TokenBucket(rate: 2, burst: 3, atMilliseconds: 0)
    for (index, step) in steps.enumerated() {
      #expect(bucket.take(atMilliseconds: step.at) == step.wait, "step \(index)")
    }
  }

  @Test(
    "say how long to wait: at least a second, at most a day",
    arguments: [
      (0.5, 2), (0.1, 10), (1000.0, 1), (0.000_001, 86_400), (Double.leastNonzeroMagnitude, 86_400),
    ])
  func waits(rate: Double, seconds: Int) {
    var bucket = TokenBucket(rate: rate, burst: 1, atMilliseconds: 0)
    #expect(bucket.take(atMilliseconds: 0) == nil)
    #expect(bucket.take(atMilliseconds: 0) == seconds)
  }

  @Test("remember a bounded number of addresses, and forget those first who have recovered")
  func table() {
    var table = BucketTable<Int>(rate: 1, burst: 1, remembering: 3)
    for key in 0..<3 { #expect(table.take(for: key, atMilliseconds: 0) == nil) }
    #expect(table.take(for: 0, atMilliseconds: 0) == 1)
    // The others have recovered; this one has taken again.
    #expect(table.take(for: 0, atMilliseconds: 1000) == nil)
    #expect(table.take(for: 4, atMilliseconds: 1000) == nil)
    #expect(table.take(for: 0, atMilliseconds: 1000) == 1)
  }

  @Test("are off at first, and hold for the password and all tokens together")
  func deployment() async throws {
    try await TestAPI.run { api in
      for _ in 0..<50 { #expect(await api.send(.get, "objects/flight/count").status == 200) }
      try await api.deployments.set([("rate_limit", "0.5"), ("rate_burst", "3")], of: api.deploymentID)
      let token = try await api.deployments.createToken(
        name: "a", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      for authorization in [api.basic, "Bearer \(token)", api.basic] {
        #expect(await api.send(.get, "objects/flight/count", authorization: authorization).status == 200)
      }
      for authorization in [api.basic, "Bearer \(token)"] {
        let answer = await api.send(.get, "objects/flight/count", authorization: authorization)
        #expect(answer.status == 429)
        #expect(answer.type == "TOO_MANY_REQUESTS")
        #expect(answer.headers["retry-after"] == "2")
        #expect(answer.detail.contains("0.5 requests a second and 3 at once"), "\(answer.detail)")
        #expect(answer.headers["access-control-allow-origin"] == "*")
      }
      let limiter = api.deployments[api.deploymentID]!.limiter
      #expect(limiter.refused == (2, 0))
      // Another setting leaves the bucket as it is.
      try await api.deployments.set([("label", "Flights")], of: api.deploymentID)
      #expect(await api.send(.get, "objects/flight/count").status == 429)
      api.clock.advance(byMilliseconds: 2000)
      #expect(await api.send(.get, "objects/flight/count").status == 200)
      try await api.deployments.set([("rate_limit", "0")], of: api.deploymentID)
      for _ in 0..<10 { #expect(await api.send(.get, "objects/flight/count").status == 200) }
    }
  }

  @Test("stand behind permission and before the content type")
  func order() async throws {
    try await TestAPI.run { api in
      let token = try await api.deployments.createToken(
        name: "a", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      try await api.deployments.set([("rate_limit", "1")], of: api.deploymentID)
      let typed = ["Content-Type": "text/plain"]
      #expect(await api.send(.post, "objects/flight", "x", headers: typed).status == 415, "it counts")
      #expect(await api.send(.post, "objects/flight", "x", headers: typed).status == 429)
      #expect(await api.send(.post, "objects/flight", "x", authorization: "Bearer \(token)").status == 403)
      #expect(await api.send(.get, "objects/nothing").status == 404)
      #expect(await api.send(.get, "info.json", authorization: "Bearer O:x").status == 401)
      #expect(await api.send(.get, "/docs/errors").status == 200)
    }
  }

  @Test("of users hold for all devices of one, and for no one else")
  func users() async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema) { api in
      await api.makeUsers([1, 2])
      try await api.deployments.set(
        [
          ("device_access", "read"), ("multiple_devices_per_user", "true"), ("user_rate_limit", "1"),
          ("user_rate_burst", "2"),
        ], of: api.deploymentID)
      let first = await api.device(of: 1, "a")
      let second = await api.device(of: 1, "b")
      let other = await api.device(of: 2)
      #expect(await first.send(.get, "objects/flight").status == 200)
      #expect(await second.send(.get, "objects/flight").status == 200)
      let answer = await first.send(.get, "objects/flight")
      #expect(answer.status == 429)
      #expect(answer.detail.contains("user_rate_limit"))
      #expect(await second.send(.get, "objects/flight").status == 429)
      #expect(await other.send(.get, "objects/flight").status == 200)
      #expect(await api.send(.get, "objects/flight").status == 200)
      #expect(api.deployments[api.deploymentID]!.limiter.refused == (0, 2))
    }
  }

  @Test(
    "and the settings of devices are refused when they make no sense",
    arguments: [
      ("rate_limit", "-1"), ("rate_limit", "many"), ("rate_limit", "1e9"), ("rate_limit", "nan"), ("rate_burst", "0"),
      ("rate_burst", "1.5"), ("user_rate_limit", "1000001"), ("user_rate_burst", "99999999999999999999"),
      ("device_access", "write"), ("multiple_devices_per_user", "yes"), ("enrollment_token_validity", "0"),
      ("enrollment_token_validity", "2000d"),
    ])
  func settings(key: String, value: String) async throws {
    try await TestAPI.run { api in
      await #expect(throws: DeploymentFault.self) {
        try await api.deployments.set([(key, value)], of: api.deploymentID)
      }
    }
  }
}
