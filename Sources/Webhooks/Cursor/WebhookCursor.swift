import Storage
import Wire

/// How far a webhook has come in the oplog, and what it has not delivered yet (webhooks.md «Delivering»):
/// all rules of when which delivery is tried, without clock, network and disk.
///
/// 1. Of one object at most one delivery is under way, and it is the oldest that is not parked.
/// 2. At most `mostInFlight` are under way; one a minute while the webhook is suspended.
/// 3. At most `mostUnfinished` wait; then the position waits.
/// 4. Nothing is begun before the moment that a 429 named; a 503 names one for its own delivery, and for the probes
///    while the webhook is suspended.
/// 5. What `takeTouched` has handed out and was kept is enough to go on after a crash: what is repeated then
///    has the same sequence.
///
/// Times are milliseconds since 1970, given by the caller.
package struct WebhookCursor: Sendable {
  package static let mostUnfinished = 10_000
  package static let mostInFlight = 8
  /// So many failures in a row suspend the webhook.
  package static let failuresUntilSuspension = 20
  /// Between two tries while it is suspended.
  package static let probePause: Int64 = 60_000
  /// Deliveries that were given up and are still listed; the oldest go.
  package static let mostParked = 10_000

  /// The first sequence that was not looked at.
  package private(set) var position: Int64
  /// The furthest position ever.
  package private(set) var reached: Int64
  package private(set) var failuresInRow: Int
  package private(set) var suspendedSince: Int64?
  package private(set) var stoodStill: Int64
  /// When a suspended webhook tries next. It is not kept: after a start it tries at once.
  private var nextProbeAt: Int64 = 0
  private var lastProbe: Int64 = 0
  /// Until when the endpoint wishes no request at all. It is not kept: after a start only the deliveries that were
  /// answered with it wait.
  private var heldUntil: Int64 = 0

  private var deliveries: [Int64: WebhookDelivery] = [:]
  /// The sequences that wait for each object, ascending.
  private var queues: [ObjectID: [Int64]] = [:]
  private var due = DueHeap()
  private var inFlight = TriesInFlight()
  private var parked: Set<Int64> = []
  private var unkept: UnkeptDeliveries

  package init(
    position: Int64, reached: Int64, failuresInRow: Int = 0, suspendedSince: Int64? = nil, stoodStill: Int64 = 0,
    deliveries: [WebhookDelivery] = []
  ) {
    self.position = position
    self.reached = max(reached, position)
    self.failuresInRow = failuresInRow
    self.suspendedSince = suspendedSince
    self.stoodStill = stoodStill
    unkept = UnkeptDeliveries(kept: deliveries.map(\.sequence))
    for delivery in deliveries.sorted(by: { $0.sequence < $1.sequence }) { add(delivery) }
    assert(isSound, "what was kept is a cursor")
  }

  private mutating func add(_ delivery: WebhookDelivery) {
    deliveries[delivery.sequence] = delivery
    if delivery.isParked {
      parked.insert(delivery.sequence)
      return
    }
    var queue = queues[delivery.object] ?? []
    let index = queue.lastIndex { $0 < delivery.sequence }.map { $0 + 1 } ?? 0
    queue.insert(delivery.sequence, at: index)
    queues[delivery.object] = queue
    if index == 0 { due.push(.init(at: delivery.nextAt, sequence: delivery.sequence)) }
    assert(holds(for: delivery.object))
  }

  // MARK: Looking at it.

  /// Deliveries that wait or are under way.
  package var waitingCount: Int { deliveries.count - parked.count }
  package var parkedCount: Int { parked.count }
  package var inFlightCount: Int { inFlight.count }
  /// How many more may come.
  package var room: Int { max(0, Self.mostUnfinished - waitingCount) }
  package var isSuspended: Bool { suspendedSince != nil }
  /// The oldest that waits or is under way.
  package var oldest: Int64? { queues.values.compactMap(\.first).min() }
  /// How long ago the change of this sequence was written, in milliseconds.
  static func age(of sequence: Int64, at now: Int64) -> Int64 { max(0, now - SequenceRule.milliseconds(of: sequence)) }
  /// All, in order.
  package var all: [WebhookDelivery] { deliveries.values.sorted { $0.sequence < $1.sequence } }

  package subscript(sequence: Int64) -> WebhookDelivery? { deliveries[sequence] }

  /// The clock of deliveries, which stands still while the webhook is suspended.
  func runningTime(at now: Int64) -> Int64 {
    now - stoodStill - (suspendedSince.map { max(0, now - $0) } ?? 0)
  }

  /// When there is something to try, as far as it is known; nil while nothing waits for a moment.
  package func nextDue(at now: Int64) -> Int64? {
    let next =
      isSuspended
      ? (inFlight.isEmpty && waitingCount > 0 ? nextProbeAt : nil)
      : (inFlight.count < Self.mostInFlight ? due.first?.at : nil)
    return isHeld(at: now) ? next.map { max($0, heldUntil) } : next
  }

  /// A clock that was set back holds nothing up for longer than anybody may wish.
  private func isHeld(at now: Int64) -> Bool { now < heldUntil && heldUntil - now <= RetryAfter.longest }

  // MARK: Reading on.

  /// Whether to read on, up to so many entries at a time: when nothing is left that could be tried now. What
  /// lies further ahead is as safe in the oplog, and costs nothing there.
  package func wantsMore(_ entries: Int, at now: Int64) -> Bool {
    guard room >= entries else { return false }
    return isSuspended ? waitingCount == 0 : (due.first?.at ?? .max) > now
  }

  /// The oplog was looked at up to `next`, and this is to be delivered of it: sequences ascend, from `position` on.
  package mutating func advance(
    to next: Int64, delivering entries: [(sequence: Int64, object: ObjectID)], at now: Int64
  ) {
    assert(zip(entries, entries.dropFirst()).allSatisfy { $0.sequence < $1.sequence }, "sequences ascend")
    assert(entries.last.map { $0.sequence < next } ?? true, "what is delivered was looked at")
    for (sequence, object) in entries where deliveries[sequence] == nil {
      add(WebhookDelivery(sequence: sequence, object: object, nextAt: now, isReplay: sequence < reached))
      unkept.note(sequence)
    }
    position = max(position, next)
    reached = max(reached, position)
  }

  /// What lies from `start` on is delivered once more. What of it is under way does not count.
  package mutating func replay(from start: Int64) {
    for sequence in deliveries.keys where sequence >= start { remove(sequence) }
    position = min(position, start)
    rebuild()
  }

  /// A delivery is sent anew, at once: one that was parked, waits, or was made before.
  package mutating func resend(_ sequence: Int64, of object: ObjectID, at now: Int64) {
    if inFlight.contains(sequence) { return }
    let known = deliveries[sequence]
    remove(sequence)
    add(WebhookDelivery(sequence: sequence, object: object, nextAt: now, isReplay: known?.isReplay ?? true))
    unkept.note(sequence)
    rebuild()
  }

  /// A delivery that waits or is parked is given up for good: also where it is under way and fails, it is tried no
  /// more. False where there is none.
  package mutating func skip(_ sequence: Int64) -> Bool {
    guard deliveries[sequence] != nil else { return false }
    remove(sequence)
    rebuild()
    return true
  }

  /// Ends all pauses: what waits is tried now; of a suspended webhook one delivery. It is not kept of each, which
  /// may be thousands: what was not tried before a crash waits for the end of its pause after all.
  package mutating func hasten(at now: Int64) {
    heldUntil = 0
    endPauses(at: now)
  }

  private mutating func endPauses(at now: Int64) {
    nextProbeAt = now
    for sequence in queues.values.compactMap(\.first) where !inFlight.contains(sequence) {
      deliveries[sequence]?.nextAt = now
    }
    rebuild()
  }

  // MARK: Trying.

  /// Takes what is due, as much as may be under way.
  package mutating func takeDue(at now: Int64) -> [DeliveryTry] {
    if isHeld(at: now) { return [] }
    if isSuspended { return probe(at: now).map { [$0] } ?? [] }
    var tries: [DeliveryTry] = []
    while inFlight.count < Self.mostInFlight, let next = due.first, next.at <= now {
      due.pop()
      guard mayBegin(next.sequence), deliveries[next.sequence]?.nextAt == next.at,
        let one = begin(next.sequence, at: now)
      else { continue }
      tries.append(one)
    }
    return tries
  }

  /// One after the other, so that a single event that always fails does not keep the webhook suspended.
  private mutating func probe(at now: Int64) -> DeliveryTry? {
    guard inFlight.isEmpty, now >= nextProbeAt else { return nil }
    let heads = queues.values.compactMap(\.first)
    guard let sequence = heads.filter({ $0 > lastProbe }).min() ?? heads.min() else { return nil }
    lastProbe = sequence
    nextProbeAt = now + Self.probePause
    return begin(sequence, at: now)
  }

  /// Whether it is its object's oldest, and none of that object is under way: an older one than that may have come
  /// back by `resend`.
  private func mayBegin(_ sequence: Int64) -> Bool {
    guard let delivery = deliveries[sequence], queues[delivery.object]?.first == sequence else { return false }
    return !inFlight.hasAny(of: delivery.object)
  }

  private mutating func begin(_ sequence: Int64, at now: Int64) -> DeliveryTry? {
    guard var delivery = deliveries[sequence] else { return nil }
    if delivery.firstAt == nil { delivery.firstAt = runningTime(at: now) }
    deliveries[sequence] = delivery
    unkept.note(sequence)
    let one = inFlight.begin(delivery)
    assert(inFlight.count <= Self.mostInFlight && holds(for: delivery.object))
    return one
  }

  /// False where the try is no longer of interest: the delivery was made anew or taken away meanwhile.
  private mutating func end(_ one: DeliveryTry) -> Bool {
    guard inFlight.end(one) else { return false }
    // An older one of the object that came back meanwhile has waited for this end.
    if let head = queues[one.delivery.object]?.first, head != one.delivery.sequence, let waiting = deliveries[head] {
      due.push(.init(at: waiting.nextAt, sequence: head))
    }
    return true
  }

  package mutating func succeed(_ one: DeliveryTry, at now: Int64) {
    failuresInRow = 0
    if let since = suspendedSince {
      stoodStill += max(0, now - since)
      suspendedSince = nil
      // The endpoint is back: nothing waits for the end of a long pause.
      endPauses(at: now)
    }
    guard end(one) else { return }
    remove(one.delivery.sequence)
  }

  /// `jitter` lies in 0…1. A wish of the receiver makes a pause longer and never shorter.
  package mutating func fail(_ one: DeliveryTry, at now: Int64, jitter: Double, wish: RetryAfter? = nil) {
    let wished = wish?.pause ?? 0
    if wish?.holdsEndpoint == true { heldUntil = isHeld(at: now) ? max(heldUntil, now + wished) : now + wished }
    failuresInRow = min(failuresInRow + 1, 1_000_000)
    if end(one), var delivery = deliveries[one.delivery.sequence] {
      delivery.attempts += 1
      unkept.note(delivery.sequence)
      if runningTime(at: now) - (delivery.firstAt ?? 0) >= DeliverySchedule.patience {
        delivery.isParked = true
        deliveries[delivery.sequence] = delivery
        park(delivery)
      } else {
        let scheduled = DeliverySchedule.pause(afterFailures: delivery.attempts, jitter: jitter)
        delivery.nextAt = now + max(scheduled, wished)
        deliveries[delivery.sequence] = delivery
        due.push(.init(at: delivery.nextAt, sequence: delivery.sequence))
      }
    }
    if failuresInRow >= Self.failuresUntilSuspension, suspendedSince == nil {
      suspendedSince = now
      nextProbeAt = now + Self.probePause
    }
    // What is probed with is not always what was refused: while it is suspended a wish is of all.
    if isSuspended { nextProbeAt = max(nextProbeAt, now + wished) }
  }

  /// The try was not made, for a reason of ours: it is made a little later.
  package mutating func release(_ one: DeliveryTry, until later: Int64) {
    guard end(one) else { return }
    deliveries[one.delivery.sequence]?.nextAt = later
    due.push(.init(at: later, sequence: one.delivery.sequence))
  }

  /// What was to be sent is no more.
  package mutating func drop(_ one: DeliveryTry) {
    if end(one) { remove(one.delivery.sequence) }
  }

  private mutating func park(_ delivery: WebhookDelivery) {
    leaveQueue(delivery)
    parked.insert(delivery.sequence)
    if parked.count > Self.mostParked, let oldest = parked.min() { remove(oldest) }
    assert(parked.count <= Self.mostParked && holds(for: delivery.object))
  }

  private mutating func remove(_ sequence: Int64) {
    guard let delivery = deliveries.removeValue(forKey: sequence) else { return }
    unkept.note(sequence)
    inFlight.forget(sequence)
    if parked.remove(sequence) == nil { leaveQueue(delivery) }
    assert(holds(for: delivery.object))
  }

  /// The next one of the object comes to its turn.
  private mutating func leaveQueue(_ delivery: WebhookDelivery) {
    guard var queue = queues[delivery.object], let index = queue.firstIndex(of: delivery.sequence) else { return }
    queue.remove(at: index)
    queues[delivery.object] = queue.isEmpty ? nil : queue
    if index == 0, let next = queue.first, let waiting = deliveries[next] {
      due.push(.init(at: waiting.nextAt, sequence: next))
    }
  }

  private mutating func rebuild() {
    due.removeAll()
    for sequence in queues.values.compactMap(\.first) where !inFlight.contains(sequence) {
      if let delivery = deliveries[sequence] { due.push(.init(at: delivery.nextAt, sequence: sequence)) }
    }
  }

  // MARK: Keeping it.

  package var isTouched: Bool { !unkept.isEmpty }

  /// What has changed of the deliveries since the last time. What came and went meanwhile is not in it.
  package mutating func takeTouched() -> UnkeptDeliveries.Changes { unkept.take(from: deliveries) }

  /// It could not be kept: it comes again.
  package mutating func giveBack(_ changes: UnkeptDeliveries.Changes) { unkept.giveBack(changes) }

  // MARK: What must hold.

  /// After each change, of the object that it was about.
  private func holds(for object: ObjectID) -> Bool {
    guard let queue = queues[object] else { return true }
    guard let head = queue.first, let delivery = deliveries[head], delivery.object == object, !delivery.isParked
    else { return false }
    return queue.count == 1 || queue[0] < queue[1]
  }

  /// Always, of all of it. It takes as long as there are deliveries, so only tests and the beginning ask for it.
  var isSound: Bool {
    let queued = queues.values.reduce(0) { $0 + $1.count }
    let isOrdered = queues.allSatisfy { object, queue in
      !queue.isEmpty && zip(queue, queue.dropFirst()).allSatisfy { $0 < $1 }
        && queue.allSatisfy { deliveries[$0]?.object == object && deliveries[$0]?.isParked == false }
    }
    return isOrdered && position <= reached && queued + parked.count == deliveries.count
      && parked.allSatisfy { deliveries[$0]?.isParked == true } && parked.count <= Self.mostParked
      && inFlight.count <= Self.mostInFlight && inFlight.hasOnePerObject
      && inFlight.all.allSatisfy { deliveries[$0.sequence].map { !$0.isParked } ?? false }
  }
}
