import Glibc
import ServerUnderTest
import Testing
import Wire

/// Signing in to the pages of the real binary.
@Suite("Signing in to the pages")
struct SignInTests {
  private static let password = "kettle orbit mango"

  @Test("The link that serve prints makes an operator, once, and neither log nor answer tells a secret")
  func firstOperator() throws {
    let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--second-factor", "none"])
    let root = try server.connection().request("GET", "/")
    #expect(root.status == 303 && root[header: "location"] == "/databrowser")
    let pages = try server.connection().request("GET", "/databrowser")
    #expect(pages.status == 303 && pages[header: "location"] == "/databrowser/sign-in?to=/databrowser")
    let code = try server.word(after: "http://localhost:\(server.port)/databrowser/join/")
    let path = "/databrowser/join/\(code)"
    for _ in 0..<2 { #expect(try server.connection().request("GET", path).status == 200) }
    let fields = [("email", "ada@example.org"), ("name", "Ada <b>"), ("password", Self.password)]
    let joined = try server.post(path, fields)
    #expect(joined.status == 303 && joined[header: "location"] == "/databrowser")
    let cookies = joined.headers.filter { $0.name == "set-cookie" }.map(\.value)
    #expect(cookies.count == 2 && cookies.allSatisfy { $0.contains("; HttpOnly; SameSite=Lax") })
    let session = try #require(cookies.first { $0.hasPrefix("sojourn-80=") }?.split(separator: ";").first)
    #expect(try server.post(path, fields).status == 404)

    let page = try server.connection().request("GET", "/databrowser?all=1", headers: ["Cookie: \(session)"])
    #expect(page.status == 200 && page.text.contains("Ada &lt;b&gt;") && page.text.contains("under test"))
    #expect(page[header: "cache-control"] == "no-store")
    let status = try server.connection().request("GET", "/databrowser/server", headers: ["Cookie: \(session)"])
    #expect(status.status == 200)
    for text in ["The server is ready.", server.dataDirectory, "second-factor", "on the command line", "under test"] {
      #expect(status.text.contains(text), "\(text)")
    }
    // Browsers that go away in the middle of a page leave nothing behind.
    for _ in 0..<50 {
      let gone = try server.connection()
      #expect(gone.send(Array("GET /databrowser?all=1 HTTP/1.1\r\nHost: localhost\r\nCookie: \(session)\r\n\r\n".utf8)))
    }
    #expect(
      try server.connection().request("GET", "/databrowser?all=1", headers: ["Cookie: \(session)"]).status == 200)
    // A session is none for the API, and a credential of the API is none for the pages.
    let info = server.base + "/info.json"
    #expect(try server.connection().request("GET", info, headers: ["Cookie: \(session)"]).status == 401)
    #expect(try server.connection().request("GET", "/databrowser/me", headers: [server.bearer]).status == 303)

    #expect(try server.stop() == 0)
    try server.start()
    // Who was signed in still is, and nobody is offered to be the first.
    #expect(try server.connection().request("GET", "/databrowser/me", headers: ["Cookie: \(session)"]).status == 200)
    let last = server.log
    #expect(!last.contains("Nobody can sign in"))
    for secret in [Self.password, String(session.dropFirst(11))] { #expect(!last.contains(secret)) }
  }

  @Test("A start beside an operator's open invitation prints no second link")
  func oneLink() throws {
    let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--second-factor", "none"])
    #expect(try server.stop() == 0)
    _ = try server.command("person", "create", "--email", "ada@example.org", "--name", "Ada", "--operator")
    try server.start()
    _ = try server.word(after: "until the first operator has opened the link")
    #expect(!server.log.contains("/databrowser/join/"))
  }

  @Test("Requests to a link are in the log without its code, and sign-ins with what the audit has of them")
  func logged() throws {
    let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--second-factor", "none"])
    let made = try server.command("person", "create", "--email", "ada@example.org", "--name", "Ada", "--operator")
    let code = try #require(made.output.split(separator: "\n").first?.split(separator: "/").last)
    #expect(try server.connection().request("GET", "/databrowser/join/\(code)?x=geheim").status == 200)
    #expect(
      try server.post("/databrowser/join/\(code)", [("name", "Ada"), ("password", Self.password)]).status == 303)
    #expect(
      try server.post(
        "/databrowser/sign-in", [("email", "ada@example.org"), ("password", Self.password)]
      ).status == 303)
    #expect(try server.stop() == 0)
    let log = server.log
    for part in [
      "\"path\":\"/databrowser/join/{code}\"", "\"action\":\"invite\"", "\"action\":\"join\"", "\"action\":\"sign-in\"",
    ] {
      #expect(log.contains(part), "\(part)")
    }
    for secret in [String(code), "geheim", Self.password] { #expect(!log.contains(secret)) }
    let verified = try SojournBinary.run(["audit", "verify", "--data-dir", server.dataDirectory])
    #expect(verified.exitCode == 0 && verified.output.contains("Entries 1 to 3"))
  }
}
