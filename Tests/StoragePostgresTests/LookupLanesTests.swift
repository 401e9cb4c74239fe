import Testing

@testable import StoragePostgres

@Suite("Lanes of point reads")
struct LookupLanesTests {
  private typealias Lanes = LookupLanes<Int>

  /// `#expect` evaluates what it is given in a closure, in which nothing may be changed.
  private final class Subject {
    private var lanes: Lanes
    init(count: Int) { lanes = Lanes(count: count) }
    var now = ContinuousClock.now
    func add(_ read: Int) -> Lanes.Addition { lanes.add(read, at: now) }
    func take(_ lane: Int) -> [Int] { lanes.take(lane, at: now) }
    func stall(_ lane: Int) -> Int? { lanes.stall(lane, at: now) }
    func end(_ lane: Int) -> Bool { lanes.end(lane) }
  }

  @Test("what comes while a lane flows goes with its next trip")
  func gathers() {
    let lanes = Subject(count: 2)
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    #expect(lanes.add(3) == .waits)
    #expect(lanes.take(0) == [2, 3])
    #expect(lanes.take(0) == [])
    // It rests, so it is to be called again.
    #expect(lanes.add(4) == .call(0))
  }

  @Test("a trip has no more reads than it may, in the order in which they came")
  func fullTrips() {
    let lanes = Subject(count: 1)
    for read in 0..<Lanes.mostReads + 2 { _ = lanes.add(read) }
    #expect(lanes.take(0) == Array(0..<Lanes.mostReads))
    #expect(lanes.take(0) == [Lanes.mostReads, Lanes.mostReads + 1])
  }

  @Test("another lane takes what waits behind one that stalls, and one that comes back rests beside it")
  func stalls() {
    let lanes = Subject(count: 2)
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    #expect(lanes.stall(0) == 1)
    #expect(lanes.take(1) == [2])
    #expect(lanes.add(3) == .waits)
    #expect(!lanes.end(0))
    #expect(lanes.take(1) == [3])
    #expect(lanes.take(1) == [])
    #expect(lanes.add(4) == .call(1))
  }

  @Test("a lane that stalls while nothing waits is followed by another as soon as something does")
  func stallsAlone() {
    let lanes = Subject(count: 2)
    _ = lanes.add(1)
    _ = lanes.take(0)
    #expect(lanes.stall(0) == nil)
    #expect(lanes.add(2) == .call(1))
  }

  @Test("a trip that takes long is passed by another, and its lane goes on where that rests again")
  func longTrips() {
    let lanes = Subject(count: 2)
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    lanes.now += Lanes.patience + .milliseconds(1)
    #expect(lanes.add(3) == .call(1))
    #expect(lanes.take(1) == [2, 3])
    // It has stalled: nothing changes by its saying so.
    #expect(lanes.stall(0) == nil)
    #expect(lanes.take(1) == [])
    #expect(lanes.end(0))
    #expect(lanes.add(4) == .waits)
    #expect(lanes.take(0) == [4])
  }

  @Test("a lane that was called long ago and finds another in its place rests")
  func lateThreads() {
    let lanes = Subject(count: 2)
    #expect(lanes.add(1) == .call(0))
    lanes.now += Lanes.patience + .milliseconds(1)
    #expect(lanes.add(2) == .call(1))
    #expect(lanes.take(1) == [1, 2])
    #expect(lanes.take(0) == [])
    #expect(lanes.take(1) == [])
    #expect(lanes.add(3) == .call(1))
  }

  @Test("where all lanes stall, the first that is done takes what waits")
  func allStall() {
    let lanes = Subject(count: 1)
    _ = lanes.add(1)
    _ = lanes.take(0)
    #expect(lanes.stall(0) == nil)
    #expect(lanes.add(2) == .waits)
    #expect(lanes.end(0))
    #expect(lanes.take(0) == [2])
  }

  @Test("too many are refused, and none of those that wait is lost")
  func refusesTooMany() {
    let lanes = Subject(count: 1)
    for read in 0..<Lanes.mostWaiting { #expect(lanes.add(read) != .refused) }
    #expect(lanes.add(-1) == .refused)
    #expect(lanes.take(0).count == Lanes.mostReads)
    #expect(lanes.add(-2) == .waits)
  }
}
