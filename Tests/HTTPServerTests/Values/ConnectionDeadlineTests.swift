import Testing

@testable import HTTPServer

@Suite("Deadlines of a connection")
struct ConnectionDeadlineTests {
  private typealias Phase = ConnectionProgress.Phase

  /// Looks once a second and answers the second in which the connection was over.
  private func end(
    within seconds: Int64, of limits: TransportLimits = TransportLimits(),
    _ observe: (Int64) -> (phase: ConnectionProgress.Phase, requests: UInt64, received: UInt64, body: UInt64)
  ) -> Int64? {
    var deadline = ConnectionDeadline(opened: 1_000_000)
    for second in 1...seconds {
      let seen = observe(second)
      let observation = ConnectionDeadline.Observation(
        progress: ConnectionProgress(phase: seen.phase, requests: seen.requests), received: seen.received,
        body: seen.body)
      if deadline.isOver(1_000_000 + second * 1000, observation, limits: limits) { return second }
    }
    return nil
  }

  @Test("A new connection has ten seconds for its first head, whatever it sends")
  func fresh() {
    #expect(end(within: 60) { (.fresh, 0, UInt64($0), 0) } == 10)
  }

  @Test("A connection that opened after the clock was read is as good as one that opened then")
  func openedLater() {
    var deadline = ConnectionDeadline(opened: 1_000_000)
    let fresh = ConnectionDeadline.Observation(
      progress: ConnectionProgress(phase: .fresh, requests: 0), received: 0, body: 0)
    let body = ConnectionDeadline.Observation(
      progress: ConnectionProgress(phase: .body, requests: 0), received: 0, body: 0)
    let looks = [(999_998, fresh), (999_999, body), (1_000_000, body)].map { now, observation in
      deadline.isOver(now, observation, limits: TransportLimits())
    }
    #expect(looks == [false, false, false])
  }

  @Test("An idle connection that sends nothing is left to the idle time-out")
  func idle() {
    #expect(end(within: 1000) { _ in (.idle, 1, 500, 0) } == nil)
  }

  @Test("The next head has ten seconds from its first byte")
  func nextHead() {
    // 30 s of silence, then a byte a second.
    #expect(end(within: 100) { (.idle, 1, $0 < 30 ? 500 : 500 + UInt64($0), 0) } == 40)
    // One byte, and nothing after.
    #expect(end(within: 100) { (.idle, 1, $0 < 30 ? 500 : 501, 0) } == 40)
  }

  @Test("A connection that completes requests goes on for ever")
  func busy() {
    #expect(end(within: 1000) { (.idle, UInt64($0), UInt64($0) * 500, 0) } == nil)
    #expect(end(within: 1000) { (.idle, UInt64($0 / 9), UInt64($0) * 500, 0) } == nil)
  }

  @Test("Unknown counts of received bytes never end a connection")
  func unknown() {
    #expect(end(within: 100) { (.idle, 1, $0 % 2 == 0 ? .max : 500, 0) } == nil)
  }

  @Test("A body of a kilobyte a second is fast enough, one of less is not")
  func body() {
    #expect(end(within: 1000) { (.body, 0, 0, UInt64($0) * 1025) } == nil)
    #expect(end(within: 1000) { (.body, 0, 0, UInt64($0) * 1000) } == 11)
  }

  @Test("A fast start buys a body no more than the window that it is in")
  func fastStart() {
    #expect(end(within: 1000) { (.body, 0, 0, 10_000_000 + UInt64($0)) } == 11)
    #expect(end(within: 1000) { (.body, 0, 0, $0 < 8 ? 0 : 10_000_000) } == 21)
  }

  @Test("A second body is judged from its own begin")
  func secondBody() {
    #expect(end(within: 15) { ($0 < 6 ? .body : .body, $0 < 6 ? 0 : 1, 0, 1) } == nil)
  }

  @Test("The time that the handler takes is its own")
  func answering() {
    #expect(end(within: 10_000) { _ in (.answering, 0, 0, 0) } == nil)
  }

  @Test("What still comes after a direct answer is taken in for five seconds")
  func lingering() {
    #expect(end(within: 100) { ($0 < 3 ? .body : .lingering, 0, 0, UInt64($0) * 1_000_000) } == 13)
  }

  @Test("At shutdown a connection is quiet when nothing has changed for a while")
  func quiet() {
    func isQuiet(
      _ phase: Phase, _ times: [Int64], _ incoming: ConnectionQuiet.Incoming = .nothing,
      body: (Int64) -> UInt64 = { _ in 0 },
      received: (Int64) -> UInt64
    ) -> Bool {
      var quiet = ConnectionQuiet()
      var last = false
      for time in times {
        let observation = ConnectionDeadline.Observation(
          progress: ConnectionProgress(phase: phase, requests: 1), received: received(time), body: body(time))
        last = quiet.isQuiet(time, observation, incoming)
      }
      return last
    }
    for phase in [Phase.fresh, .idle] {
      #expect(isQuiet(phase, [0, 25, 50]) { _ in 7 })
      #expect(isQuiet(phase, [0, 25, 50], .end) { _ in 7 })
      #expect(!isQuiet(phase, [0, 49]) { _ in 7 })
      #expect(!isQuiet(phase, [1000]) { _ in 7 })
      #expect(!isQuiet(phase, [0, 50, 100]) { UInt64($0) })
      #expect(!isQuiet(phase, [0, 50, 100], .bytes) { _ in 7 })
    }
    for incoming in [ConnectionQuiet.Incoming.nothing, .bytes, .end] {
      #expect(!isQuiet(.answering, [0, 50, 1000], incoming) { _ in 7 })
      #expect(isQuiet(.lingering, [0], incoming) { _ in 7 })
    }
    // A body whose client has gone.
    #expect(isQuiet(.body, [0, 500], .end) { _ in 7 })
    #expect(!isQuiet(.body, [0, 499], .end) { _ in 7 })
    #expect(!isQuiet(.body, [0, 500], .end, body: { UInt64($0) }) { _ in 7 })
    for incoming in [ConnectionQuiet.Incoming.nothing, .bytes] {
      #expect(!isQuiet(.body, [0, 500, 1000], incoming) { _ in 7 })
    }
  }

  @Test("Progress fits one word", arguments: [0, 1, 12_345_678_901])
  func word(requests: UInt64) {
    for phase in [Phase.fresh, .idle, .body, .answering, .lingering] {
      let progress = ConnectionProgress(phase: phase, requests: requests)
      #expect(ConnectionProgress(word: progress.word) == progress)
    }
  }
}
