import Testing

@testable import APIClient

@Suite("The schedule of retries")
struct RetryScheduleTests {
  typealias Outcome = RetrySchedule.Outcome

  @Test(
    "waits 50 ms after a fault, a second after 429, and longer each time",
    arguments: [
      (.status(500, retryAfter: nil), 1, .milliseconds(50)),
      (.status(503, retryAfter: nil), 2, .milliseconds(150)),
      (.status(502, retryAfter: nil), 5, .milliseconds(4050)),
      (.status(500, retryAfter: nil), 7, .seconds(10)),
      (.status(500, retryAfter: nil), 8, nil), (.status(429, retryAfter: nil), 1, .seconds(1)),
      (.status(429, retryAfter: nil), 2, .seconds(3)), (.status(429, retryAfter: 7), 1, .seconds(7)),
      (.status(503, retryAfter: 2), 1, .seconds(2)), (.status(503, retryAfter: 9999), 1, .seconds(60)),
      (.status(503, retryAfter: -5), 1, .milliseconds(50)), (.failure(.connection), 1, .milliseconds(50)),
      (.failure(.certificate), 1, nil), (.failure(.other), 1, nil), (.status(200, retryAfter: nil), 1, nil),
      (.status(400, retryAfter: nil), 1, nil), (.status(401, retryAfter: nil), 1, nil),
      (.status(501, retryAfter: nil), 1, nil), (.failure(.connection), 0, nil),
      (.failure(.connection), .max, nil),
    ] as [(Outcome, Int, Duration?)])
  func pauses(outcome: Outcome, attempt: Int, expected: Duration?) {
    guard let pause = RetrySchedule.patient.pause(after: outcome, attempt: attempt) else {
      #expect(expected == nil)
      return
    }
    let wanted = expected ?? .zero
    #expect(abs((pause - wanted) / .milliseconds(1)) < 0.01)
  }

  @Test("repeats once where one repetition is allowed")
  func once() {
    #expect(RetrySchedule.once.pause(after: .failure(.connection), attempt: 1) != nil)
    #expect(RetrySchedule.once.pause(after: .failure(.connection), attempt: 2) == nil)
  }

  @Test("is lengthened by up to a fifth")
  func jitter() {
    let pause = RetrySchedule.patient.pause(after: .status(429, retryAfter: nil), attempt: 1, jitter: 1)
    #expect(pause == .seconds(1.2))
    #expect(
      RetrySchedule.patient.pause(after: .status(429, retryAfter: nil), attempt: 1, jitter: 50)
        == .seconds(1.2))
  }
}

@Suite("A base URL")
struct BaseURLTests {
  @Test("joins paths and queries, encoded")
  func joins() throws {
    let base = try BaseURL("https://flights.example.org:8443/api/v4/0123456789abcdef01234567//")
    #expect(base.description == "https://flights.example.org:8443/api/v4/0123456789abcdef01234567")
    #expect(base.host == "flights.example.org")
    #expect(base.deploymentID == "0123456789abcdef01234567")
    let url = base.url(
      ["objects", "a/b?#é%.json", "..", "."], query: [("q[x.ne]", "1&2 +"), ("limit", "1")])
    #expect(
      url == base.description
        + "/objects/a%2Fb%3F%23%C3%A9%25.json/%2E%2E/%2E?q%5Bx.ne%5D=1%262%20%2B&limit=1")
    #expect(try BaseURL("http://[::1]:80/x").host == "::1")
    #expect(try BaseURL("http://[::1]:80/x").deploymentID == nil)
  }

  @Test(
    "stays on this machine by its address alone",
    arguments: [
      ("http://localhost:80/", true), ("http://127.9.0.1/", true), ("http://[::1]/", true),
      ("http://127.example.org/", false), ("http://128.0.0.1/", false),
    ])
  func loopback(text: String, isLoopback: Bool) throws { #expect(try BaseURL(text).isLoopback == isLoopback) }

  @Test(
    "is refused where it is none",
    arguments: [
      "", "example.org", "ftp://example.org", "https://", "https:///x", "https://e.org/?a",
      "https://e.org/#a",
      "https://u:p@e.org/", "https://e.org:x/", "https://e.org:70000/", "https://e.org/a b",
      "https://e.org/\n",
      "https://é.org/", "https://e.org\\@x/", "https://e.org:+80/", "https://e.org:1:80/", "https://[::1]x/",
      "https://[e.org]/", "https://[::1", "https://[::1]:/",
    ])
  func refused(text: String) {
    #expect(throws: BaseURL.Fault.self) { try BaseURL(text) }
  }
}
