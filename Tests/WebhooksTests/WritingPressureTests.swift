import Testing

@testable import Webhooks

@Suite("How thick writes come")
struct WritingPressureTests {
  @Test(
    "is high when transactions take half of the time",
    arguments: [(0, false), (40_000, false), (49_999, false), (50_000, true), (99_000, true), (400_000, true)])
  func share(microseconds: UInt64, isHigh: Bool) {
    var pressure = WritingPressure()
    pressure.look(at: 1000) { 7 }
    // Not known yet.
    #expect(pressure.isHigh)
    pressure.look(at: 1100) { 7 + microseconds }
    #expect(pressure.isHigh == isHigh)
  }

  @Test("is looked at ten times in a second, and forgotten when writes end or the clock is set back")
  func windows() {
    var pressure = WritingPressure()
    var looks = 0
    func look(_ now: Int64, _ work: UInt64) {
      pressure.look(at: now) {
        looks += 1
        return work
      }
    }
    look(1000, 0)
    look(1050, 90_000)
    #expect(looks == 1 && pressure.isHigh)
    look(1100, 90_000)
    #expect(looks == 2 && pressure.isHigh)
    look(1199, 90_000)
    #expect(looks == 2 && pressure.isHigh)
    look(1200, 91_000)
    #expect(looks == 3 && !pressure.isHigh)
    look(1300, 180_000)
    #expect(pressure.isHigh)
    look(500, 181_000)
    #expect(!pressure.isHigh)
    look(600, 280_000)
    #expect(pressure.isHigh)
    // A store that was opened anew counts from nothing.
    look(700, 60_000)
    #expect(!pressure.isHigh)
  }
}
