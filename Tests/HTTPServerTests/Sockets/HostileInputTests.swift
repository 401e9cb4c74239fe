import Glibc
import Testing

@testable import HTTPServer

/// A generator whose numbers are the same in each run.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

@Suite("Hostile input")
struct HostileInputTests {
  private static let requests = [
    "GET /a?b HTTP/1.1\r\nHost: a\r\nX-Request-Id: 1\r\nAccept-Encoding: gzip;q=0.5\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "POST /count HTTP/1.1\r\nHost: a\r\nContent-Encoding: deflate\r\nContent-Length: 4\r\n\r\nabcd",
    "PUT http://x/refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    "GET //a HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=\"d\"\r\nX-A: 1\r\n 2\r\nContent-Length : 3\r\n\r\nabc",
  ]

  private static func mutated(_ text: String, _ dice: inout Dice) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
      let position = Int.random(in: 0..<bytes.count, using: &dice)
      switch Int.random(in: 0..<5, using: &dice) {
      case 0: bytes[position] = UInt8.random(in: 0...255, using: &dice)
      case 1: bytes.remove(at: position)
      case 2: bytes.insert(contentsOf: [13, 10], at: position)
      case 3: bytes.insert(contentsOf: bytes[position...], at: position)
      default: bytes.removeSubrange(position...)
      }
    }
    return bytes
  }

  @Test("ends no more than its own connection", arguments: [1, 2, 3, 4])
  func survives(seed: UInt64) async throws {
    try await TestServer.run({
      $0.limits.headMilliseconds = 3000
      $0.limits.bodyWindowMilliseconds = 3000
    }) { test throws in
      var dice = Dice(state: seed)
      for round in 0..<500 {
        let client = try test.client()
        for _ in 0...Int.random(in: 0...2, using: &dice) {
          client.send(HostileInputTests.mutated(HostileInputTests.requests[round % 6], &dice))
        }
      }
      #expect(try test.client().request("POST", "/echo", body: [1, 2, 3]).body == [1, 2, 3])
      #expect(test.eventually { test.server.connectionCount == 0 && test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("in a form of fifty thousand keys is a body like any other")
  func manyKeys() async throws {
    try await TestServer.run { test throws in
      let form = (0..<50_000).map { "k\($0)=v" }.joined(separator: "&")
      #expect(try test.client().request("POST", "/echo", body: Array(form.utf8)).text == form)
    }
  }
}
