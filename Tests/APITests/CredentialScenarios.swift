import Crypto
import Deployments
import HTTPServer
import Storage
import Testing
import Wire

@Suite("Credentials")
struct CredentialScenarios {
  @Test("that are missing, malformed or wrong get the one error that is not JSON")
  func denied() async throws {
    try await TestAPI.run { api in
      let wrong = Base64.encode(Array("\(api.deploymentID):nope".utf8))
      let other = Base64.encode(Array("someone:\(api.password)".utf8))
      let bad: [String?] = [
        nil, "", "Basic", "Basic !!!", "Basic \(wrong)", "Basic \(other)", "Basic " + Base64.encode(Array("x".utf8)),
        "Bearer nope", "Bearer O:", "Bearer O:nope", "Token O:nope", "Digest x", "O:nope",
      ]
      for authorization in bad {
        let answer = await api.send(.get, "objects/nothing", authorization: .some(authorization))
        #expect(answer.status == 401, "\(authorization ?? "none")")
        #expect(answer.text == "HTTP Basic: Access denied.")
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.headers["www-authenticate"] == "Basic realm=\"\(api.deploymentID)\"")
        #expect(answer.headers["access-control-allow-origin"] == "*")
      }
    }
  }

  @Test("work in every form and any letter case of the scheme")
  func forms() async throws {
    try await TestAPI.run { api in
      let token = try await api.deployments.createToken(
        name: "etl", of: api.deploymentID, isReadOnly: false, validForSeconds: nil)
      #expect(token.hasPrefix("O:"))
      let secret = api.basic.dropFirst(6)
      for authorization in [
        "Basic \(secret)", "basic \(secret)", "BASIC \(secret)", "Bearer \(token)", "bearer \(token)",
        "Token \(token)", "TOKEN \(token)",
      ] {
        #expect(await api.send(.get, "info.json", authorization: authorization).status == 200)
      }
      try await api.deployments.revokeToken(name: "etl", of: api.deploymentID)
      #expect(await api.send(.get, "info.json", authorization: "Bearer \(token)").status == 401)
    }
  }

  @Test("that were good are not good for a moment longer than they are")
  func changes() async throws {
    try await TestAPI.run { api in
      let id = api.deploymentID
      let deployment = try #require(api.deployments[id])
      // Presented twice: the second time the header is known.
      func status(_ authorization: String) async -> [Int] {
        let first = await api.send(.get, "info.json", authorization: authorization).status
        return [first, await api.send(.get, "info.json", authorization: authorization).status]
      }
      #expect(await status(api.basic) == [200, 200])
      let password = try await api.deployments.resetPassword(of: id)
      #expect(await status(api.basic) == [401, 401])
      #expect(await status("Basic \(Base64.encode(Array("\(id):\(password)".utf8)))") == [200, 200])

      let token = try await api.deployments.createToken(name: "t", of: id, isReadOnly: false, validForSeconds: nil)
      #expect(await status("Bearer \(token)") == [200, 200])
      try await api.deployments.revokeToken(name: "t", of: id)
      #expect(await status("Bearer \(token)") == [401, 401])
      // The name comes again with other rights: the header of the one before stays bad.
      let next = try await api.deployments.createToken(name: "t", of: id, isReadOnly: true, validForSeconds: 60)
      #expect(await status("Bearer \(token)") == [401, 401])
      #expect(await status("Bearer \(next)") == [200, 200])

      let header = Array("Bearer \(next)".utf8)
      let now = try #require(deployment.tokens.first?.createdAt)
      func known(secondsLater seconds: Int64) -> Caller? {
        Instant(secondsSince1970: now.secondsSince1970 + seconds).flatMap { instant in
          header.withUnsafeBytes { deployment.knownCaller(from: $0, at: instant) }
        }
      }
      let expiry = Instant(secondsSince1970: now.secondsSince1970 + 60)
      #expect(known(secondsLater: 59) == .token(name: "t", isReadOnly: true, expiresAt: expiry))
      #expect(known(secondsLater: 60) == nil)
      #expect(header.dropLast().withUnsafeBytes { deployment.knownCaller(from: $0, at: now) } == nil)
    }
  }

  @Test("that may only read are refused a write, before its body is looked at")
  func readOnly() async throws {
    try await TestAPI.run { api in
      let token = try await api.deployments.createToken(
        name: "report", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      #expect(await api.send(.get, "objects/flight.json", authorization: "Bearer \(token)").status == 200)
      let id = ErrorScenarios.id
      for (method, path) in [
        (Method.post, "objects/flight"), (.patch, "objects/flight/\(id)"), (.put, "objects/flight/\(id)"),
        (.delete, "objects/flight/\(id)"), (.post, "batch.json"),
      ] {
        let answer = await api.send(method, path, "{", authorization: "Bearer \(token)")
        #expect(answer.status == 403)
        #expect(answer.type == "PERMISSION_DENIED")
      }
    }
  }

  @Test("of another deployment, and expired ones, are wrong")
  func otherAndExpired() async throws {
    try await TestAPI.run { api in
      let model = api.deployments[api.deploymentID]!.store.dataModel.model
      let other = try await api.deployments.create(.init(name: "other", environment: "testing", model: model))
      let foreign = try await api.deployments.createToken(
        name: "a", of: other.deployment.id, isReadOnly: false, validForSeconds: nil)
      #expect(await api.send(.get, "info.json", authorization: "Bearer \(foreign)").status == 401)
      let brief = try await api.deployments.createToken(
        name: "b", of: api.deploymentID, isReadOnly: false, validForSeconds: 1)
      api.clock.advance(byMilliseconds: 1000)
      #expect(await api.send(.get, "info.json", authorization: "Bearer \(brief)").status == 401)
    }
  }

  @Test("that are well-formed meet an unknown deployment before anything else")
  func unknownDeployment() async throws {
    try await TestAPI.run { api in
      for id in ["000000000000000000000000", "nope", "%20"] {
        let answer = await api.send(.get, "/api/v4/\(id)/nothing")
        #expect(answer.status == 404)
        #expect(answer.type == "ACCOUNT_NOT_FOUND")
        #expect(await api.send(.get, "/api/v4/\(id)/nothing", authorization: .some(nil)).status == 401)
      }
    }
  }

  @Test("are not asked of a preflight, nor is a deployment")
  func preflight() async throws {
    try await TestAPI.run { api in
      for path in ["objects/flight.json", "/api/v4/unknown/objects/x"] {
        let answer = await api.send(
          .options, path,
          headers: ["Origin": "https://a.example", "Access-Control-Request-Headers": "authorization, x-y"],
          authorization: .some(nil))
        #expect(answer.status == 204)
        #expect(answer.headers["access-control-allow-origin"] == "*")
        #expect(answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE")
        #expect(answer.headers["access-control-allow-headers"] == "authorization, x-y")
        #expect(answer.headers["access-control-max-age"] == "86400")
      }
    }
  }

  @Test("do not matter for allowed origins, which a setting names")
  func origins() async throws {
    try await TestAPI.run { api in
      try await api.deployments.set([("cors_origins", "https://a.example, https://b.example")], of: api.deploymentID)
      let allowed = await api.send(.get, "info.json", headers: ["Origin": "https://b.example"])
      #expect(allowed.headers["access-control-allow-origin"] == "https://b.example")
      #expect(allowed.headers["vary"] == "Origin")
      let refused = await api.send(.get, "info.json", headers: ["Origin": "https://c.example"])
      #expect(refused.headers["access-control-allow-origin"] == nil)
      #expect(refused.headers["vary"] == "Origin")
    }
  }
}
