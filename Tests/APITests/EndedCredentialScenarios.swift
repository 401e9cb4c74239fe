import Deployments
import HTTPServer
import JSON
import Storage
import Testing
import Wire

/// What ends credentials ends what they began: a wait, and a request whose body is still coming.
@Suite("Credentials that end under way")
struct EndedCredentialScenarios {
  /// What ends those of one caller.
  enum End: String, CaseIterable, Sendable {
    case revocation, reset, expiry, deletion
  }

  private struct Scene {
    let api: TestAPI
    let end: End
    let authorization: String
    /// Another one's, that stay good until the deployment goes.
    let other: String

    init(_ api: TestAPI, _ end: End) async throws {
      self.api = api
      self.end = end
      func token(_ name: String, _ seconds: Int?) async throws -> String {
        "Bearer "
          + (try await api.deployments.createToken(
            name: name, of: api.deploymentID, isReadOnly: false, validForSeconds: seconds))
      }
      authorization = end == .reset ? api.basic : try await token("ends", end == .expiry ? 1 : nil)
      other = try await token("stays", nil)
    }

    func perform() async throws {
      let id = api.deploymentID
      switch end {
      case .revocation: try await api.deployments.revokeToken(name: "ends", of: id)
      case .reset: _ = try await api.deployments.resetPassword(of: id)
      case .expiry: api.clock.advance(byMilliseconds: 1000)
      case .deletion: try await api.deployments.delete(id)
      }
    }

    func isDenied(_ answer: TestAPI.Answer) -> Bool {
      answer.status == 401 && answer.text == "HTTP Basic: Access denied."
        && answer.headers["www-authenticate"] == "Basic realm=\"\(api.deploymentID)\""
    }
  }

