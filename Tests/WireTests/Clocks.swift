import Testing
import Wire

@Suite("Clocks")
struct Clocks {
  @Test("a manual clock moves when it is told")
  func manual() throws {
    let clock = ManualClock(try #require(Instant("2013-01-31T09:05:00Z")))
    clock.advance(byMilliseconds: 999)
    #expect(clock.now.description == "2013-01-31T09:05:00Z")
    clock.advance(byMilliseconds: 1)
    #expect(clock.now.description == "2013-01-31T09:05:01Z")
    clock.set(milliseconds: 0)
    #expect(clock.milliseconds() == 0)
  }

  @Test("the system's clock is past the day this was written")
  func system() {
    #expect(SystemClock().milliseconds() > 1_700_000_000_000)
  }
}
