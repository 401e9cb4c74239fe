import ServerUnderTest
import Testing

@Suite("Credentials, and commands beside a running server")
struct CredentialTests {
  @Test("Every form of good credentials is let in, everything else is denied in plain text")
  func forms() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    func status(_ header: String?, _ path: String = "/info.json") throws -> Int {
      try server.connection().request("GET", server.base + path, headers: header.map { [$0] } ?? []).status
    }
    for good in [
      server.basic, server.bearer, "Authorization: token \(server.token)",
      "authorization: BEARER \(server.token)",
    ] {
      #expect(try status(good) == 200)
    }
    for bad in [
      nil, "Authorization: Basic !!", "Authorization: Bearer x", "Authorization: Bearer O:wrong",
      "Authorization: Digest x",
    ] {
      #expect(try status(bad) == 401)
      #expect(try status(bad, "/no/such/route") == 401)
    }
    let denied = try server.connection().request("GET", server.base + "/info.json")
    #expect(denied.text == "HTTP Basic: Access denied.")
    #expect(denied[header: "content-type"] == "text/plain; charset=utf-8")
    #expect(denied[header: "www-authenticate"] == "Basic realm=\"\(server.id)\"")
    #expect(denied[header: "access-control-allow-origin"] == "*")
    let nowhere = try server.connection().request(
      "GET", "/api/v4/000000000000000000000000/info.json", headers: [server.bearer])
    #expect(nowhere.type == "ACCOUNT_NOT_FOUND")
    let preflight = try server.connection().request(
      "OPTIONS", "/api/v4/nowhere/x",
      headers: ["Origin: https://a.example", "Access-Control-Request-Headers: x-a"])
    #expect(preflight.status == 204 && preflight[header: "access-control-allow-headers"] == "x-a")
  }

  @Test("Commands take effect at once: read-only tokens, revoking, passwords, settings, data models")
  func commands() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let made = try server.command(
      "token", "create", "--deployment", server.id, "--name", "reader", "--read-only")
    let reader = "Authorization: Bearer \(made.output.filter { !$0.isNewline })"
    func ask(_ method: String, _ header: String) throws -> Answer {
      try server.connection().request(method, server.base + "/objects/note.json", headers: [header])
    }
    #expect(try ask("GET", reader).status == 200)
    #expect(try ask("POST", reader).type == "PERMISSION_DENIED")
    #expect(
      try server.command("token", "revoke", "--deployment", server.id, "--name", "reader").exitCode == 0)
    #expect(try ask("GET", reader).status == 401)
    #expect(try server.command("password", "reset", "--deployment", server.id).exitCode == 0)
    #expect(try ask("GET", server.basic).status == 401)
    let set = try server.command(
      "deployment", "set", "--deployment", server.id, "cors_origins=https://a.example")
    #expect(set.exitCode == 0)
    #expect(try ask("GET", server.bearer)[header: "access-control-allow-origin"] == nil)

    let more = Schemas.small.replacing(
      "<display>", with: "<field name=\"extra\" label=\"E\" type=\"text\"/><display>")
    let wider = try server.directory.write(more, to: "wider.xml")
    #expect(try server.command("data-model", "deploy", wider, "--deployment", server.id).exitCode == 0)
    #expect(try server.json("POST", "/objects/note.json", #"{"note":{"extra":"x"}}"#).status == 200)
    let narrower = try server.directory.write(Schemas.small, to: "narrower.xml")
    #expect(try server.command("data-model", "deploy", narrower, "--deployment", server.id).exitCode == 0)
    #expect(try server.json("POST", "/objects/note.json", #"{"note":{"extra":"x"}}"#).status == 422)
  }

  @Test("serve refuses a directory that is served, and plain http for everyone")
  func refusals() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let second = try server.command("serve", "--listen", "http://127.0.0.1:0")
    #expect(second.exitCode == 1 && second.errors.contains("serves"))
    let open = try server.command("serve", "--listen", "http://0.0.0.0:0")
    #expect(open.exitCode != 0 && open.errors.contains("trusted-proxy"))
  }
}
