import JSON
import ServerUnderTest
import Testing

@Suite("App users and their devices, over the real server")
struct UserTests {
  private static let schema = """
    <data-model><model name="user" label="Crew"><field name="name" label="Name" type="text"/>
    <display>{name}</display></model></data-model>
    """

  /// `Authorization` and type of a device that signs in with this token.
  private func signIn(_ server: ServerUnderTest, _ token: String) throws -> [String] {
    let body = #"{"token": "\#(token)", "device": {"id": "d"}, "label": "tablet"}"#
    let answer = try server.connection().request(
      "POST", server.base + "/enroll", headers: ["Content-Type: application/json"], body: Array(body.utf8))
    try #require(answer.status == 200, "\(answer.text)")
    let json = try answer.json
    let pair = "\(json["enrollment_id"]?.string ?? ""):\(json["auth_token"]?.string ?? "")"
    return [
      "Authorization: Basic \(ServerUnderTest.base64(Array(pair.utf8)))", "Journey-Authentication-Type: Device",
    ]
  }

  @Test("A user is made, a device signs in, reads and writes as it may, is locked, and signs in again")
  func story() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    let user = try #require(
      try server.json("POST", "/objects/user.json", #"{"user": {"name": "Ada"}}"#).json["id"]?.string)
    func token() throws -> String {
      let made = try server.json("POST", "/users/\(user)/authentication-token").json
      let token = made["token"]?.string ?? ""
      #expect(made["url"]?.string?.hasSuffix("/enroll/\(server.id)#\(token)") == true)
      return token
    }
    let first = try token()
    let device = try signIn(server, first)
    func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> Answer {
      try server.connection().request(
        method, server.base + path, headers: device + (body == nil ? [] : ["Content-Type: application/json"]),
        body: body.map { Array($0.utf8) })
    }
    #expect(try ask("GET", "/objects/user.json").detail.contains("device_access is none"))
    #expect(try server.command("deployment", "set", "--deployment", server.id, "device_access=read").exitCode == 0)
    let list = try ask("GET", "/objects/user.json")
    #expect(list.status == 200 && list.text.contains("\"display\":\"Ada\"") && !list.text.contains("total"))
    #expect(try ask("PATCH", "/objects/user/\(user)", #"{"user": {"name": "B"}}"#).type == "PERMISSION_DENIED")
    #expect(try server.command("deployment", "set", "--deployment", server.id, "device_access=all").exitCode == 0)
    #expect(try ask("PATCH", "/objects/user/\(user)", #"{"user": {"name": "B"}}"#).status == 200)
    #expect(try ask("GET", "/oplog.json").type == "PERMISSION_DENIED")
    let seen = try server.json("GET", "/users/\(user)").json
    #expect(seen["enrolled"]?.bool == true && seen["last_connected_at"]?.string?.isEmpty == false)

    // What was answered holds over a crash.
    server.kill()
    try server.start()
    #expect(try ask("GET", "/objects/user/\(user)").status == 200)
    #expect(try server.json("POST", "/users/\(user)/lock").status == 200)
    server.kill()
    try server.start()
    let denied = try ask("GET", "/objects/user/\(user)")
    #expect(denied.status == 401 && denied.text == "HTTP Basic: Access denied.")
    #expect(denied[header: "sojourn-session-state"] == "LOCKED")
    #expect(try server.json("POST", "/users/\(user)/unlock").status == 200)
    let again = try signIn(server, try token())
    let answer = try server.connection().request("GET", server.base + "/objects/user.json", headers: again)
    #expect(answer.status == 200)
    let used = try server.connection().request(
      "POST", server.base + "/enroll", headers: ["Content-Type: application/json"],
      body: Array(#"{"token": "\#(first)"}"#.utf8))
    #expect(used.status == 403 && used.detail.contains("used already"))

    // The log tells who asked.
    #expect(try server.stop() == 0)
    for caller in ["device:\(user)", "token:writer"] { #expect(server.log.contains("\"caller\":\"\(caller)\"")) }
    #expect(!server.log.contains(first))
  }

  @Test("Rate limits are set by a command, hold at once, and say when to come again")
  func limits() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    #expect(
      try server.command("limits", "show", "--deployment", server.id).output
        == "API password and tokens  no limit\nDevices of one app user  no limit\n")
    let set = try server.command(
      "limits", "set", "--deployment", server.id, "--rate", "0.01", "--burst", "2", "--user-rate", "5", "--json")
    #expect(set.output == "{\"deployment\":{\"rate\":0.01,\"burst\":2},\"user\":{\"rate\":5,\"burst\":5}}\n")
    for _ in 0..<2 { #expect(try server.json("GET", "/users").status == 200) }
    let refused = try server.json("GET", "/users")
    #expect(refused.status == 429 && refused.type == "TOO_MANY_REQUESTS")
    #expect(Int(refused[header: "retry-after"] ?? "").map { (1...100).contains($0) } == true)
    #expect(try server.command("limits", "set", "--deployment", server.id, "--rate", "fast").exitCode == 2)
    #expect(try server.command("limits", "set", "--deployment", server.id).exitCode == 2)
    #expect(try server.command("limits", "set", "--deployment", server.id, "--rate", "0").exitCode == 0)
    #expect(try server.json("GET", "/users").status == 200)
  }
}
