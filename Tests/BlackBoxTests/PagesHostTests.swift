import ServerUnderTest
import Testing

/// Where the pages of the real binary are, and what they say of the server.
@Suite("The pages' host")
struct PagesHostTests {
  private func get(_ server: ServerUnderTest, _ path: String, host: String, _ more: [String] = []) throws -> Answer {
    let connection = try server.connection()
    let head = ["GET \(path) HTTP/1.1", "Host: \(host)"] + more
    connection.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    return try connection.answer()
  }

  @Test("With --browser-host pages are at that host alone, and the API and attachments are not")
  func host() throws {
    let server = try ServerUnderTest(
      schema: Schemas.small,
      arguments: ["--browser-host", "Pages.test", "--public-url", "http://api.test:8080"])
    for host in ["pages.test", "PAGES.TEST:8080", "pages.test."] {
      #expect(try get(server, "/databrowser", host: host).status == 303)
      for path in ["/info.json", "/attachments/0195a3b2-0000-7000-8000-00000000000a", "/docs", "/objects/thing.json"] {
        let answer = try get(server, server.base + path, host: host, [server.bearer])
        #expect(answer.status == 404 && !answer.text.contains("under test"), "\(host) \(path)")
      }
    }
    for host in ["api.test", "localhost", "pages.test.api.test"] {
      let page = try get(server, "/databrowser/sign-in", host: host)
      #expect(page.status == 404 && page.text.contains("http://pages.test:8080"))
      #expect(try get(server, server.base + "/info.json", host: host, [server.bearer]).status == 200)
    }
    #expect(server.log.contains("http://pages.test:8080/databrowser/join/"))
  }

  @Test("With a given certificate pages that come over https ask for nothing else; the API's answers stay as they are")
  func strict() throws {
    let (name, behind) = ("strict-transport-security", ["X-Forwarded-Proto: https"])
    for files in [[], ["--tls-cert", "/nowhere/chain.pem", "--tls-key", "/nowhere/key.pem"]] {
      // The proxy in front has the connection's certificate; nothing listens at https here.
      let server = try ServerUnderTest(schema: Schemas.small, arguments: ["--trusted-proxy", "127.0.0.1/32"] + files)
      let expected = files.isEmpty ? nil : "max-age=31536000"
      #expect(try get(server, "/databrowser", host: "a.test", behind)[header: name] == expected)
      #expect(try get(server, "/databrowser", host: "a.test")[header: name] == nil)
      let info = try get(server, server.base + "/info.json", host: "a.test", behind + [server.bearer])
      #expect(info.status == 200 && info[header: name] == nil)
    }
  }

  @Test("A form that is too large is refused before it has come")
  func largeForm() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let connection = try server.connection()
    let head = "POST /databrowser/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n"
    connection.send(Array(head.utf8) + [UInt8](repeating: 97, count: 1000))
    let answer = try connection.answer()
    #expect(answer.status == 413 && answer.text.contains("Too large") && answer[header: "connection"] == "close")
    // What still comes is thrown away, and the sender is not cut off before it has read the answer.
    #expect(connection.send([UInt8](repeating: 97, count: 1_000_000)))
    #expect(try server.connection().request("GET", "/databrowser/sign-in").status == 200)
  }

  @Test("A host that could not work is refused at the start, with what to do")
  func refused() throws {
    for (arguments, part) in [
      (["--browser-host", "api.test", "--public-url", "https://api.test"], "host of their own"),
      (["--browser-host", "API.test", "--public-url", "https://api.test:8443/x"], "host of their own"),
      (["--browser-host", "pages.test"], "needs --public-url"),
      (["--browser-host", "https://pages.test", "--public-url", "https://api.test"], "without scheme and port"),
      (["--browser-host", "pages.test:8443", "--public-url", "https://api.test"], "without scheme and port"),
      (["--browser-host", "a/b", "--public-url", "https://api.test"], "without scheme and port"),
    ] as [([String], String)] {
      let directory = try TemporaryDirectory()
      let run = try SojournBinary.run(
        ["serve", "--data-dir", "\(directory.path)/data", "--listen", "https://127.0.0.1:0"] + arguments)
      #expect(run.exitCode == 2 && (run.errors + run.output).contains(part), "\(arguments): \(run)")
    }
  }
}
