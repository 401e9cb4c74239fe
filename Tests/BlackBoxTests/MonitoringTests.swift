import Glibc
import JSON
import ServerUnderTest
import Synchronization
import Testing

@testable import sojourn

@Suite("Monitoring")
struct MonitoringTests {
  static func adminPort(_ server: ServerUnderTest) throws -> UInt16 {
    let mark = "Figures for monitors at http://127.0.0.1:"
    let found = try #require(server.log.ranges(of: mark).first)
    return try #require(UInt16(server.log[found.upperBound...].prefix { $0.isNumber }))
  }

  @Test("The admin listener shows sound figures, whatever was asked")
  func figures() throws {
    let server = try ServerUnderTest(
      schema: Schemas.small, arguments: ["--admin-listen", "http://127.0.0.1:0"])
    for path in ["/objects/none.json", "/objects/a/b/c/d.json", "/%22%7D%0A.json", "/info.json", "/info.json"] {
      _ = try server.send("GET", path)
    }
    _ = try server.connection().request("BREW", "/")
    for path in ["/databrowser", "/databrowser/sign-in", "/databrowser/sign-in", "/databrowser/x/y"] {
      _ = try server.connection().request("GET", path)
    }
    let connection = try HTTPConnection(port: try Self.adminPort(server))
    let answer = try connection.request("GET", "/metrics")
    #expect(answer.status == 200)
    #expect(answer[header: "content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let text = answer.text
    for series in [
      "sojourn_http_requests_total{route=\"info\",method=\"GET\",status=\"200\"} 2",
      "sojourn_http_requests_total{route=\"listObjects\",method=\"GET\",status=\"404\"} 1",
      "sojourn_http_requests_total{route=\"unmatched\",method=\"GET\",status=\"404\"} 2",
      "sojourn_http_requests_total{route=\"unmatched\",method=\"other\",status=\"404\"} 1",
      "sojourn_http_requests_total{route=\"/databrowser\",method=\"GET\",status=\"303\"} 1",
      "sojourn_http_requests_total{route=\"/databrowser/sign-in\",method=\"GET\",status=\"200\"} 2",
      "sojourn_http_requests_total{route=\"/databrowser/*\",method=\"GET\",status=\"404\"} 1",
      "sojourn_ready 1", "sojourn_build_info{version=\"\(Commands.version)\"} 1",
      "sojourn_writer_fit{deployment=\"\(server.id)\"} 1",
    ] {
      #expect(text.contains("\n\(series)\n"), "\(series)")
    }
    var families: Set<String> = []
    var series: Set<Substring> = []
    for line in text.split(separator: "\n") where !line.hasPrefix("# HELP ") {
      if line.hasPrefix("# TYPE ") {
        let name = line.split(separator: " ")[2]
        #expect(families.insert(String(name)).inserted, "\(name) stands twice")
        #expect(text.contains("# HELP \(name) "))
        continue
      }
      let match = try #require(
        line.wholeMatch(of: /([a-z_]+)(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? [0-9.e+-]+/), "\(line)")
      #expect(series.insert(line[..<(line.lastIndex(of: " ") ?? line.endIndex)]).inserted, "\(line) stands twice")
      let name = String(match.1)
      let bases = ["_bucket", "_sum", "_count"].filter { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
      #expect(families.contains(name) || bases.contains { families.contains($0) }, "\(line) has no family")
    }
    #expect(families.count > 25)
  }

  private static let schema = """
    <data-model><model name="item" label="Item"><field name="file" label="File" type="attachment" media="any"/>
    <display>Item</display><webhook type="update" name="saved"/></model></data-model>
    """

  @Test("The figures tell of webhooks, of attachments and of requests over a limit")
  func integrators() throws {
    let server = try ServerUnderTest(schema: Self.schema, arguments: ["--admin-listen", "http://127.0.0.1:0"])
    let port = try Self.adminPort(server)
    func figure(_ name: String, _ label: String = "") throws -> String? {
      let text = try HTTPConnection(port: port).request("GET", "/metrics").text
      let series = "sojourn_\(name){deployment=\"\(server.id)\"\(label)} "
      return text.split(separator: "\n").first { $0.hasPrefix(series) }.map { String($0.dropFirst(series.count)) }
    }
    func waitFor(_ value: String, _ name: String, _ label: String = "") throws {
      for _ in 0..<200 where try figure(name, label) != value { usleep(50_000) }
      #expect(try figure(name, label) == value, "\(name)\(label)")
    }
    let (delivered, failed) = (",outcome=\"delivered\"", ",outcome=\"failed\"")
    #expect(try figure("webhook_deliveries_total", delivered) == nil)
    #expect(try figure("attachments") == "0")

    let isUp = Atomic<Bool>(false)
    let receiver = try StubServer { _ in .answer(isUp.load(ordering: .relaxed) ? 200 : 500) }
    defer { receiver.stop() }
    let enabling = ["webhook", "enable", "--name", "saved", "--url", "http://127.0.0.1:\(receiver.port)/"]
    func succeed(_ words: [String]) throws {
      let run = try SojournBinary.run(words + ["--data-dir", server.dataDirectory, "--deployment", server.id])
      try #require(run.exitCode == 0, "\(run.errors)")
    }
    try succeed(["deployment", "set", "webhook_allow=127.0.0.1"])
    try succeed(enabling)
    let body = "{\"item\":{\"file\":{\"base64\":\"aGVsbG8h\",\"filename\":\"a.txt\"}}}"
    let made = try server.json("POST", "/objects/item.json", body)
    try #require(made.status == 200, "\(made.text)")
    #expect(try figure("attachments") == "1")
    #expect(try figure("attachment_bytes") == "6")
    // How often it was tried hangs on how fast this machine is.
    for _ in 0..<200 where try figure("webhook_deliveries_total", failed) ?? "0" == "0" { usleep(50_000) }
    #expect(try figure("webhook_deliveries_total", failed).flatMap { Int($0) } ?? 0 >= 1)
    #expect(try figure("webhook_deliveries_total", delivered) == "0")
    #expect(try figure("webhook_parked") == "0")
    let lag = try figure("webhook_lag_seconds").flatMap { Double($0) } ?? 0
    #expect(lag > 0 && lag < 60)
    isUp.store(true, ordering: .relaxed)
    try succeed(enabling)
    try waitFor("1", "webhook_deliveries_total", delivered)
    try waitFor("0", "webhook_lag_seconds")
    let id = try made.json["id"]?.string ?? ""
    #expect(try server.send("DELETE", "/objects/item/\(id).json").status == 200)
    #expect(try figure("attachments") == "0")
    #expect(try figure("attachment_bytes") == "0")

    #expect(try figure("rate_limit_refusals_total", ",scope=\"deployment\"") == "0")
    #expect(
      try server.command("limits", "set", "--deployment", server.id, "--rate", "0.01", "--burst", "1").exitCode == 0)
    #expect(try server.send("GET", "/info.json").status == 200)
    #expect(try server.send("GET", "/info.json").status == 429)
    #expect(try figure("rate_limit_refusals_total", ",scope=\"deployment\"") == "1")
    #expect(try figure("rate_limit_refusals_total", ",scope=\"user\"") == "0")
  }

