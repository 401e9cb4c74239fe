import Glibc
import JSON
import ServerUnderTest
import Testing

/// What every request meets before anything is asked of a data model (api.md section 2).
@Suite("Transport")
struct TransportTests {
  private static let schema = """
    <data-model><model name="item" label="Item"><field name="text" label="Text" type="text"/>
    <field name="file" label="File" type="attachment" media="any"/>
    <display>{text}</display><webhook type="update" name="saved"/></model></data-model>
    """
  private static let id = "7d444840-9dc0-41d1-b245-5ffdce740001"

  private static let shared = Result {
    let server = try ServerUnderTest(
      schema: schema,
      arguments: [
        "--admin-listen", "http://127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8",
        "--body-limit", "100000", "--attachment-limit", "300000",
      ]
    ).endWithTests()
    let body = #"{"item":{"text":"a","file":{"base64":"aGVsbG8h","filename":"a.txt"}}}"#
    try #require(try server.json("PUT", "/objects/item/\(id).json", body).status == 200)
    return server
  }

  private static func adminPort(_ server: ServerUnderTest) throws -> UInt16 {
    let mark = "Figures for monitors at http://127.0.0.1:"
    let found = try #require(server.log.ranges(of: mark).first)
    return try #require(UInt16(server.log[found.upperBound...].prefix { $0.isNumber }))
  }

  // MARK: Texts.

  @Test("All JSON, XML and plain text names UTF-8, errors, pages and the admin listener included")
  func charsets() throws {
    let server = try Self.shared.get()
    let (json, xml, plain) = ("application/json", "application/xml", "text/plain")
    let rows: [(method: String, path: String, status: Int, type: String)] = [
      ("GET", "/objects/item.json", 200, json), ("HEAD", "/objects/item", 200, json),
      ("GET", "/objects/item/\(Self.id).json", 200, json), ("GET", "/objects/item/count.json", 200, json),
      ("POST", "/objects/item/search.json?query=a", 200, json), ("GET", "/datamodel.json", 200, json),
      ("GET", "/datamodel.xml", 200, xml), ("GET", "/info.json", 200, json), ("GET", "/indexes.json", 200, json),
      ("GET", "/oplog.json", 200, json), ("GET", "/users.json", 200, json), ("GET", "/openapi.json", 200, json),
      ("GET", "/docs", 200, "text/html"), ("GET", "/objects/none.json", 404, json),
      ("GET", "/objects/item.json?limit=x", 400, json), ("POST", "/objects/item.json", 400, json),
      ("GET", "/%zz", 400, json), ("PUT", "/objects/item/x.json", 400, json),
      ("GET", "/attachments/\(Self.id)/original", 403, json),
    ]
    for row in rows {
      let answer = try server.connection().request(row.method, server.base + row.path, headers: [server.bearer])
      #expect(answer.status == row.status, "\(row.path): \(answer.text)")
      #expect(answer[header: "content-type"] == "\(row.type); charset=utf-8", "\(row.path)")
    }
    let denied = try server.connection().request("GET", server.base + "/info.json")
    #expect(denied.status == 401 && denied[header: "content-type"] == "text/plain; charset=utf-8")
    let admin = try Self.adminPort(server)
    let others: [(port: UInt16, method: String, path: String, status: Int, type: String)] = [
      (server.port, "GET", "/health/live", 200, json), (server.port, "GET", "/health/ready", 200, json),
      (server.port, "GET", "/docs/errors", 200, "text/html"), (server.port, "GET", "/none", 404, json),
      (server.port, "GET", "/enroll/\(server.id)", 200, "text/html"),
      (server.port, "GET", "/\(String(repeating: "a", count: 20_000))", 414, json),
      (admin, "GET", "/", 200, plain), (admin, "GET", "/none", 404, plain), (admin, "POST", "/", 405, plain),
      (admin, "GET", "/health/ready", 200, json), (admin, "GET", "/metrics", 200, "text/plain; version=0.0.4"),
    ]
    let root = try HTTPConnection(port: server.port).request("GET", "/")
    #expect(root.status == 303 && root[header: "location"] == "/databrowser")
    for row in others {
      let answer = try HTTPConnection(port: row.port).request(row.method, row.path)
      #expect(answer.status == row.status && answer[header: "content-type"] == "\(row.type); charset=utf-8", "\(row)")
    }
  }

