import Testing

@testable import StoragePostgres

@Suite("Lanes of point reads")
struct LookupLanesTests {
  private typealias Lanes = LookupLanes<Int>

  /// `#expect` evaluates what it is given in a closure, in which nothing may be changed.
  private final class Subject {
    private var lanes: Lanes
    init(count: Int = 3) { lanes = Lanes(count: count) }
    var now = ContinuousClock.now
    func add(_ read: Int, of model: Int = 1) -> Lanes.Addition { lanes.add(read, of: model, at: now) }
    func take(_ lane: Int) -> [Int] { lanes.take(lane, at: now) }
    func stall(_ lane: Int, with model: Int = 1) -> Int? { lanes.stall(lane, with: model, at: now) }
    func stand(_ lane: Int) -> Int? { lanes.stand(lane, at: now) }
    func end(_ lane: Int) -> Bool { lanes.end(lane) }
  }

  @Test("what comes while a lane flows goes with its next trip")
  func gathers() {
    let lanes = Subject()
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
    let lanes = Subject()
    for read in 0..<Lanes.mostReads + 2 { _ = lanes.add(read) }
    #expect(lanes.take(0) == Array(0..<Lanes.mostReads))
    #expect(lanes.take(0) == [Lanes.mostReads, Lanes.mostReads + 1])
  }

  @Test("another lane takes what waits behind one that stalls, and one that comes back rests beside it")
  func stalls() {
    let lanes = Subject()
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    #expect(lanes.stall(0) == 1)
    #expect(lanes.take(1) == [2])
    #expect(lanes.add(3) == .waits)
    #expect(!lanes.end(0))
    #expect(lanes.take(1) == [3])
    #expect(lanes.take(1) == [])
    #expect(lanes.add(4) == .call(0))
  }

  @Test("a lane that stalls while nothing waits is followed by another as soon as something does")
  func stallsAlone() {
    let lanes = Subject()
    _ = lanes.add(1)
    _ = lanes.take(0)
    #expect(lanes.stall(0) == nil)
    #expect(lanes.add(2) == .call(1))
  }

  @Test("a trip that takes long is passed by another, and its lane goes on where that rests again")
  func longTrips() {
    let lanes = Subject()
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    #expect(lanes.stand(0) == 1)
    #expect(lanes.add(3) == .waits)
    #expect(lanes.take(1) == [2, 3])
    // It stands: nothing changes by its saying so again.
    #expect(lanes.stand(0) == nil)
    #expect(lanes.take(1) == [])
    #expect(lanes.end(0))
    #expect(lanes.add(4) == .waits)
    #expect(lanes.take(0) == [4])
  }

  @Test("a trip that waits for something else than an answer is passed as soon as another read comes")
  func lateTrips() {
    let lanes = Subject()
    #expect(lanes.add(1) == .call(0))
    #expect(lanes.take(0) == [1])
    #expect(lanes.add(2) == .waits)
    lanes.now += Lanes.patience + .milliseconds(1)
    #expect(lanes.add(3) == .call(1))
    #expect(lanes.stand(0) == nil)
    #expect(lanes.take(1) == [2, 3])
    // It goes on for longer than that without waiting for any one answer: only a trip that is not over is passed.
    #expect(lanes.take(1) == [])
    #expect(lanes.end(0))
    #expect(lanes.add(4) == .waits)
  }

  @Test("a lane that found no thread for long, and finds another in its place, rests")
  func lateThreads() {
    let lanes = Subject()
    #expect(lanes.add(1) == .call(0))
    lanes.now += Lanes.patience + .milliseconds(1)
    #expect(lanes.add(2) == .call(1))
    #expect(lanes.take(1) == [1, 2])
    #expect(lanes.take(0) == [])
    #expect(lanes.take(1) == [])
    #expect(lanes.add(3) == .call(0))
  }

  @Test("one that stands while nothing waits is followed by another as soon as something does")
  func standsAlone() {
    let lanes = Subject()
    _ = lanes.add(1)
    _ = lanes.take(0)
    #expect(lanes.stand(0) == nil)
    #expect(lanes.add(2) == .call(1))
  }

  @Test("the last lane takes nothing beside lanes that stall, but beside those that stand")
  func lastLaneRests() {
    let lanes = Subject()
    for (read, lane) in [(1, 0), (2, 1)] {
      #expect(lanes.add(read) == .call(lane))
      #expect(lanes.take(lane) == [read])
      #expect(lanes.stall(lane) == nil)
    }
    #expect(lanes.add(3) == .waits)
    // One that stands beside one that stalls changes nothing of that; another does.
    #expect(lanes.stand(0) == nil)
    #expect(lanes.add(4, of: 2) == .waits)
    #expect(lanes.stand(1) == 2)
    #expect(lanes.take(2) == [4])
  }