  @Test("Health is told on every listener; figures at the admin listener alone, and nothing else there")
  func places() throws {
    let server = try ServerUnderTest(
      schema: Schemas.small, arguments: ["--admin-listen", "http://127.0.0.1:0"])
    let admin = try Self.adminPort(server)
    for port in [server.port, admin] {
      let connection = try HTTPConnection(port: port)
      for (path, sentence) in [("/health/ready", "The server is ready."), ("/health/live", "The process answers.")] {
        let answer = try connection.request("GET", path)
        #expect(answer.status == 200)
        #expect(try answer.json["detail"]?.string == sentence)
        #expect(answer[header: "cache-control"] == "no-store")
      }
    }
    #expect(try HTTPConnection(port: server.port).request("GET", "/metrics").status == 404)
    let connection = try HTTPConnection(port: admin)
    for (method, path, status) in [
      ("GET", "/", 200), ("HEAD", "/metrics", 200), ("GET", "/api/v4/\(server.id)/info.json", 404),
      ("POST", "/metrics", 405), ("GET", "/metrics/..", 404),
    ] {
      #expect(try connection.request(method, path, headers: [server.bearer]).status == status, "\(method) \(path)")
    }
  }

  @Test(
    "An admin listener that everyone could ask is refused",
    arguments: [["http://0.0.0.0:0"], ["https://127.0.0.1:0"], ["http://0.0.0.0:0", "--admin-network", "10.0.0.0/33"]])
  func refused(words: [String]) throws {
    let folder = try TemporaryDirectory()
    let run = try SojournBinary.run(
      ["serve", "--data-dir", folder.path + "/d", "--listen", "http://127.0.0.1:0", "--admin-listen"] + words)
    #expect(run.exitCode == 2)
    #expect(run.errors.contains("admin-"), "\(run.errors)")
  }

  @Test("With a network that may ask, this machine may too")
  func network() throws {
    let server = try ServerUnderTest(
      schema: Schemas.small,
      arguments: ["--admin-listen", "http://0.0.0.0:0", "--admin-network", "10.0.0.0/8"])
    let mark = "Figures for monitors at http://0.0.0.0:"
    let found = try #require(server.log.ranges(of: mark).first)
    let port = try #require(UInt16(server.log[found.upperBound...].prefix { $0.isNumber }))
    #expect(try HTTPConnection(port: port).request("GET", "/metrics").status == 200)
  }
}
