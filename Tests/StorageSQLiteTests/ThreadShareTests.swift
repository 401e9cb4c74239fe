import Testing

@testable import Threads

@Suite("Which threads take up work")
struct ThreadShareTests {
  private let start = ContinuousClock.now
  private let patience = Duration.milliseconds(20)

  @Test("as many as are eager, until one of them ends or has worked for long")
  func eager() {
    var share = ThreadShare(count: 4, eager: 2, patience: patience)
    #expect(share.due(at: start) == nil)
    share.begin(3, at: start)
    #expect(share.due(at: start) == nil)
    share.begin(0, at: start + .milliseconds(5))
    // The older of the two grows old first.
    #expect(share.due(at: start + .milliseconds(6)) == start + patience)
    share.end(3)
    #expect(share.due(at: start + .milliseconds(6)) == nil)
    share.begin(1, at: start + .milliseconds(7))
    #expect(share.due(at: start + .milliseconds(8)) == start + .milliseconds(5) + patience)
    #expect(share.due(at: start + .milliseconds(5) + patience) == nil)
  }

  @Test("where all have worked for long, every one that is left may")
  func allOld() {
    var share = ThreadShare(count: 3, eager: 1, patience: patience)
    for thread in 0..<2 {
      let now = start + patience * thread
      #expect(share.due(at: now) == nil)
      share.begin(thread, at: now)
      #expect(share.due(at: now) == now + patience)
    }
    #expect(share.due(at: start + patience * 2) == nil)
  }

  @Test("no thread waits for others where all are eager, or more than there are")
  func allEager() {
    for eager in [2, 3] {
      var share = ThreadShare(count: 2, eager: eager)
      for thread in 0..<2 { share.begin(thread, at: start) }
      #expect(share.due(at: start) == nil)
    }
  }
}
