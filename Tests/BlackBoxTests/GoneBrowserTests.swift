import Glibc
import ServerUnderTest
import Testing

/// Browsers that go away in the middle of a page.
@Suite("Browsers that go away")
struct GoneBrowserTests {
  private static let columns = (0..<200).map { "f\($0)" }
  private static let schema =
    "<data-model><model name=\"wide\" label=\"Wide\">"
    + columns.map { "<field name=\"\($0)\" label=\"\($0)\" type=\"text\"/>" }.joined()
    + "<display>{f0}</display></model></data-model>"

  /// 250 rows of 200 columns, more than any buffer between the two takes.
  private func fill(_ server: ServerUnderTest) throws {
    let text = String(repeating: "0123456789", count: 25)
    let values = Self.columns.map { "\"\($0)\":\"\(text)\"" }.joined(separator: ",")
    let steps = [String](repeating: "{\"method\":\"POST\",\"object\":{\"type\":\"wide\",\(values)}}", count: 250)
    let answer = try server.json("POST", "/batch.json", "{\"operations\":[\(steps.joined(separator: ","))]}")
    #expect(answer.status == 200)
  }

  @Test("in the middle of a page of 12 MB leave nothing behind: neither memory, nor a connection, nor a line of error")
  func gone() throws {
    let server = try ServerUnderTest(schema: Self.schema, arguments: ["--second-factor", "none"])
    try fill(server)
    let (session, _) = try server.firstOperator()
    let path = "/databrowser/\(server.id)/models/wide?columns=\(Self.columns.joined(separator: ","))&size=250"
    let whole = try server.connection().request("GET", path, headers: ["Cookie: \(session)"])
    #expect(whole.status == 200 && whole.body.count > 10_000_000)
    let peak = try #require(server.peakMemoryKiB)
    for _ in 0..<40 {
      let connection = try server.connection()
      connection.send(
        Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: \(session)\r\n\r\n".utf8))
      try connection.read(atLeast: 1000)
    }
    let again = try server.connection().request("GET", path, headers: ["Cookie: \(session)"])
    #expect(again.status == 200 && again.body.count == whole.body.count)
    // One page of them at a time, and not forty.
    let more = try #require(server.peakMemoryKiB) - peak
    #expect(more < 100 << 10 || SojournBinary.isSanitized, "\(more >> 10) MiB")
    #expect(try server.stop() == 0)
    #expect(!server.log.contains("\"level\":\"error\""))
  }
  @Test("in the middle of an export of 25 MB leave nothing behind: neither its snapshot, nor its file, nor memory")
  func goneFromExport() throws {
    let server = try ServerUnderTest(
      schema: Self.schema, arguments: ["--second-factor", "none", "--admin-listen", "http://127.0.0.1:0"])
    for _ in 0..<2 { try fill(server) }
    let (session, _) = try server.firstOperator()
    let files = server.openFiles
    for format in ["csv", "spreadsheet", "ndjson"] {
      let path = "/databrowser/\(server.id)/models/wide/export?as=\(format)"
      let whole = try server.get(path, cookie: session)
      #expect(whole.status == 200 && whole.body.count > 25_000_000)
      let peak = try #require(server.peakMemoryKiB)
      for _ in 0..<4 {
        let connection = try server.connection()
        connection.send(Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: \(session)\r\n\r\n".utf8))
        try connection.read(atLeast: 1000)
        // Who reads slowly, or not at all, holds no snapshot: it was given back before the first byte.
        #expect(try server.figure("sojourn_readers_in_use") == "0")
      }
      #expect(try server.get(path, cookie: session).body.count == whole.body.count)
      let more = try #require(server.peakMemoryKiB) - peak
      #expect(more < 16 << 10 || SojournBinary.isSanitized, "\(format): \(more >> 10) MiB")
    }
    #expect(server.closes(downTo: files), "\(server.openFiles) open, \(files) before")
    #expect(try server.stop() == 0)
    #expect(!server.log.contains("\"level\":\"error\""))
  }
}