  @Test("So do webhooks' bodies and the key that they are verified with; an attachment's bytes keep their type")
  func others() throws {
    let receiver = try StubServer { _ in .answer(200) }
    defer { receiver.stop() }
    let server = try ServerUnderTest(schema: Self.schema)
    for words in [
      ["deployment", "set", "webhook_allow=127.0.0.1"],
      ["webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(receiver.port)/"],
    ] {
      let run = try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
      try #require(run.exitCode == 0, "\(run.errors)")
    }
    let svg = ServerUnderTest.base64(Array(#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.utf8))
    let made = try server.json("POST", "/objects/item.json", "{\"item\":{\"file\":{\"base64\":\"\(svg)\"}}}")
    for _ in 0..<500 where receiver.seen.isEmpty { usleep(10_000) }
    #expect(receiver.seen.first?.headers["content-type"] == "application/json; charset=utf-8")
    let key = try server.connection().request("GET", "//.well-known//sojourn/webhook-key.pem?deployment=\(server.id)")
    #expect(key.status == 200 && key[header: "content-type"] == "application/x-pem-file; charset=utf-8")
    let address = try made.json["file"]?["original"]?.string?.split(separator: "/", maxSplits: 2).last ?? ""
    let bytes = try server.connection().request("GET", "/\(address)")
    #expect(bytes.status == 200 && bytes[header: "content-type"] == "image/svg+xml")
  }

  // MARK: Slashes.

  @Test("Several raw slashes in a row are one, on every listener; encoded ones and redirects are not made of them")
  func slashes() throws {
    let server = try Self.shared.get()
    func get(_ path: String, port: UInt16? = nil) throws -> Answer {
      try HTTPConnection(port: port ?? server.port).request("GET", path, headers: [server.bearer])
    }
    let object = try get("\(server.base)/objects/item/\(Self.id).json")
    for path in [
      "/\(server.base)/objects/item/\(Self.id).json", "\(server.base)//objects///item//\(Self.id).json",
      "//api//v4//\(server.id)//objects/item/\(Self.id).json//",
    ] {
      let answer = try get(path)
      #expect(answer.status == 200 && answer.text == object.text, "\(path)")
      #expect(answer[header: "access-control-allow-origin"] == "*", "\(path)")
    }
    for path in [
      "\(server.base)/%2Finfo.json", "\(server.base)%2Finfo.json", "\(server.base)/objects/item%2F\(Self.id).json",
      "//evil.example", "///evil.example/..", "//evil.example/%2F..",
    ] {
      let answer = try get(path)
      #expect(answer.status == 404 || answer.status == 401, "\(path)")
      #expect(answer[header: "location"] == nil && answer[header: "refresh"] == nil)
    }
    #expect(try get("//health///live/").status == 200)
    let admin = try Self.adminPort(server)
    for path in ["//metrics", "/metrics/", "//health//ready", "/health/live//", "//"] {
      #expect(try get(path, port: admin).status == 200, "\(path)")
    }
    #expect(try get("/%2Fmetrics", port: admin).status == 404)
    let address = try #require(try object.json["file"]?["original"]?.string?.split(separator: "/", maxSplits: 2).last)
    for path in ["//\(address)", "/\(address.replacing("/attachments/", with: "//attachments///"))"] {
      #expect(try get(path).text == "hello!", "\(path)")
    }
  }

  // MARK: Methods.

  @Test("A method that a header names is the one that is logged and counted")
  func override() throws {
    let server = try Self.shared.get()
    let answer = try server.send(
      "POST", "/objects/item/\(Self.id).json?marked",
      headers: ["X-HTTP-Method-Override: PATCH", "Content-Type: application/json"],
      body: Array(#"{"item":{"text":"a"}}"#.utf8))
    #expect(answer.status == 200, "\(answer.text)")
    let preflight = try server.connection().request(
      "OPTIONS", server.base + "/objects/item/\(Self.id).json",
      headers: ["Origin: https://a.example", "Access-Control-Request-Headers: x-http-method-override"])
    #expect(preflight[header: "access-control-allow-headers"] == "x-http-method-override")
    let figures = try HTTPConnection(port: try Self.adminPort(server)).request("GET", "/metrics").text
    #expect(
      figures.contains("\nsojourn_http_requests_total{route=\"patchObject\",method=\"PATCH\",status=\"200\"} 1\n"))
    var lines: [String] = []
    for _ in 0..<100 where lines.isEmpty {
      usleep(20_000)
      lines = server.log.split(separator: "\n").map(String.init).filter { $0.contains(#""method":"PATCH""#) }
    }
    #expect(lines.count == 1 && lines[0].contains("/objects/item/\(Self.id).json"), "\(lines)")
  }

  // MARK: Proxies.

  @Test("Addresses in answers are those that the outermost trusted proxy names")
  func forwarded() throws {
    let server = try Self.shared.get()
    let rows: [(headers: [String], origin: String)] = [
      ([], "http://localhost"),
      (["X-Forwarded-Proto: https"], "https://localhost"),
      (["X-Forwarded-Proto: https", "X-Forwarded-Host: api.example"], "https://api.example"),
      (
        [
          "X-Forwarded-For: 1.2.3.4, 10.0.0.7", "X-Forwarded-Proto: http, https, http",
          "X-Forwarded-Host: evil.example, api.example:8443, inner",
        ], "https://api.example:8443"
      ),
      (
        ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: http, https", "X-Forwarded-Host: evil.example, a.example"],
        "https://a.example"
      ),
      (["X-Forwarded-Host: a.example/evil", "X-Forwarded-Proto: javascript"], "http://localhost"),
    ]
    for row in rows {
      let answer = try server.send("GET", "/objects/item/\(Self.id).json", headers: row.headers)
      let address = try answer.json["file"]?["original"]?.string ?? ""
      #expect(address.hasPrefix("\(row.origin)\(server.base)/"), "\(row.headers): \(address)")
      let error = try server.send("GET", "/none.json", headers: row.headers)
      #expect(try error.json["see"]?.string == "\(row.origin)/docs/errors#ROUTE_ERROR")
    }
  }

  // MARK: Raw uploads.

  @Test("A raw upload above the limit of other bodies is refused by the check that refuses it")
  func uploads() throws {
    let server = try Self.shared.get()
    let reader = try server.command(
      "token", "create", "--deployment", server.id, "--name", "reader", "--read-only")
    let readOnly = "Authorization: Bearer \(reader.output.filter { !$0.isNewline })"
    let wrong = "Authorization: Basic \(ServerUnderTest.base64(Array("\(server.id):wrong".utf8)))"
    let nowhere = "/api/v4/000000000000000000000000/attachments"
    let rows: [(method: String, path: String, headers: [String], size: Int, status: Int, part: String)] = [
      ("POST", "\(server.base)/attachments", [server.bearer], 150_000, 200, "id"),
      ("POST", "\(server.base)/attachments", [wrong], 150_000, 401, "HTTP Basic"),
      ("POST", "\(server.base)/attachments", [], 150_000, 401, "HTTP Basic"),
      ("POST", "\(server.base)/attachments", [readOnly], 150_000, 403, "read-only"),
      ("POST", "\(server.base)/attachments", [server.bearer, "X-Filename: ../a"], 150_000, 422, "X-Filename"),
      ("PUT", "\(server.base)/attachments/nope", [server.bearer], 150_000, 422, "nope"),
      ("POST", nowhere, [server.bearer], 150_000, 404, "no deployment"),
      ("PATCH", "\(server.base)/attachments", [server.bearer], 150_000, 404, "PATCH"),
      ("POST", "\(server.base)/attachments", [server.bearer], 300_001, 413, "SOJOURN_ATTACHMENT_LIMIT"),
      ("POST", "\(server.base)/attachments", [wrong], 300_001, 401, "HTTP Basic"),
      ("POST", "\(server.base)/objects/item.json", [server.bearer], 100_001, 413, "SOJOURN_BODY_LIMIT"),
      ("POST", "\(server.base)/objects/item.json", [wrong], 100_001, 401, "HTTP Basic"),
    ]
    func check(_ from: String, _ statuses: (Int) -> Bool = { _ in true }) throws {
      for row in rows where statuses(row.status) {
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: row.size)
        let address = ["X-Forwarded-For: \(from)"]
        let answer = try server.connection().request(
          row.method, row.path, headers: row.headers + address, body: body)
        #expect(
          answer.status == row.status && answer.text.contains(row.part), "\(row.path) \(row.size): \(answer.text)")
        // In chunks, its length is known late.
        let connection = try server.connection()
        let lines =
          ["\(row.method) \(row.path) HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"] + row.headers + address
        connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        connection.send(Array("\(String(row.size, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8))
        let chunked = try connection.answer()
        #expect(chunked.status == row.status && chunked.text.contains(row.part), "\(row.path): \(chunked.text)")
      }
    }
    try check("1.2.3.4")
    // One who is made to wait for each refusal hears the same.
    for _ in 0..<21 {
      let guess = try server.connection().request(
        "GET", "\(server.base)/info.json", headers: ["X-Forwarded-For: 6.6.6.6", wrong])
      #expect(guess.status == 401)
    }
    try check("6.6.6.6") { $0 == 401 }
  }
}
