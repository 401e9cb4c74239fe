import Glibc
import Storage
import Testing
import Wire

@testable import Webhooks

/// The rules of delivering, on a clock that the test moves.
@Suite("The cursor of a webhook")
struct WebhookCursorTests {
  private static let start: Int64 = 1_800_000_000_000
  private static let minute: Int64 = 60_000
  private static let hour: Int64 = 3_600_000

  private func object(_ number: Int) -> ObjectID { ObjectID(high: 1, low: UInt64(number)) }

  private func cursor(_ entries: [(Int64, Int)]) -> WebhookCursor {
    var cursor = WebhookCursor(position: 1, reached: 1)
    let last = entries.last?.0 ?? 0
    cursor.advance(to: last + 1, delivering: entries.map { ($0.0, object($0.1)) }, at: Self.start)
    return cursor
  }

  private func sequences(_ tries: [DeliveryTry]) -> [Int64] { tries.map(\.delivery.sequence) }

  @Test("sends in order, at most eight at a time, and none of an object beside another of it")
  func inFlight() {
    var cursor = cursor((1...10).map { ($0, Int($0)) } + [(11, 1), (12, 1)])
    let first = cursor.takeDue(at: Self.start)
    #expect(sequences(first) == Array(1...8))
    #expect(cursor.takeDue(at: Self.start) == [])
    for one in first { cursor.succeed(one, at: Self.start) }
    let second = cursor.takeDue(at: Self.start)
    #expect(sequences(second) == [9, 10, 11])
    for one in second { cursor.succeed(one, at: Self.start) }
    #expect(sequences(cursor.takeDue(at: Self.start)) == [12])
    #expect(cursor.waitingCount == 1)
  }

  @Test("one object's failure holds up its later events and no other object's")
  func order() {
    var cursor = cursor([(1, 1), (2, 1), (3, 2)])
    let tries = cursor.takeDue(at: Self.start)
    #expect(sequences(tries) == [1, 3])
    cursor.fail(tries[0], at: Self.start, jitter: 0)
    cursor.succeed(tries[1], at: Self.start)
    #expect(cursor.takeDue(at: Self.start + 999) == [])
    #expect(cursor.nextDue(at: Self.start + 999) == Self.start + 1000)
    let again = cursor.takeDue(at: Self.start + 1000)
    #expect(sequences(again) == [1])
    #expect(again[0].delivery.attempts == 1)
    cursor.succeed(again[0], at: Self.start + 1000)
    #expect(sequences(cursor.takeDue(at: Self.start + 1000)) == [2])
  }

  @Test("a delivery that fails for 72 hours is parked, and the object's next one comes to its turn")
  func parking() {
    var cursor = cursor([(1, 1), (2, 1)] + (100..<200).map { ($0, Int($0)) })
    var now = Self.start
    var attempts = 0
    while cursor[1]?.isParked == false, attempts < 1000 {
      // Others succeed in between: the webhook is not suspended.
      for one in cursor.takeDue(at: now) {
        if one.delivery.object == object(1) {
          #expect(one.delivery.sequence == 1)
          attempts += 1
          cursor.fail(one, at: now, jitter: 0)
        } else {
          cursor.succeed(one, at: now)
        }
      }
      cursor.advance(to: cursor.position + 1, delivering: [(cursor.position, object(9))], at: now)
      now = max(now + 1, cursor[1]?.nextAt ?? now)
    }
    // 1 s, 5 s, 30 s, 2 min, 10 min, then hourly.
    #expect(attempts == 6 + 72)
    #expect(cursor.parkedCount == 1)
    let last = cursor[1]?.nextAt ?? 0
    #expect(last - Self.start >= 71 * Self.hour && last - Self.start <= 73 * Self.hour)
    #expect(sequences(cursor.takeDue(at: now)).contains(2))
    cursor.resend(1, of: object(1), at: now)
    #expect(cursor.parkedCount == 0)
    #expect(cursor[1]?.attempts == 0)
    #expect(cursor[1]?.isReplay == false)
  }