  @Test("where two lanes stand with a model, what else waits of it waits on, and the last lane is for others")
  func twoStandWithAModel() {
    let lanes = Subject()
    for (read, lane) in [(1, 0), (2, 1)] {
      #expect(lanes.add(read, of: 7) == .call(lane))
      #expect(lanes.take(lane) == [read])
      #expect(lanes.stand(lane) == nil)
    }
    #expect(lanes.add(3, of: 7) == .waits)
    #expect(lanes.add(4, of: 8) == .call(2))
    #expect(lanes.add(5, of: 7) == .waits)
    #expect(lanes.add(6, of: 9) == .waits)
    #expect(lanes.take(2) == [4, 6])
    #expect(lanes.take(2) == [])
    #expect(lanes.add(7, of: 8) == .call(2))
    #expect(lanes.take(2) == [7])
    // One is back: it rests beside the one that flows, which takes what waits.
    #expect(!lanes.end(0))
    #expect(lanes.take(2) == [3, 5])
  }

  @Test("models that shared a trip with a locked one go one by one, until it is known which of them stands")
  func suspectsGoAlone() {
    let lanes = Subject()
    #expect(lanes.add(1, of: 7) == .call(0))
    #expect(lanes.add(2, of: 8) == .waits)
    #expect(lanes.take(0) == [1, 2])
    for (read, model) in [(3, 7), (4, 8), (5, 9), (6, 7), (7, 8)] {
      #expect(lanes.add(read, of: model) == .waits)
    }
    #expect(lanes.stand(0) == 1)
    #expect(lanes.take(1) == [3, 6])
    #expect(lanes.stand(1) == 2)
    #expect(lanes.take(2) == [4, 7])
    #expect(lanes.take(2) == [5])
    // Nothing is suspect any more when none stands.
    #expect(!lanes.end(0))
    #expect(!lanes.end(1))
    for (read, model) in [(8, 7), (9, 8)] { #expect(lanes.add(read, of: model) == .waits) }
    #expect(lanes.take(2) == [8, 9])
  }

  @Test("where what a read asks for is locked, its model alone is suspect, not those that share the trip")
  func standsAtWhatAReadAsksFor() {
    let lanes = Subject()
    for lane in 0..<2 {
      for model in [7, 8] { _ = lanes.add(model, of: model) }
      #expect(lanes.take(lane) == [7, 8])
      #expect(lanes.stall(lane, with: 7) == nil)
    }
    #expect(lanes.stand(0) == nil)
    #expect(lanes.stand(1) == nil)
    #expect(lanes.add(1, of: 7) == .waits)
    #expect(lanes.add(2, of: 8) == .call(2))
    #expect(lanes.take(2) == [2])
    // The first goes on with its next read, which stands as well: each model has one that stands with it.
    #expect(lanes.stall(0, with: 8) == nil)
    #expect(lanes.take(2) == [1])
    #expect(lanes.stand(0) == nil)
    #expect(lanes.add(3, of: 8) == .waits)
    #expect(lanes.take(2) == [3])
  }

  @Test("reads that no lane would take leave half of the room to others")
  func heldReads() {
    let lanes = Subject()
    for lane in 0..<2 {
      _ = lanes.add(lane, of: 7)
      _ = lanes.take(lane)
      _ = lanes.stand(lane)
    }
    for read in 0..<Lanes.mostHeld { #expect(lanes.add(read, of: 7) == .waits) }
    #expect(lanes.add(-1, of: 7) == .refused)
    #expect(lanes.add(-2, of: 8) == .call(2))
    #expect(lanes.take(2) == [-2])
  }

  @Test("a trip beside one that stands has no more reads than it may, and the others keep their order")
  func fullTripsBesideStanding() {
    let lanes = Subject()
    _ = lanes.add(-1, of: 7)
    _ = lanes.take(0)
    _ = lanes.stand(0)
    for read in 0..<Lanes.mostReads + 2 { _ = lanes.add(read, of: 8) }
    _ = lanes.add(-2, of: 7)
    #expect(lanes.take(1) == Array(0..<Lanes.mostReads))
    #expect(lanes.take(1) == [Lanes.mostReads, Lanes.mostReads + 1])
    #expect(lanes.take(1) == [-2])
  }

  @Test("where all lanes stall or stand, the first that is done takes what waits", arguments: [false, true])
  func allAway(theyStand: Bool) {
    let lanes = Subject()
    for (read, lane) in [(1, 0), (2, 1), (3, 2)].prefix(theyStand ? 3 : 2) {
      #expect(lanes.add(read, of: read) == .call(lane))
      #expect(lanes.take(lane) == [read])
      #expect((theyStand ? lanes.stand(lane) : lanes.stall(lane)) == nil)
    }
    #expect(lanes.add(4, of: 4) == .waits)
    #expect(lanes.end(1))
    #expect(lanes.take(1) == [4])
  }

  @Test("too many are refused, and none of those that wait is lost")
  func refusesTooMany() {
    let lanes = Subject()
    for read in 0..<Lanes.mostWaiting { #expect(lanes.add(read) != .refused) }
    #expect(lanes.add(-1) == .refused)
    #expect(lanes.take(0).count == Lanes.mostReads)
    #expect(lanes.add(-2) == .waits)
  }
}
