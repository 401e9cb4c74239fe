import Deployments
import HTTPServer
import JSON
import Testing
import Wire

@Suite("App users")
struct UserScenarios {
  private func run(_ body: (TestAPI) async throws -> Void) async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema, body)
  }

  @Test("are there as soon as their objects are, with and without .json")
  func firstLook() async throws {
    try await run { api in
      #expect(
        await api.send(.get, "users").text == "{\"objects\":[],\"count\":0,\"total\":0,\"more\":false}")
      await api.makeUsers([1])
      let user =
        "{\"id\":\"\(TestAPI.user(1))\",\"last_connected_at\":null,\"enrolled\":false,\"locked\":false,\"sessions\":[]}"
      for path in ["users/\(TestAPI.user(1))", "users/\(TestAPI.user(1)).json"] {
        let answer = await api.send(.get, path)
        #expect(answer.status == 200)
        #expect(answer.text == user)
        #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
      }
      for path in ["users", "users.json"] {
        #expect(
          await api.send(.get, path).text == "{\"objects\":[\(user)],\"count\":1,\"total\":1,\"more\":false}")
      }
    }
  }

  @Test("are listed in order of creation, by limit and skip")
  func lists() async throws {
    try await run { api in
      await api.makeUsers([5, 2, 9, 1])
      let rows: [(query: String, ids: [Int], more: Bool)] = [
        ("", [5, 2, 9, 1], false), ("?limit=2", [5, 2], true), ("?limit=2&skip=2", [9, 1], false),
        ("?limit=2&skip=1", [2, 9], true), ("?skip=4", [], false), ("?skip=99999999999999999999", [], false),
        ("?limit=0", [5, 2, 9, 1], false),
      ]
      for row in rows {
        let json = await api.send(.get, "users\(row.query)").json
        #expect(json?["objects"]?.elements.map { $0["id"]?.string } == row.ids.map(TestAPI.user), "\(row.query)")
        #expect(json?["count"]?.number?.integer == Int64(row.ids.count))
        #expect(json?["total"]?.number?.integer == 4)
        #expect(json?["more"]?.bool == row.more, "\(row.query)")
      }
      #expect(await api.send(.get, "users?total=false").json?["total"] == nil)
      #expect(await api.send(.get, "users?limit=x").status == 400)
      #expect(await api.send(.get, "users?limit[]=5").status == 400)
    }
  }

  @Test("that do not exist, and sessions that do not, are OBJECT_NOT_FOUND")
  func unknown() async throws {
    try await run { api in
      await api.makeUsers([1])
      let known = TestAPI.user(1)
      let other = TestAPI.user(2)
      for id in [other, "nope", known.uppercased() + "A"] {
        for (method, path) in [
          (Method.get, "users/\(id)"), (.post, "users/\(id)/lock"), (.post, "users/\(id)/unlock"),
          (.post, "users/\(id)/authentication-token"), (.get, "users/\(id)/sessions/\(known)"),
          (.get, "users/\(known)/sessions/\(id)"), (.post, "users/\(known)/sessions/\(id)/re-authenticate"),
          (.post, "users/\(known)/sessions/\(id)/wipe.json"),
        ] {
          let answer = await api.send(method, path)
          #expect(answer.status == 404, "\(method) \(path)")
          #expect(answer.type == "OBJECT_NOT_FOUND", "\(method) \(path)")
        }
      }
      for (method, path) in [
        (Method.post, "users"), (.delete, "users/\(known)"), (.get, "users/\(known)/lock"),
        (.post, "users/\(known)/sessions"), (.post, "objects/user/\(known)/re_enroll.json"),
      ] {
        #expect(await api.send(method, path).type == "ROUTE_ERROR", "\(method) \(path)")
      }
    }
  }

  @Test("are locked and unlocked; their sessions stay LOCKED until the device signs in again")
  func locking() async throws {
    try await run { api in
      await api.makeUsers([1])
      let path = "users/\(TestAPI.user(1))"
      let session = await api.device(of: 1).id
      api.clock.advance(byMilliseconds: 60_000)
      let locked = await api.send(.post, "\(path)/lock").json
      #expect(locked?["locked"]?.bool == true)
      #expect(locked?["enrolled"]?.bool == false)
      let first = try #require(locked?["sessions"]?.elements.first { _ in true })
      #expect(first["state"]?.string == "LOCKED")
      #expect(first["signed_out_at"]?.string == "2026-01-01T00:01:00Z")
      api.clock.advance(byMilliseconds: 60_000)
      let unlocked = await api.send(.post, "\(path)/unlock.json").json
      #expect(unlocked?["locked"]?.bool == false)
      let after = await api.send(.get, "\(path)/sessions/\(session)").json
      #expect(after?["state"]?.string == "LOCKED")
      #expect(after?["signed_out_at"]?.string == "2026-01-01T00:01:00Z")
      let again = await api.device(of: 1)
      #expect(again.id == session)
      let signedIn = await api.send(.get, "\(path)/sessions/\(session).json").json
      #expect(signedIn?["state"]?.string == "ENROLLED")
      #expect(signedIn?["last_authenticated_at"]?.string == "2026-01-01T00:02:00Z")
      #expect(signedIn?["signed_out_at"]?.string == "2026-01-01T00:01:00Z", "it stays")
    }
  }

  @Test("have single sessions signed out or wiped")
  func sessions() async throws {
    try await run { api in
      await api.makeUsers([1, 2])
      let session = await api.device(of: 1).id
      for (verb, state) in [("re-authenticate", "LOCKED"), ("wipe", "RESET")] {
        let answer = await api.send(.post, "users/\(TestAPI.user(1))/sessions/\(session)/\(verb)")
        #expect(answer.json?["id"]?.string == session)
        #expect(answer.json?["state"]?.string == state)
        #expect(answer.json?["signed_out_at"]?.string == "2026-01-01T00:00:00Z")
      }
      #expect(await api.send(.get, "users/\(TestAPI.user(1))").json?["locked"]?.bool == false)
      // Another user's session is none of this one's.
      #expect(await api.send(.post, "users/\(TestAPI.user(2))/sessions/\(session)/wipe").status == 404)
    }
  }

  @Test("that are deleted are locked and reset, leave the list, and stay readable by id")
  func deleting() async throws {
    try await run { api in
      await api.makeUsers([1, 2, 3])
      let session = await api.device(of: 1).id
      #expect(await api.send(.delete, "objects/user/\(TestAPI.user(1)).json").status == 200)
      let batch =
        "{\"operations\": [{\"method\": \"delete\", \"object\": {\"type\": \"user\", \"id\": \"\(TestAPI.user(2))\"}}]}"
      #expect(await api.send(.post, "batch.json", batch).status == 200)
      for number in [1, 2] {
        let user = await api.send(.get, "users/\(TestAPI.user(number))").json
        #expect(user?["locked"]?.bool == true)
        #expect(user?["enrolled"]?.bool == false)
      }
      let kept = await api.send(.get, "users/\(TestAPI.user(1))/sessions/\(session)").json
      #expect(kept?["state"]?.string == "RESET")
      let list = await api.send(.get, "users").json
      #expect(list?["objects"]?.elements.map { $0["id"]?.string } == [TestAPI.user(3)])
      #expect(await api.send(.post, "users/\(TestAPI.user(1))/authentication-token").status == 404)
    }
  }

  @Test("stay as they are when a deletion is only tried, or undone")
  func undone() async throws {
    try await run { api in
      await api.makeUsers([1])
      let remove = "{\"method\": \"delete\", \"object\": {\"type\": \"user\", \"id\": \"\(TestAPI.user(1))\"}}"
      let unknown = "{\"method\": \"delete\", \"object\": {\"type\": \"user\", \"id\": \"\(TestAPI.user(7))\"}}"
      for body in [
        "{\"dry_run\": true, \"operations\": [\(remove)]}",
        "{\"atomic\": true, \"operations\": [\(remove), \(unknown)]}",
      ] {
        #expect(await api.send(.post, "batch.json", body).status == 200)
        #expect(await api.send(.get, "users/\(TestAPI.user(1))").json?["locked"]?.bool == false, "\(body)")
      }
    }
  }

  @Test("are the objects of another model when app_user says so")
  func otherModel() async throws {
    try await run { api in
      await api.makeUsers([1])
      try await api.deployments.set([("app_user", "flight")], of: api.deploymentID)
      #expect(await api.send(.get, "users").json?["total"]?.number?.integer == 0)
      #expect(await api.send(.get, "users/\(TestAPI.user(1))").status == 404)
      _ = await api.send(.post, "objects/flight", "{\"flight\": {\"id\": \"\(TestAPI.user(4))\"}}")
      #expect(await api.send(.get, "users/\(TestAPI.user(4))").status == 200)
      // An object of a model that no longer holds users goes without a trace.
      _ = await api.send(.delete, "objects/user/\(TestAPI.user(1))")
      #expect(await api.send(.get, "users/\(TestAPI.user(1))").status == 404)
    }
  }

  @Test("are reset by re_enroll.json, where the switch is on, and nowhere else")
  func reEnrol() async throws {
    try await run { api in
      await api.makeUsers([1])
      let device = await api.device(of: 1)
      try await api.deployments.set([("single_device_enrollment", "true")], of: api.deploymentID)
      let answer = await api.send(.post, "objects/user/\(TestAPI.user(1))/re_enroll.json")
      #expect(answer.text == "{\"success\":true}")
      let session = await api.send(.get, "users/\(TestAPI.user(1))/sessions/\(device.id)").json
      #expect(session?["state"]?.string == "RESET")
      #expect(await api.send(.post, "objects/user/\(TestAPI.user(2))/re_enroll").type == "OBJECT_NOT_FOUND")
      #expect(await api.send(.post, "objects/flight/\(TestAPI.user(1))/re_enroll").type == "ROUTE_ERROR")
      #expect(await api.send(.post, "objects/users/\(TestAPI.user(1))/re_enroll").status == 200, "the plural")
    }
  }

  @Test("are not to be changed with a token that may only read")
  func readOnly() async throws {
    try await run { api in
      await api.makeUsers([1])
      let token = try await api.deployments.createToken(
        name: "report", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      let path = "users/\(TestAPI.user(1))"
      #expect(await api.send(.get, path, authorization: "Bearer \(token)").status == 200)
      for verb in ["lock", "unlock", "authentication-token", "sessions/\(TestAPI.user(1))/wipe"] {
        #expect(
          await api.send(.post, "\(path)/\(verb)", authorization: "Bearer \(token)").type == "PERMISSION_DENIED")
      }
    }
  }
}
