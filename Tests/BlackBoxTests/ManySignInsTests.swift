import Glibc
import ServerUnderTest
import Synchronization
import Testing
import Threads

/// Many who sign in at once.
@Suite("Two hundred sign-ins at once", .serialized)
struct ManySignInsTests {
  private static let clock = ContinuousClock()

  private struct Try {
    var answer: Answer
    var time: Duration
  }

  @Test("wait up to 32, the others are told at once to come again, and API and owner do not wait for them")
  func atOnce() throws {
    let server = try ServerUnderTest(
      schema: Schemas.small, arguments: ["--trusted-proxy", "127.0.0.1/32"])
    let (_, known) = try server.firstOperator()
    let peak = try #require(server.peakMemoryKiB)
    let tries = Mutex<[Try]>([])
    let strangers = try (0..<200).map { number in
      try OwnThread {
        let start = Self.clock.now
        let answer = try? server.post(
          "/databrowser/sign-in", [("email", "nobody\(number)@example.org"), ("password", "a guess of mine")],
          headers: ["X-Forwarded-For: 198.51.100.\(number)"])
        let time = Self.clock.now - start
        tries.withLock { $0.append(Try(answer: answer ?? Answer(status: 0, headers: [], body: []), time: time)) }
      }
    }
    var slowest = Duration.zero
    var signedIn: Answer?
    var calls = 0
    while tries.withLock({ $0.count }) < 200 {
      let start = Self.clock.now
      #expect(try server.json("GET", "/objects/note/count.json").status == 200)
      slowest = max(slowest, Self.clock.now - start)
      calls += 1
      // The owner, in a browser that is known, in the middle of it.
      if signedIn == nil, tries.withLock({ $0.contains { $0.answer.status == 503 } }) {
        signedIn = try server.post(
          "/databrowser/sign-in", [("email", "ada@example.org"), ("password", PageForms.password)], cookie: known)
      }
      usleep(20_000)
    }
    for thread in strangers { thread.join() }
    let all = tries.withLock { $0 }
    let (hashed, refused) = (all.filter { $0.answer.status == 422 }, all.filter { $0.answer.status == 503 })
    #expect(hashed.count + refused.count == 200, "\(Set(all.map(\.answer.status)))")
    // One is looked at and 24 wait; who comes when one is done has its place.
    #expect((25...100).contains(hashed.count))
    for other in refused {
      #expect(other.answer[header: "retry-after"] != nil && other.answer.text.contains("<h1"))
    }
    let told = try #require(refused.map(\.time).max())
    let waited = try #require(hashed.map(\.time).max())
    #expect(told < waited, "\(told) \(waited)")
    #expect(signedIn?.status == 303)
    #expect(slowest < .seconds(2) && calls > 5)
    let more = try #require(server.peakMemoryKiB) - peak
    print(
      "\(hashed.count) hashed within \(waited), \(refused.count) refused within \(told); a call took at most \(slowest) "
        + "of \(calls); \(more >> 10) MiB more.")
    // One hash was made before.
    #expect(more < 128 << 10 || SojournBinary.isSanitized)
  }
}