  @Test("sent again by hand, what may have been delivered says so; what waits or is parked was never delivered")
  func replayOfResending() {
    let known = [
      WebhookDelivery(sequence: 1, object: object(1), attempts: 2, nextAt: Self.start + Self.hour),
      WebhookDelivery(sequence: 2, object: object(2), attempts: 78, nextAt: 0, isParked: true),
      WebhookDelivery(sequence: 3, object: object(3), nextAt: Self.start + Self.hour, isReplay: true),
    ]
    var cursor = WebhookCursor(position: 5, reached: 5, deliveries: known)
    for sequence in 1...4 { cursor.resend(Int64(sequence), of: object(sequence), at: Self.start) }
    let marks = cursor.takeDue(at: Self.start).map { ($0.delivery.sequence, $0.delivery.isReplay) }
    #expect(marks.filter(\.1).map(\.0).sorted() == [3, 4] && marks.count == 4)
  }

  @Test("what is skipped is tried no more, also where it is under way, and its object goes on")
  func skipping() {
    var cursor = cursor([(1, 1), (2, 1), (3, 2)])
    let under = cursor.takeDue(at: Self.start)
    #expect(sequences(under) == [1, 3])
    let isSkipped = cursor.skip(1)
    #expect(isSkipped && cursor.waitingCount == 2)
    #expect(sequences(cursor.takeDue(at: Self.start)) == [2])
    for one in under { cursor.fail(one, at: Self.start, jitter: 0) }
    #expect(cursor[1] == nil && cursor[3]?.attempts == 1)
    let isSkippedAgain = cursor.skip(1)
    #expect(!isSkippedAgain && cursor.isSound)
  }

  @Test("twenty failures in a row suspend it to one probe a minute; the clock of deliveries stands still")
  func suspension() {
    var cursor = cursor((1...8).map { ($0, Int($0)) })
    var now = Self.start
    var failures = 0
    while !cursor.isSuspended, failures < 100 {
      for one in cursor.takeDue(at: now) {
        cursor.fail(one, at: now, jitter: 0)
        failures += 1
      }
      now = cursor.nextDue(at: now) ?? now
    }
    #expect(failures == 24)
    let since = cursor.suspendedSince ?? 0
    var probes: [Int64] = []
    let end = since + 100 * Self.hour
    now = since
    while now < end {
      let tries = cursor.takeDue(at: now)
      #expect(tries.count <= 1)
      for one in tries {
        probes.append(one.delivery.sequence)
        cursor.fail(one, at: now, jitter: 0)
      }
      now += 30_000
    }
    #expect(probes.count >= 5990 && probes.count <= 6000)
    // One event after the other: none keeps the others from proving that the endpoint is back.
    #expect(Set(probes.prefix(8)) == Set(1...8))
    #expect(cursor.parkedCount == 0)
    let back = cursor.takeDue(at: end + Self.minute)
    #expect(back.count == 1)
    cursor.succeed(back[0], at: end + Self.minute)
    #expect(!cursor.isSuspended)
    #expect(cursor.stoodStill == end + Self.minute - since)
    // What is left goes out at once, and has most of its 72 hours left.
    let rest = cursor.takeDue(at: end + Self.minute)
    #expect(rest.count == 7)
    cursor.fail(rest[0], at: end + Self.minute, jitter: 0)
    #expect(cursor[rest[0].delivery.sequence]?.isParked == false)
  }

  @Test("an older delivery that is sent anew waits for what of its object is under way")
  func resendingBesideAnother() throws {
    let parked = WebhookDelivery(sequence: 1, object: object(1), nextAt: Self.start, isParked: true)
    var cursor = WebhookCursor(position: 2, reached: 2, deliveries: [parked])
    cursor.advance(to: 4, delivering: [(2, object(1)), (3, object(2))], at: Self.start)
    let first = cursor.takeDue(at: Self.start)
    #expect(sequences(first) == [2, 3])
    cursor.resend(1, of: object(1), at: Self.start)
    #expect(cursor.isSound)
    #expect(cursor.takeDue(at: Self.start) == [])
    cursor.fail(first[0], at: Self.start, jitter: 0)
    let second = cursor.takeDue(at: Self.start)
    #expect(sequences(second) == [1])
    #expect(cursor.takeDue(at: Self.start + Self.minute) == [])
    cursor.succeed(second[0], at: Self.start)
    #expect(sequences(cursor.takeDue(at: Self.start + Self.minute)) == [2])
    #expect(cursor.isSound)
  }

