import Testing

@testable import HTTPServer

@Suite("Answers past the HTTP library")
struct DirectAnswerTests {
  private func lines(_ response: Response, method: Method = .post) -> [String] {
    let head = RequestHead(method: method, rawPath: "/", requestID: "id-1")
    let text = String(decoding: DirectAnswer.serialized(response, to: head), as: UTF8.self)
    return text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("are whole and close the connection")
  func whole() {
    var answer = lines(.text(413, "too large"))
    let date = answer.remove(at: 1)
    #expect(date.hasPrefix("Date: ") && date.hasSuffix(" GMT") && date.utf8.count == 35)
    #expect(
      answer == [
        "HTTP/1.1 413 Content Too Large", "Connection: close", "Content-Type: text/plain",
        "X-Request-Id: id-1", "X-Content-Type-Options: nosniff", "Content-Length: 9", "", "too large",
      ])
  }

  @Test("have no body for HEAD")
  func head() { #expect(lines(.text(413, "too large"), method: .head).suffix(2) == ["", ""]) }

  @Test("let no field break out of its line")
  func injection() {
    var response = Response.text(413, "")
    response.headers.append(("X-A", "1\r\nX-B: 2"))
    response.headers.append(("X-C\n", "3"))
    #expect(
      !lines(response).contains {
        ["X-A", "X-B", "X-C"].contains(String($0.prefix(3))) && !$0.hasPrefix("X-Content-")
      })
  }
}
