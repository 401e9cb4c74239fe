import Testing
import Wire

@testable import HTTPServer

@Suite("Heads of requests")
struct RequestHeadTests {
  @Test("a copy that is changed leaves the others as they were")
  func copies() {
    let first = RequestHead(
      method: .get, rawPath: "/a", rawQuery: "q", requestID: "1", declaredLength: 3, hasBody: true)
    var second = first
    second.method = .put
    second.rawPath = "/b"
    let third = second
    second.scheme = "https"
    second.forwardedHost = "host"
    #expect(first.method == .get && first.rawPath == "/a" && first.scheme == "http")
    #expect(third.method == .put && third.rawPath == "/b" && third.scheme == "http" && third.forwardedHost == nil)
    #expect(second.scheme == "https" && second.forwardedHost == "host" && second.rawQuery == "q")
    #expect(second.requestID == "1" && second.declaredLength == 3 && second.hasBody)
  }

  @Test(
    "paths are cut at slashes and then decoded",
    arguments: [
      ("/", []), ("//", []), ("/a", ["a"]), ("/a/", ["a"]), ("//a///b", ["a", "b"]), ("/a%2Fb/c", ["a/b", "c"]),
      ("/a+b", ["a+b"]), ("/%C3%A9/é", ["é", "é"]), ("a/b", ["a", "b"]),
    ])
  func segments(path: String, expected: [String]) throws {
    #expect(try RequestHead(method: .get, rawPath: path).segments == expected)
  }

  @Test(
    "what cannot be decoded is told with its offset in the path",
    arguments: [
      ("/abc/%zz", PercentText.Fault(offset: 5, reason: .badEscape("%zz"))),
      ("/abc/%4", PercentText.Fault(offset: 5, reason: .badEscape("%4"))),
      ("/é/%ff", PercentText.Fault(offset: 4, reason: .invalidUTF8)),
    ])
  func faults(path: String, expected: PercentText.Fault) {
    #expect(throws: expected) { try RequestHead(method: .get, rawPath: path).segments }
  }
}