  @Test(
    "what cannot come to a cursor traps in debug builds",
    .enabled(
      if: getenv("SOJOURN_EXIT_TESTS") != nil,
      """
      An exit test waits for any child of the process, and for ever while another suite has left one that ended. \
      Set SOJOURN_EXIT_TESTS and run this suite alone.
      """))
  func impossible() async {
    await #expect(processExitsWith: .failure) {
      var cursor = WebhookCursor(position: 1, reached: 1)
      let object = ObjectID(high: 1, low: 1)
      cursor.advance(to: 4, delivering: [(3, object), (2, object)], at: 0)
    }
    await #expect(processExitsWith: .failure) {
      var cursor = WebhookCursor(position: 1, reached: 1)
      cursor.advance(to: 2, delivering: [(2, ObjectID(high: 1, low: 1))], at: 0)
    }
    await #expect(processExitsWith: .failure) {
      let delivery = WebhookDelivery(sequence: 1, object: ObjectID(high: 1, low: 1), nextAt: 0)
      var tries = TriesInFlight()
      _ = tries.begin(delivery)
      _ = tries.begin(delivery)
    }
  }

  @Test("hastened, everything that waits is tried at once, each object's oldest; what is under way goes on")
  func hastening() throws {
    var cursor = cursor([(1, 1), (2, 2), (3, 2)])
    var now = Self.start
    let first = cursor.takeDue(at: now)
    #expect(sequences(first) == [1, 2])
    cursor.fail(first[1], at: now, jitter: 0)
    now += 10
    #expect(cursor.takeDue(at: now).isEmpty)
    _ = cursor.takeTouched()
    cursor.hasten(at: now)
    // No write of thousands for it.
    #expect(!cursor.isTouched)
    let hastened = cursor.takeDue(at: now)
    #expect(sequences(hastened) == [2])
    #expect(hastened[0].delivery.attempts == 1)
    cursor.succeed(hastened[0], at: now)
    #expect(sequences(cursor.takeDue(at: now)) == [3])
  }

  @Test("hastened while suspended, it probes at once, and once")
  func hasteningWhileSuspended() {
    var cursor = WebhookCursor(
      position: 5, reached: 5, failuresInRow: 20, suspendedSince: Self.start,
      deliveries: [WebhookDelivery(sequence: 1, object: object(1), nextAt: Self.start)])
    for one in cursor.takeDue(at: Self.start) { cursor.fail(one, at: Self.start, jitter: 0) }
    #expect(cursor.takeDue(at: Self.start + 1000).isEmpty)
    cursor.hasten(at: Self.start + 1000)
    #expect(cursor.nextDue(at: Self.start + 1000) == Self.start + 1000)
    let tries = cursor.takeDue(at: Self.start + 1000)
    #expect(sequences(tries) == [1])
    for one in tries { cursor.fail(one, at: Self.start + 1000, jitter: 0) }
    #expect(cursor.isSuspended)
    #expect(cursor.nextDue(at: Self.start + 1000) == Self.start + 1000 + WebhookCursor.probePause)
  }

  /// What is answered to the first try, and how long after it the delivery, and any other, is tried.
  private static let wishes: [(status: Int, seconds: Int64, own: Int64, others: Int64)] = [
    (503, 4, 4_000, 0), (429, 4, 4_000, 4_000),
    // The schedule's first pause is longer; of a 429 the endpoint is held for as long as it wished.
    (503, 1, 1_000, 0), (429, 1, 1_000, 1_000),
    // At most an hour, and no more than that of a date in the next year.
    (503, 3_600, 3_600_000, 0), (503, 3_601, 3_600_000, 0), (429, .max, 3_600_000, 3_600_000),
    // No such header, a date that is over, and statuses that wish nothing.
    (503, 0, 1_000, 0), (429, 0, 1_000, 0), (429, -5, 1_000, 0), (429, .min, 1_000, 0), (500, 4, 1_000, 0),
    (502, 4, 1_000, 0), (301, 4, 1_000, 0), (0, 4, 1_000, 0),
  ]

  @Test("waits as long as a 429 or 503 wishes, and never shorter than by its own schedule", arguments: wishes)
  func wished(status: Int, seconds: Int64, own: Int64, others: Int64) {
    var cursor = cursor([(1, 1), (2, 2)])
    cursor.advance(to: 20, delivering: (3...19).map { ($0, object(Int($0))) }, at: Self.start)
    let tries = cursor.takeDue(at: Self.start)
    #expect(sequences(tries) == Array(1...8))
    cursor.fail(tries[0], at: Self.start, jitter: 0, wish: RetryAfter(status: status, seconds: seconds))
    #expect(cursor[1]?.nextAt == Self.start + own)
    #expect(cursor.nextDue(at: Self.start) == Self.start + others)
    if others > 0 { #expect(cursor.takeDue(at: Self.start + others - 1) == []) }
    // Seven are under way: there is room for one, and that is the oldest which waited.
    #expect(sequences(cursor.takeDue(at: Self.start + others)) == [9])
  }

  @Test("an endpoint that is held stays so when what was under way ends, until its moment or until somebody says so")
  func held() {
    var cursor = cursor((1...10).map { ($0, Int($0)) })
    let tries = cursor.takeDue(at: Self.start)
    cursor.fail(tries[0], at: Self.start, jitter: 0, wish: RetryAfter(status: 429, seconds: 60))
    // A later answer wishes less: the first wish stands.
    cursor.fail(tries[1], at: Self.start + 10, jitter: 0, wish: RetryAfter(status: 429, seconds: 5))
    cursor.succeed(tries[2], at: Self.start + 20)
    cursor.fail(tries[3], at: Self.start + 30, jitter: 0, wish: RetryAfter(status: 503, seconds: 1))
    #expect(cursor.takeDue(at: Self.start + 59_999) == [])
    #expect(cursor.nextDue(at: Self.start + 59_999) == Self.start + 60_000)
    // A clock that was set back by a day holds nothing up for a day.
    var setBack = cursor
    setBack.resend(9, of: object(9), at: Self.start - 24 * Self.hour)
    #expect(sequences(setBack.takeDue(at: Self.start - 24 * Self.hour)) == [9])
    // Who enables the webhook again ends the pause.
    var hastened = cursor
    hastened.hasten(at: Self.start + 100)
    #expect(sequences(hastened.takeDue(at: Self.start + 100)) == [1, 2, 4, 9])
    #expect(sequences(cursor.takeDue(at: Self.start + 60_000)) == [9, 10, 4, 2])
    #expect(cursor.inFlightCount == 8)
  }

  @Test("while it is suspended, a wish holds the probes, whichever delivery it was of")
  func wishedWhileSuspended() {
    for status in [429, 503] {
      var cursor = WebhookCursor(
        position: 5, reached: 5, failuresInRow: 19,
        deliveries: (1...3).map { WebhookDelivery(sequence: $0, object: object(Int($0)), nextAt: Self.start) })
      let tries = cursor.takeDue(at: Self.start)
      let wish = RetryAfter(status: status, seconds: 600)
      cursor.fail(tries[0], at: Self.start, jitter: 0, wish: wish)
      for one in tries.dropFirst() { cursor.fail(one, at: Self.start, jitter: 0) }
      #expect(cursor.isSuspended)
      #expect(cursor.takeDue(at: Self.start + 599_999) == [])
      #expect(cursor.nextDue(at: Self.start + 599_999) == Self.start + 600_000)
      let probe = cursor.takeDue(at: Self.start + 600_000)
      #expect(probe.count == 1)
      for one in probe { cursor.succeed(one, at: Self.start + 600_000) }
      #expect(!cursor.isSuspended && cursor.takeDue(at: Self.start + 600_000).count == 2)
    }
  }

  @Test("a wish outlives a restart for the delivery that it was the answer to")
  func wishedBeforeARestart() {
    var before = cursor([(1, 1), (2, 2)])
    let tries = before.takeDue(at: Self.start)
    before.fail(tries[0], at: Self.start, jitter: 0, wish: RetryAfter(status: 429, seconds: 900))
    let after = WebhookCursor(position: 3, reached: 3, deliveries: before.takeTouched().deliveries)
    #expect(after[1]?.nextAt == Self.start + 900_000)
    var waiting = after
    #expect(sequences(waiting.takeDue(at: Self.start + 1)) == [2])
    #expect(sequences(waiting.takeDue(at: Self.start + 900_000)) == [1])
  }

  @Test("the position waits while ten thousand are not delivered")
  func bound() {
    var cursor = cursor((1...9_990).map { ($0, Int($0)) })
    #expect(cursor.room == 10)
    cursor.advance(to: 10_001, delivering: (9_991...10_000).map { ($0, object(Int($0))) }, at: Self.start)
    #expect(cursor.room == 0)
    let one = cursor.takeDue(at: Self.start)[0]
    cursor.succeed(one, at: Self.start)
    #expect(cursor.room == 1)
    #expect(cursor.oldest == 2)
  }

  @Test("reads on when nothing is left to try, and while it is suspended only for something to probe with")
  func readingOn() {
    var cursor = cursor([(1, 1), (2, 1)])
    #expect(!cursor.wantsMore(256, at: Self.start))
    let first = cursor.takeDue(at: Self.start)
    // The object's second event has to wait; others' may be found further ahead.
    #expect(cursor.wantsMore(256, at: Self.start))
    cursor.fail(first[0], at: Self.start, jitter: 0)
    #expect(cursor.wantsMore(256, at: Self.start))
    #expect(!cursor.wantsMore(256, at: Self.start + 1000))
    #expect(!cursor.wantsMore(WebhookCursor.mostUnfinished, at: Self.start))
    var suspended = WebhookCursor(position: 5, reached: 5, failuresInRow: 20, suspendedSince: Self.start)
    #expect(suspended.wantsMore(256, at: Self.start))
    suspended.advance(to: 7, delivering: [(5, object(1))], at: Self.start)
    #expect(suspended.takeDue(at: Self.start).count == 1)
    #expect(!suspended.wantsMore(256, at: Self.start))
  }

  @Test("a replay sends again what was sent, marked, and what it had not come to yet, unmarked")
  func replay() {
    var cursor = cursor([(10, 1), (20, 2), (30, 3)])
    let tries = cursor.takeDue(at: Self.start)
    cursor.succeed(tries[0], at: Self.start)
    cursor.replay(from: 15)
    #expect(cursor.position == 15)
    #expect(cursor.reached == 31)
    // Under way when the replay was asked for: of no interest any more.
    cursor.succeed(tries[1], at: Self.start)
    cursor.advance(to: 41, delivering: [(20, object(2)), (30, object(3)), (40, object(4))], at: Self.start)
    let again = cursor.takeDue(at: Self.start)
    #expect(sequences(again) == [20, 30, 40])
    #expect(again.map(\.delivery.isReplay) == [true, true, false])
    cursor.fail(tries[2], at: Self.start, jitter: 0)
    #expect(cursor[30]?.attempts == 0)
  }

  @Test("what is kept is what has changed: nothing of deliveries that came and went")
  func keeping() {
    var cursor = cursor([(1, 1), (2, 2), (3, 3)])
    let tries = cursor.takeDue(at: Self.start)
    cursor.succeed(tries[0], at: Self.start)
    cursor.fail(tries[1], at: Self.start, jitter: 0)
    let first = cursor.takeTouched()
    #expect(first.deliveries.map(\.sequence).sorted() == [2, 3])
    #expect(first.finished == [])
    #expect(!cursor.isTouched)
    cursor.succeed(tries[2], at: Self.start)
    let second = cursor.takeTouched()
    #expect(second == UnkeptDeliveries.Changes(deliveries: [], finished: [3]))
    // The disk did not take it.
    cursor.giveBack(second)
    #expect(cursor.takeTouched() == second)
  }

  @Test("goes on from what was kept, with the order of each object")
  func reopening() {
    var before = cursor([(1, 1), (2, 1), (3, 2)])
    for one in before.takeDue(at: Self.start) { before.fail(one, at: Self.start, jitter: 0) }
    let kept = before.takeTouched().deliveries.shuffled()
    var after = WebhookCursor(
      position: before.position, reached: before.reached, failuresInRow: before.failuresInRow, deliveries: kept)
    #expect(after.all == before.all)
    #expect(sequences(after.takeDue(at: Self.start + 1000)) == [1, 3])
  }

  /// A receiver that fails at random, with crashes that lose everything since the last keeping.
  @Test("loses nothing and keeps the order of each object, whatever fails", arguments: 1...20)
  func random(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let log: [(Int64, ObjectID)] = (1...300).map { (Int64($0), object(.random(in: 1...12, using: &random))) }
    var kept = (position: Int64(1), deliveries: [Int64: WebhookDelivery]())
    var cursor = WebhookCursor(position: 1, reached: 1)
    var flying: [DeliveryTry] = []
    var now = Self.start
    var done: [ObjectID: [Int64]] = [:]
    func keep() {
      let touched = cursor.takeTouched()
      for delivery in touched.deliveries { kept.deliveries[delivery.sequence] = delivery }
      for sequence in touched.finished { kept.deliveries[sequence] = nil }
      kept.position = cursor.position
    }
    var steps = 0
    while cursor.position <= 300 || cursor.waitingCount > 0, steps < 200_000 {
      steps += 1
      #expect(cursor.isSound, "seed \(seed), step \(steps)")
      switch Int.random(in: 0..<20, using: &random) {
      case 0...3:
        let next = min(cursor.position + .random(in: 0...20, using: &random), 301)
        let part = log.filter { $0.0 >= cursor.position && $0.0 < next }
        cursor.advance(to: next, delivering: part.map { ($0.0, $0.1) }, at: now)
      case 4...8:
        flying += cursor.takeDue(at: now)
        #expect(flying.count <= WebhookCursor.mostInFlight)
        #expect(Set(flying.map(\.delivery.object)).count == flying.count)
      case 9...15:
        guard !flying.isEmpty else { continue }
        let one = flying.remove(at: .random(in: 0..<flying.count, using: &random))
        if Bool.random(using: &random) {
          done[one.delivery.object, default: []].append(one.delivery.sequence)
          cursor.succeed(one, at: now)
        } else {
          cursor.fail(one, at: now, jitter: 0.5)
        }
      case 16...17: keep()
      case 18: now += .random(in: 0...Self.minute, using: &random)
      default:
        guard Int.random(in: 0..<20, using: &random) == 0 else { continue }
        flying = []
        cursor = WebhookCursor(
          position: kept.position, reached: kept.position, deliveries: Array(kept.deliveries.values))
      }
    }
    #expect(cursor.waitingCount == 0)
    for number in 1...12 {
      let expected = log.filter { $0.1 == object(number) }.map(\.0)
      // A repeat goes back in the order, and from there on it holds again: first times ascend.
      var firsts: [Int64] = []
      for sequence in done[object(number)] ?? [] where !firsts.contains(sequence) { firsts.append(sequence) }
      #expect(firsts == expected, "seed \(seed)")
    }
  }
}

@Suite("The heap of moments")
struct DueHeapTests {
  @Test("gives moments in order, whatever order they came in", arguments: 1...5)
  func order(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var heap = DueHeap()
    var items: [DueHeap.Item] = []
    for sequence in 0..<500 {
      let item = DueHeap.Item(at: .random(in: 0..<100, using: &random), sequence: Int64(sequence))
      items.append(item)
      heap.push(item)
    }
    var popped: [DueHeap.Item] = []
    while let item = heap.pop() { popped.append(item) }
    #expect(popped == items.sorted { ($0.at, $0.sequence) < ($1.at, $1.sequence) })
  }
}
