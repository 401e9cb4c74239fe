import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

@Suite("Enrolment")
struct EnrolmentScenarios {
  private func run(_ body: (TestAPI) async throws -> Void) async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema, body)
  }

  @Test("tokens are shown once, with an address for people and an end")
  func tokens() async throws {
    try await run { api in
      await api.makeUsers([1])
      let answer = await api.send(
        .post, "users/\(TestAPI.user(1))/authentication-token.json", headers: ["Host": "flights.example.org"])
      let token = try #require(answer.json?["token"]?.string)
      #expect(token.utf8.count == 32)
      #expect(
        answer.text
          == "{\"token\":\"\(token)\",\"url\":\"http://flights.example.org/enroll/\(api.deploymentID)#\(token)\","
          + "\"expires_at\":\"2026-01-02T00:00:00Z\"}")
      try await api.deployments.set([("enrollment_token_validity", "1h")], of: api.deploymentID)
      let short = await api.send(.post, "users/\(TestAPI.user(1))/authentication-token").json
      #expect(short?["expires_at"]?.string == "2026-01-01T01:00:00Z")
    }
  }

  @Test("a device signs in without credentials, and is described as it describes itself")
  func signingIn() async throws {
    try await run { api in
      await api.makeUsers([1])
      let body = """
        {"token": "\(await api.token(for: 1))", "device": {"id": "d-1", "os": "17"}, "label": "Ada's \\"phone\\"",
         "container": {"version": "4.1", "bundle_id": "org.example", "platform": "IOS"}, "runtime": {"version":"5"},
         "unknown": [1]}
        """
      let answer = await api.send(.post, "enroll.json", body, authorization: .some(nil))
      #expect(answer.status == 200)
      #expect(answer.headers["access-control-allow-origin"] == "*")
      let id = try #require(answer.json?["session_id"]?.string)
      let secret = try #require(answer.json?["auth_token"]?.string)
      #expect(
        answer.text == "{\"enrollment_id\":\"\(id)\",\"auth_token\":\"\(secret)\",\"user_id\":\"\(TestAPI.user(1))\","
          + "\"session_id\":\"\(id)\"}")
      let session = await api.send(.get, "users/\(TestAPI.user(1))/sessions/\(id)")
      let now = "\"2026-01-01T00:00:00Z\""
      #expect(
        session.text
          == "{\"id\":\"\(id)\",\"state\":\"ENROLLED\",\"created_at\":\(now),\"last_authenticated_at\":\(now),"
          + "\"signed_out_at\":null,\"last_connected_at\":null,"
          + "\"container\":{\"version\": \"4.1\", \"bundle_id\": \"org.example\", \"platform\": \"IOS\"},"
          + "\"runtime\":{\"version\":\"5\"},\"device\":{\"id\": \"d-1\", \"os\": \"17\"},"
          + "\"label\":\"Ada's \\\"phone\\\"\",\"sync_status\":null}")
      #expect(await api.send(.get, "users/\(TestAPI.user(1))").json?["enrolled"]?.bool == true)
    }
  }

  @Test("a device that signs in again keeps what it does not say anew")
  func signingInAgain() async throws {
    try await run { api in
      await api.makeUsers([1])
      func described(_ more: String) async throws -> [String?] {
        let answer = await api.enrol(await api.token(for: 1), more: more)
        let id = try #require(answer.json?["session_id"]?.string)
        let session = await api.send(.get, "users/\(TestAPI.user(1))/sessions/\(id)").json
        return ["label", "container", "runtime"].map { session?[$0]?.rawText }
      }
      let first = try await described(
        #", "label": "Van 3", "container": {"version": "1"}, "runtime": {"version": "5"}"#)
      #expect(first == [#""Van 3""#, #"{"version": "1"}"#, #"{"version": "5"}"#])
      let silent = try await described("")
      #expect(silent == first)
      let updated = try await described(#", "label": "Van 4", "container": null, "runtime": {"version": "6"}"#)
      #expect(updated == [#""Van 4""#, #"{"version": "1"}"#, #"{"version": "6"}"#])
    }
  }

  @Test("tokens that are unknown, used or expired, and users that are locked or gone, are refused")
  func refusals() async throws {
    try await run { api in
      await api.makeUsers([1, 2])
      let used = await api.token(for: 1)
      #expect(await api.enrol(used).status == 200)
      let late = await api.token(for: 1)
      api.clock.advance(byMilliseconds: 86_400_000)
      let locked = await api.token(for: 1)
      _ = await api.send(.post, "users/\(TestAPI.user(1))/lock")
      let gone = await api.token(for: 2)
      _ = await api.send(.delete, "objects/user/\(TestAPI.user(2))")
      for (token, word) in [
        ("nope", "not known"), (used, "used already"), (late, "expired"), (locked, "locked"), (gone, "deleted"),
      ] {
        let answer = await api.enrol(token)
        #expect(answer.status == 403)
        #expect(answer.type == "PERMISSION_DENIED")
        #expect(answer.detail.contains(word), "\(answer.detail)")
      }
      _ = await api.send(.post, "users/\(TestAPI.user(1))/unlock")
      #expect(await api.enrol(locked).status == 200, "it was not used up")
    }
  }

  @Test("a token of one deployment is none of another")
  func foreign() async throws {
    try await run { api in
      await api.makeUsers([1])
      let model = api.deployments[api.deploymentID]!.store.dataModel.model
      let other = try await api.deployments.create(.init(name: "other", environment: "testing", model: model))
      let body = "{\"token\": \"\(await api.token(for: 1))\"}"
      let path = "/api/v4/\(other.deployment.id)/enroll"
      #expect(await api.send(.post, path, body, authorization: .some(nil)).status == 403)
      let unknown = await api.send(.post, "/api/v4/000000000000000000000000/enroll", body, authorization: .some(nil))
      #expect(unknown.type == "ACCOUNT_NOT_FOUND")
    }
  }

  @Test("the same device signs in to its old session; another one locks it, unless many may")
  func secondDevice() async throws {
    try await run { api in
      await api.makeUsers([1])
      func states() async -> [String?] {
        await api.send(.get, "users/\(TestAPI.user(1))").json?["sessions"]?.elements.map { $0["state"]?.string } ?? []
      }
      let first = await api.device(of: 1, "a")
      #expect(await api.device(of: 1, "a").id == first.id)
      #expect(await states() == ["ENROLLED"])
      let second = await api.device(of: 1, "b")
      #expect(second.id != first.id)
      #expect(await states() == ["LOCKED", "ENROLLED"])
      try await api.deployments.set([("multiple_devices_per_user", "true")], of: api.deploymentID)
      #expect(await api.device(of: 1, "a").id == first.id)
      #expect(await states() == ["ENROLLED", "ENROLLED"])
      // Who does not say which device it is gets a session each time.
      #expect(await api.enrol(await api.token(for: 1), device: nil).status == 200)
      #expect(await api.enrol(await api.token(for: 1), device: nil).status == 200)
      #expect(await states().count == 4)
      try await api.deployments.set([("multiple_devices_per_user", "false")], of: api.deploymentID)
      _ = await api.device(of: 1, "b")
      #expect(await states() == ["LOCKED", "ENROLLED", "LOCKED", "LOCKED"])
    }
  }

  @Test("bodies are bounded, and refused with the name of what is wrong")
  func bodies() async throws {
    try await run { api in
      let long = String(repeating: "x", count: 201)
      let large = "{\"a\": \"\(String(repeating: "x", count: 4096))\"}"
      let rows: [(body: String, status: Int, word: String)] = [
        ("", 400, "empty"), ("{", 400, "no JSON"), ("[]", 400, "object"), ("{}", 400, "token is missing"),
        ("{\"token\": null}", 400, "token is missing"), ("{\"token\": \"\"}", 400, "token is missing"),
        ("{\"token\": 5}", 400, "token takes a text"), ("{\"token\": \"\(long)\"}", 400, "token has at most 200"),
        ("{\"token\": \"t\", \"device\": []}", 400, "device takes an object"),
        ("{\"token\": \"t\", \"device\": {\"id\": 7}}", 400, "device.id takes a text"),
        ("{\"token\": \"t\", \"device\": {\"id\": \"\"}}", 400, "device.id is empty"),
        ("{\"token\": \"t\", \"device\": {\"id\": \"\(long)\"}}", 400, "device.id has at most 200"),
        ("{\"token\": \"t\", \"label\": \"\(long)\"}", 400, "label has at most 200"),
        ("{\"token\": \"t\", \"label\": {}}", 400, "label takes a text"),
        ("{\"token\": \"t\", \"container\": \(large)}", 400, "container has at most 4096 bytes"),
        ("{\"token\": \"t\", \"runtime\": \(large)}", 400, "runtime has at most 4096 bytes"),
        ("{\"token\": \"t\", \"runtime\": 1}", 400, "runtime takes an object"),
        ("{\"token\": \"\(String(repeating: "x", count: 65_536))\"}", 413, "65536 bytes"),
      ]
      for (index, row) in rows.enumerated() {
        // Each comes when the one before it is forgotten.
        api.clock.advance(byMilliseconds: 1000)
        let answer = await api.send(
          .post, "enroll", row.body, headers: ["Content-Type": "application/json"], authorization: .some(nil))
        #expect(answer.status == row.status, "\(index): \(answer.text)")
        #expect(answer.detail.contains(row.word), "\(index): \(answer.text)")
      }
      for (name, value) in [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")] {
        let answer = await api.send(
          .post, "enroll", "{}", headers: [name: value, "X": "y"], authorization: .some(nil))
        #expect(answer.status == 415)
      }
      let chunked = await api.send(
        .post, "enroll", "{}", headers: ["Transfer-Encoding": "chunked"], authorization: .some(nil))
      #expect(chunked.status == 413)
    }
  }

  @Test("attempts from one address are limited, and told when to come again")
  func brake() async throws {
    try await run { api in
      await api.makeUsers([1])
      for _ in 0..<20 { #expect(await api.enrol("nope").status == 403) }
      let answer = await api.enrol("nope")
      #expect(answer.status == 429)
      #expect(answer.type == "TOO_MANY_REQUESTS")
      #expect(answer.headers["retry-after"] == "1")
      api.clock.advance(byMilliseconds: 1000)
      #expect(await api.enrol(await api.token(for: 1)).status == 200)
      #expect(await api.enrol("nope").status == 429)
    }
  }
}
