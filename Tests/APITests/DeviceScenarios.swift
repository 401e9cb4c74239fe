import Crypto
import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

@Suite("Devices")
struct DeviceScenarios {
  private static let flight = "{\"flight\": {\"number\": 1545}}"

  private func run(
    access: String = "all", _ body: (TestAPI, TestDevice) async throws -> Void
  ) async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema) { api in
      await api.makeUsers([1])
      let device = await api.device(of: 1)
      try await api.deployments.set([("device_access", access)], of: api.deploymentID)
      try await body(api, device)
    }
  }

  @Test("use objects, batches and the data model, as far as device_access lets them")
  func access() async throws {
    try await run { api, device in
      let id = TestAPI.user(1)
      let reads: [(Method, String, String)] = [
        (.get, "objects/user.json", ""), (.get, "objects/user/\(id)", ""), (.get, "objects/user/count", ""),
        (.post, "objects/user/search", "{\"query\": \"c\"}"), (.get, "datamodel.json", ""), (.get, "datamodel.xml", ""),
      ]
      let writes: [(Method, String, String)] = [
        (.post, "objects/flight", Self.flight), (.put, "objects/flight/\(id)", Self.flight),
        (.patch, "objects/flight/\(id)", Self.flight), (.post, "batch", "{\"operations\": []}"),
        (.delete, "objects/flight/\(id)", ""),
      ]
      for (setting, mayRead, mayWrite) in [("none", false, false), ("read", true, false), ("all", true, true)] {
        try await api.deployments.set([("device_access", setting)], of: api.deploymentID)
        for (rows, may) in [(reads, mayRead), (writes, mayWrite)] {
          for (method, path, body) in rows {
            let answer = await device.send(method, path, body)
            #expect(answer.status == (may ? 200 : 403), "\(setting): \(method) \(path) \(answer.text)")
            if !may { #expect(answer.detail.contains("device_access is \(setting)"), "\(answer.detail)") }
          }
        }
      }
    }
  }

  @Test("have no access at first")
  func byDefault() async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema) { api in
      await api.makeUsers([1])
      let answer = await api.device(of: 1).send(.get, "objects/user")
      #expect(answer.type == "PERMISSION_DENIED")
      #expect(answer.detail.contains("device_access"))
    }
  }

  @Test("never use users, the oplog, indexes and info")
  func forbidden() async throws {
    try await run { _, device in
      let id = TestAPI.user(1)
      for (method, path) in [
        (Method.get, "info.json"), (.get, "indexes.json"), (.get, "oplog.json"), (.get, "users"),
        (.get, "users/\(id)"), (.post, "users/\(id)/lock"), (.post, "users/\(id)/unlock"),
        (.post, "users/\(id)/authentication-token"), (.get, "users/\(id)/sessions/\(device.id)"),
        (.post, "users/\(id)/sessions/\(device.id)/wipe"),
      ] {
        let answer = await device.send(method, path)
        #expect(answer.status == 403, "\(method) \(path)")
        #expect(answer.type == "PERMISSION_DENIED")
      }
      #expect(await device.send(.get, "nothing").type == "ROUTE_ERROR")
    }
  }

  @Test("need their own secret and the header that says that they are one")
  func credentials() async throws {
    try await run { api, device in
      func status(_ user: String, _ secret: String, type: String?) async -> Int {
        await api.send(
          .get, "datamodel.json", headers: type.map { ["Journey-Authentication-Type": $0] } ?? [:],
          authorization: "Basic " + Base64.encode(Array("\(user):\(secret)".utf8))
        ).status
      }
      #expect(await status(device.id, device.secret, type: "Device") == 200)
      #expect(await status(device.id, device.secret, type: "device") == 200)
      #expect(await status(device.id, device.secret, type: nil) == 401)
      #expect(await status(device.id, device.secret, type: "User") == 401)
      #expect(await status(device.id, "nope", type: "Device") == 401)
      #expect(await status(device.id.uppercased(), device.secret, type: "Device") == 401)
      #expect(await status(TestAPI.user(7), device.secret, type: "Device") == 401)
      #expect(await status(api.deploymentID, api.password, type: "Device") == 401)
      #expect(await status(api.deploymentID, api.password, type: "User") == 200)
    }
  }

  @Test("that are signed out get the 401 with the state, until they enrol again")
  func ended() async throws {
    try await run { api, device in
      let path = "users/\(TestAPI.user(1))"
      for (verb, state) in [("lock", "LOCKED"), ("sessions/\(device.id)/wipe", "RESET")] {
        _ = await api.send(.post, "\(path)/\(verb)")
        let answer = await device.send(.get, "objects/flight.json")
        #expect(answer.status == 401)
        #expect(answer.text == "HTTP Basic: Access denied.")
        #expect(answer.headers["sojourn-session-state"] == state)
        #expect(answer.headers["access-control-expose-headers"]?.contains("Sojourn-Session-State") == true)
      }
      let stranger = TestDevice(api: api, id: device.id, secret: "nope")
      #expect(await stranger.send(.get, "objects/flight.json").headers["sojourn-session-state"] == nil)
      _ = await api.send(.post, "\(path)/unlock")
      #expect(await device.send(.get, "objects/flight.json").status == 401, "unlocking signs nobody in")
      let again = await api.device(of: 1)
      #expect(again.id == device.id)
      #expect(await again.send(.get, "objects/flight.json").status == 200)
      #expect(await device.send(.get, "objects/flight.json").headers["sojourn-session-state"] == nil, "an old secret")
    }
  }

  @Test("of a deleted user are signed out, also while they write")
  func deletedUser() async throws {
    try await run { api, device in
      #expect(await device.send(.post, "objects/flight", Self.flight).status == 200)
      // Its head is judged before the user goes, its body comes after.
      let late = api.begin(
        .post, "objects/flight", bytes: Array(Self.flight.utf8), headers: ["Journey-Authentication-Type": "Device"],
        authorization: "Basic " + Base64.encode(Array("\(device.id):\(device.secret)".utf8)))
      #expect(await device.send(.delete, "objects/user/\(TestAPI.user(1))").status == 200, "it may delete its own user")
      for answer in [await late(), await device.send(.get, "objects/flight")] {
        #expect(answer.status == 401)
        #expect(answer.headers["sojourn-session-state"] == "RESET")
      }
      #expect(await api.send(.get, "objects/flight/count").text == "{\"count\":1}")
    }
  }

  @Test("leave total out of lists unless they ask for it")
  func totals() async throws {
    try await run { api, device in
      for (path, body) in [("objects/user", ""), ("objects/user/search", "{\"query\": \"C\"}")] {
        let method: Method = body.isEmpty ? .get : .post
        #expect(await device.send(method, path, body).json?["total"] == nil)
        #expect(await device.send(method, "\(path)?total=true", body).json?["total"]?.number?.integer == 1)
        #expect(await api.send(method, path, body).json?["total"]?.number?.integer == 1)
      }
    }
  }

  @Test("are named by their user in the oplog's origins, which the wire does not show")
  func origins() async throws {
    try await run { api, device in
      #expect(await device.send(.post, "objects/flight", Self.flight).status == 200)
      let store = api.deployments[api.deploymentID]!.store
      let origins = try await store.read { try $0.oplog(from: 0, limit: 10).map(\.origin) }
      #expect(origins == ["password", "device:\(TestAPI.user(1))"])
      #expect(!(await api.send(.get, "oplog.json").text.contains("device:")))
    }
  }

  @Test("are seen to be connected at once, and storage is told once a minute")
  func connections() async throws {
    try await run { api, device in
      let path = "users/\(TestAPI.user(1))"
      func seen() async -> [String?] {
        let user = await api.send(.get, path).json
        let session = await api.send(.get, "\(path)/sessions/\(device.id)").json
        let list = await api.send(.get, "users").json?["objects"]?.elements.map { $0["last_connected_at"]?.string }
        return [user?["last_connected_at"]?.string, session?["last_connected_at"]?.string, list?.first ?? nil]
      }
      let store = api.deployments[api.deploymentID]!.store
      func stored() async throws -> Instant? {
        try await store.read { try $0.session(ObjectID(device.id)!)?.session.times.lastConnectedAt }
      }
      #expect(await seen() == [nil, nil, nil])
      api.clock.advance(byMilliseconds: 5000)
      _ = await device.send(.get, "objects/flight")
      #expect(await seen() == Array(repeating: "2026-01-01T00:00:05Z", count: 3))
      let before = try await stored()
      #expect(before == nil)
      await api.deployments.tend()
      let after = try await stored()
      #expect(after == api.clock.now)
      #expect(await seen() == Array(repeating: "2026-01-01T00:00:05Z", count: 3))
    }
  }
}
