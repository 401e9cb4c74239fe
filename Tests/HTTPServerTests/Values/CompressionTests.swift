import Testing
import Wire

@testable import HTTPServer

@Suite("Compression of answers")
struct CompressionTests {
  private func head(_ acceptEncoding: String? = "gzip") -> RequestHead {
    RequestHead(
      method: .get, rawPath: "/", headers: Headers(acceptEncoding.map { [("Accept-Encoding", $0)] } ?? []))
  }

  private func coded(_ response: Response, _ acceptEncoding: String? = "gzip") -> Response {
    response.coded(for: head(acceptEncoding), temporaryDirectory: "/tmp")
  }

  private func field(_ response: Response, _ name: String) -> String? {
    response.headers.first { $0.name == name }?.value
  }

  @Test("A large JSON answer is compressed for a client that accepts it")
  func compressed() throws {
    let response = coded(.json(TestHandler.large))
    #expect(field(response, "Content-Encoding") == "gzip")
    #expect(field(response, "Vary") == "Accept-Encoding")
    guard case .block(let block) = response.body else { throw TransportFailure.brokenEncoding }
    #expect(block.count < TestHandler.large.utf8.count / 10)
    #expect(try Gzip.inflate(Array(block.bytes)) == Array(TestHandler.large.utf8))
  }

  @Test("A client that does not accept it gets the same bytes, and Vary")
  func notAccepted() {
    let response = coded(.json(TestHandler.large), nil)
    #expect(field(response, "Content-Encoding") == nil)
    #expect(field(response, "Vary") == "Accept-Encoding")
    #expect(response.bodyLength == TestHandler.large.utf8.count)
  }

  @Test("Vary is joined with what is there", arguments: [("Origin", "Origin, Accept-Encoding"), ("*", "*")])
  func vary(given: String, expected: String) {
    var response = Response.json(TestHandler.large)
    response.headers.append(("Vary", given))
    #expect(field(coded(response), "Vary") == expected)
  }

  @Test(
    "Some answers keep their bytes",
    arguments: [
      ("Content-Type", "image/png"), ("Content-Encoding", "br"),
      ("Cache-Control", "private, no-transform"),
    ])
  func kept(name: String, value: String) {
    var response = Response.json(TestHandler.large)
    if name == "Content-Type" { response.headers = [] }
    response.headers.append((name, value))
    #expect(coded(response).bodyLength == TestHandler.large.utf8.count)
    #expect(field(coded(response), "Vary") == nil)
  }

  @Test(
    "A strong ETag names the bytes that go out, a weak one what they mean",
    arguments: [
      ("\"1\"", "\"1-gzip\""), ("W/\"1\"", "W/\"1\""), ("\"\"", "\"-gzip\""),
    ])
  func tags(given: String, compressed: String) {
    var response = Response.json(TestHandler.large)
    response.headers.append(("ETag", given))
    #expect(field(coded(response), "Content-Encoding") == "gzip")
    #expect(field(coded(response), "ETag") == compressed)
    #expect(field(coded(response, nil), "ETag") == given)
    #expect(field(coded(response, nil), "Vary") == "Accept-Encoding")
  }

  @Test("Up to 1 KiB nothing is compressed", arguments: [(1024, false), (1025, true)])
  func floor(count: Int, isCompressed: Bool) {
    let response = coded(.json(String(repeating: "a", count: count)))
    #expect((field(response, "Content-Encoding") == "gzip") == isCompressed)
  }

  @Test("What compression would make larger stays as it is")
  func incompressible() {
    var generator = SystemRandomNumberGenerator()
    let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let response = coded(
      Response(status: 200, headers: [("Content-Type", "text/plain")], body: .block(ByteBlock(noise))))
    #expect(field(response, "Content-Encoding") == nil)
    #expect(response.bodyLength == 2000)
  }

  @Test("A part of a file is compressed into another file")
  func file() throws {
    let text = Array(String(repeating: "flight UA 1545, ", count: 20_000).utf8)
    let file = try #require(TemporaryFile.holding(text))
    let response = coded(
      Response(
        status: 200, headers: [("Content-Type", "text/csv")],
        body: .file(file, offset: 16, length: text.count - 32)))
    #expect(field(response, "Content-Encoding") == "gzip")
    guard case .file(let smaller, let offset, let length) = response.body else {
      throw TransportFailure.brokenEncoding
    }
    #expect(offset == 0)
    let bytes = try #require(TemporaryFile.contents(smaller, count: length))
    #expect(try Gzip.inflate(bytes) == Array(text[16..<(text.count - 16)]))
  }
}