  private static func waiting(_ api: TestAPI, _ count: Int) async throws {
    let store = try #require(api.deployments[api.deploymentID]?.store)
    while store.figures.waitingReaders != count { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test("end a wait within a second or so, and it delivers nothing of what comes afterwards", arguments: End.allCases)
  func waits(_ end: End) async throws {
    try await TestAPI.run { api in
      let scene = try await Scene(api, end)
      let path = "oplog.json?start=0&wait=30"
      let polls = ["", "&model=flight", "&tail=true"].map { more in
        Task { await api.send(.get, path + more, authorization: scene.authorization) }
      }
      let others = Task { await api.send(.get, path, authorization: scene.other) }
      try await Self.waiting(api, 4)
      let began = ContinuousClock.now
      try await scene.perform()
      // Those who may go on wait on, and what they wait for still comes.
      let written = await api.send(.post, "objects/flight", "{\"flight\":{\"number\":9}}", authorization: scene.other)
      for poll in polls {
        let answer = await poll.value
        #expect(scene.isDenied(answer), "\(end): \(answer.status) \(answer.text)")
      }
      #expect(ContinuousClock.now - began < .seconds(5))
      let answer = await others.value
      if end == .deletion {
        #expect(scene.isDenied(answer))
      } else {
        #expect(written.status == 200)
        #expect(answer.json?["entries"]?.count == 1, "\(answer.text)")
      }
    }
  }

  @Test("refuse a request whose body comes afterwards, and nothing of it is stored", arguments: End.allCases)
  func bodies(_ end: End) async throws {
    try await TestAPI.run { api in
      let scene = try await Scene(api, end)
      let id = "0000000a-0000-4000-8000-000000000001"
      let object = "{\"flight\":{\"number\":9}}"
      let requests: [(Method, String, String)] = [
        (.post, "objects/flight", object), (.put, "objects/flight/\(id)", object),
        (.post, "batch", "{\"operations\":[{\"method\":\"post\",\"object\":{\"type\":\"flight\"}}]}"),
        (.post, "objects/flight/query", "{\"expression\":\"number = 1\"}"), (.post, "attachments", "bytes"),
        (.put, "attachments/\(id)", "bytes"), (.get, "oplog.json?wait=30", ""), (.get, "objects/flight", ""),
      ]
      let begun = requests.map { method, path, body in
        api.begin(method, path, bytes: Array(body.utf8), authorization: scene.authorization)
      }
      try await scene.perform()
      for (finish, request) in zip(begun, requests) {
        let answer = await finish()
        #expect(scene.isDenied(answer), "\(end) \(request): \(answer.status) \(answer.text)")
      }
      if end == .deletion { return }
      let objects = await api.send(.get, "objects/flight", authorization: scene.other)
      #expect(objects.json?["total"]?.rawText == "0")
      let again = await api.send(.put, "attachments/\(id)", bytes: [1], authorization: scene.other)
      #expect(again.status == 200, "the id has bytes: \(again.text)")
    }
  }

  @Test("count as no failed guess, and others' changes end nothing")
  func brake() async throws {
    try await TestAPI.run { api in
      let scene = try await Scene(api, .revocation)
      let polls = (0..<30).map { _ in
        Task { await api.send(.get, "oplog.json?start=0&wait=30", authorization: scene.authorization) }
      }
      try await Self.waiting(api, 30)
      try await api.deployments.set([("label", "x")], of: api.deploymentID)
      _ = try await api.deployments.createToken(
        name: "new", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      let went = api.begin(.get, "info.json", bytes: [], authorization: scene.authorization)
      try await api.deployments.revokeToken(name: "new", of: api.deploymentID)
      #expect(await went().status == 200)
      try await Self.waiting(api, 30)
      try await scene.perform()
      for poll in polls { #expect(await poll.value.status == 401) }
      let began = ContinuousClock.now
      #expect(await api.send(.get, "info.json", authorization: "Bearer O:guess").status == 401)
      #expect(ContinuousClock.now - began < .milliseconds(900))
    }
  }

  @Test("of a device are told what became of its session, and settings that take its access away count at once")
  func devices() async throws {
    let id = "0000000a-0000-4000-8000-000000000001"
    let requests: [(Method, String, String)] = [
      (.post, "objects/user/query", "{\"expression\":\"name = 'x'\"}"), (.get, "objects/user", ""),
      (.post, "objects/flight", "{\"flight\":{\"number\":9}}"), (.put, "attachments/\(id)", "bytes"),
      (.put, "attachments/\(id)", ""),
    ]
    typealias Change = (status: Int, state: String?, perform: (TestAPI, TestDevice) async throws -> Void)
    let user = TestAPI.user(1)
    let changes: [Change] = [
      (401, "LOCKED", { api, _ in _ = await api.send(.post, "users/\(user)/lock") }),
      (401, "RESET", { api, device in _ = await api.send(.post, "users/\(user)/sessions/\(device.id)/wipe") }),
      (401, "RESET", { api, _ in _ = await api.send(.delete, "objects/user/\(user)") }),
      (401, "LOCKED", { api, _ in _ = await api.device(of: 1, "d2") }),
      (401, nil, { api, _ in _ = await api.device(of: 1) }),
      (403, nil, { api, _ in try await api.deployments.set([("device_access", "none")], of: api.deploymentID) }),
      (401, nil, { api, _ in try await api.deployments.delete(api.deploymentID) }),
    ]
    for change in changes {
      try await TestAPI.run(schema: TestAPI.crewSchema) { api in
        await api.makeUsers([1])
        let device = await api.device(of: 1)
        try await api.deployments.set([("device_access", "all")], of: api.deploymentID)
        let begun = requests.map { method, path, body in
          api.begin(
            method, path, bytes: Array(body.utf8),
            headers: ["Journey-Authentication-Type": "Device"], authorization: device.authorization)
        }
        try await change.perform(api, device)
        for (finish, request) in zip(begun, requests) {
          let answer = await finish()
          #expect(answer.status == change.status, "\(request): \(answer.text)")
          #expect(answer.headers["sojourn-session-state"] == change.state, "\(request)")
        }
      }
    }
  }
}
