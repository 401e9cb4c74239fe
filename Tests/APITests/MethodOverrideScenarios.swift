import API
import Deployments
import HTTPServer
import JSON
import Testing

/// `X-HTTP-Method-Override` on `POST` (api.md section 2).
@Suite("Another method than POST, named in a header")
struct MethodOverrideScenarios {
  private static let id = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"

  private static func send(
    _ api: TestAPI, _ value: String, _ path: String, _ body: String = "", headers: [String: String] = [:],
    method: Method = .post, authorization: String?? = .none
  ) async -> TestAPI.Answer {
    await api.send(
      method, path, body, headers: headers.merging(["X-HTTP-Method-Override": value]) { $1 },
      authorization: authorization)
  }

  @Test("is that method: PUT, PATCH and DELETE of objects, with bodies as those have them")
  func methods() async throws {
    try await TestAPI.run { api in
      let path = "objects/flight/\(Self.id).json"
      let put = await Self.send(api, "PUT", path, #"{"flight":{"number":1,"title":"a"}}"#)
      #expect(put.status == 200 && put.json?["number"]?.number?.integer == 1, "\(put.text)")
      let patch = await Self.send(
        api, "PATCH", path, "flight[number]=2", headers: ["Content-Type": "application/x-www-form-urlencoded"])
      #expect(patch.json?["number"]?.number?.integer == 2 && patch.json?["title"]?.string == "a", "\(patch.text)")
      #expect(await Self.send(api, "PATCH", path, "x", headers: ["Content-Type": "text/plain"]).status == 415)
      // A DELETE ignores its body.
      let deleted = await Self.send(api, "DELETE", path, "{", headers: ["Content-Type": "text/plain"])
      #expect(deleted.status == 200 && deleted.text.isEmpty)
      #expect(await api.send(.get, path).status == 404)
      // There is no PATCH of a list, whatever POST would do there.
      let none = await Self.send(api, "PATCH", "objects/flight", #"{"flight":{}}"#)
      #expect(none.type == "ROUTE_ERROR" && none.detail.contains("PATCH"))
    }
  }

  @Test("has that method's permission")
  func permission() async throws {
    try await TestAPI.run { api in
      let token = try await api.deployments.createToken(
        name: "reader", of: api.deploymentID, isReadOnly: true, validForSeconds: nil)
      let bearer = "Bearer \(token)"
      let path = "objects/flight/\(Self.id)"
      for name in ["PUT", "PATCH", "DELETE"] {
        let answer = await Self.send(api, name, path, #"{"flight":{}}"#, authorization: .some(bearer))
        #expect(answer.status == 403 && answer.detail.contains("cannot \(name)"), "\(answer.text)")
        #expect(await Self.send(api, name, path, "{}", authorization: .some(nil)).status == 401)
      }
      // A query stays one that may be read.
      let query = await api.send(.post, "objects/flight/query.json", "{}", authorization: .some(bearer))
      #expect(query.status == 200)
    }
  }

  @Test(
    "takes three values, and any other is a 400",
    arguments: ["", "GET", "POST", "patch", "Put", "PATCH ", "PATCH, PUT", "OPTIONS", "X\u{e4}"])
  func others(value: String) async throws {
    try await TestAPI.run { api in
      let answer = await Self.send(api, value, "objects/flight", #"{"flight":{}}"#)
      #expect(answer.status == 400 && answer.type == "INVALID_API_REQUEST", "\(answer.text)")
      #expect(answer.detail.contains("PATCH, PUT or DELETE") && answer.headers["access-control-allow-origin"] == "*")
      #expect(await api.send(.get, "objects/flight/count").text == #"{"count":0}"#)
    }
  }

  @Test("says nothing on other methods and outside the API, and two of it are a 400")
  func ignored() async throws {
    try await TestAPI.run { api in
      _ = await api.send(.put, "objects/flight/\(Self.id)", #"{"flight":{"number":1}}"#)
      for (method, status) in [(.get, 200), (.head, 200), (.options, 204)] as [(Method, Int)] {
        #expect(await Self.send(api, "DELETE", "objects/flight/\(Self.id)", method: method).status == status)
      }
      let patched = await Self.send(
        api, "nonsense", "objects/flight/\(Self.id)", #"{"flight":{"number":2}}"#, method: .patch)
      #expect(patched.json?["number"]?.number?.integer == 2)
      #expect(await Self.send(api, "DELETE", "/health/live").type == "ROUTE_ERROR")
      var head = RequestHead(
        method: .post, rawPath: "/api/v4/\(api.deploymentID)/objects/flight",
        headers: Headers([("X-HTTP-Method-Override", "PUT"), ("X-HTTP-Method-Override", "PUT")]))
      let handler = api.sites.site(at: head.rawPath).handler
      handler.prepare(&head)
      #expect(head.method == .post)
      guard case .answer(let response) = handler.verdict(on: head) else {
        Issue.record("no answer at once")
        return
      }
      #expect(response.status == 400)
    }
  }
}
