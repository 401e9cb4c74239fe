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
  private var inFlight: [Int64: UInt64] = [:]
  private var lastTicket: UInt64 = 0
  private var parked: Set<Int64> = []

  private var touched: Set<Int64> = []
  /// What is kept on disk, perhaps.
  private var kept: Set<Int64>

  package init(
    position: Int64, reached: Int64, failuresInRow: Int = 0, suspendedSince: Int64? = nil, stoodStill: Int64 = 0,
    deliveries: [WebhookDelivery] = []
  ) {
    self.position = position
    self.reached = max(reached, position)
    self.failuresInRow = failuresInRow
    self.suspendedSince = suspendedSince
    self.stoodStill = stoodStill
    kept = Set(deliveries.map(\.sequence))
    for delivery in deliveries.sorted(by: { $0.sequence < $1.sequence }) { add(delivery) }
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
  static func age(of sequence: Int64, at now: Int64) -> Int64 { max(0, now - (sequence >> 10)) }
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

  /// The oplog was looked at up to `next`, and this is to be delivered of it. Sequences ascend.
  package mutating func advance(
    to next: Int64, delivering entries: [(sequence: Int64, object: ObjectID)], at now: Int64
  ) {
    for (sequence, object) in entries where deliveries[sequence] == nil {
      add(WebhookDelivery(sequence: sequence, object: object, nextAt: now, isReplay: sequence < reached))
      touched.insert(sequence)
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
    if inFlight[sequence] != nil { return }
    let known = deliveries[sequence]
    remove(sequence)
    add(WebhookDelivery(sequence: sequence, object: object, nextAt: now, isReplay: known?.isReplay ?? true))
    touched.insert(sequence)
    rebuild()
  }

  /// Ends all pauses: what waits is tried now; of a suspended webhook one delivery. It is not kept of each, which
  /// may be thousands: what was not tried before a crash waits for the end of its pause after all.
  package mutating func hasten(at now: Int64) {
    heldUntil = 0
    endPauses(at: now)
  }

  private mutating func endPauses(at now: Int64) {
    nextProbeAt = now
    for sequence in queues.values.compactMap(\.first) where inFlight[sequence] == nil {
      deliveries[sequence]?.nextAt = now
    }
    rebuild()
  }

  // MARK: Trying.

  /// A delivery that is to be tried now.
  package struct Try: Sendable, Equatable {
    package let delivery: WebhookDelivery
    /// Tells this try from any other of the same sequence.
    package let ticket: UInt64
  }

  /// Takes what is due, as much as may be under way.
  package mutating func takeDue(at now: Int64) -> [Try] {
    if isHeld(at: now) { return [] }
    if isSuspended { return probe(at: now).map { [$0] } ?? [] }
    var tries: [Try] = []
    while inFlight.count < Self.mostInFlight, let next = due.first, next.at <= now {
      due.pop()
      guard isHead(next.sequence), inFlight[next.sequence] == nil, deliveries[next.sequence]?.nextAt == next.at,
        let one = begin(next.sequence, at: now)
      else { continue }
      tries.append(one)
    }
    return tries
  }

  /// One after the other, so that a single event that always fails does not keep the webhook suspended.
  private mutating func probe(at now: Int64) -> Try? {
    guard inFlight.isEmpty, now >= nextProbeAt else { return nil }
    let heads = queues.values.compactMap(\.first)
    guard let sequence = heads.filter({ $0 > lastProbe }).min() ?? heads.min() else { return nil }
    lastProbe = sequence
    nextProbeAt = now + Self.probePause
    return begin(sequence, at: now)
  }

  private func isHead(_ sequence: Int64) -> Bool {
    guard let delivery = deliveries[sequence] else { return false }
    return queues[delivery.object]?.first == sequence
  }

  private mutating func begin(_ sequence: Int64, at now: Int64) -> Try? {
    guard var delivery = deliveries[sequence] else { return nil }
    if delivery.firstAt == nil { delivery.firstAt = runningTime(at: now) }
    deliveries[sequence] = delivery
    touched.insert(sequence)
    lastTicket += 1
    inFlight[sequence] = lastTicket
    return Try(delivery: delivery, ticket: lastTicket)
  }

  /// False where the try is no longer of interest: the delivery was made anew or taken away meanwhile.
  private mutating func end(_ one: Try) -> Bool {
    guard inFlight[one.delivery.sequence] == one.ticket else { return false }
    inFlight[one.delivery.sequence] = nil
    return true
  }

  package mutating func succeed(_ one: Try, at now: Int64) {
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
  package mutating func fail(_ one: Try, at now: Int64, jitter: Double, wish: RetryAfter? = nil) {
    let wished = wish?.pause ?? 0
    if wish?.holdsEndpoint == true { heldUntil = isHeld(at: now) ? max(heldUntil, now + wished) : now + wished }
    failuresInRow = min(failuresInRow + 1, 1_000_000)
    if end(one), var delivery = deliveries[one.delivery.sequence] {
      delivery.attempts += 1
      touched.insert(delivery.sequence)
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
  package mutating func release(_ one: Try, until later: Int64) {
    guard end(one) else { return }
    deliveries[one.delivery.sequence]?.nextAt = later
    due.push(.init(at: later, sequence: one.delivery.sequence))
  }

  /// What was to be sent is no more.
  package mutating func drop(_ one: Try) {
    if end(one) { remove(one.delivery.sequence) }
  }

  private mutating func park(_ delivery: WebhookDelivery) {
    leaveQueue(delivery)
    parked.insert(delivery.sequence)
    if parked.count > Self.mostParked, let oldest = parked.min() { remove(oldest) }
  }

  private mutating func remove(_ sequence: Int64) {
    guard let delivery = deliveries.removeValue(forKey: sequence) else { return }
    touched.insert(sequence)
    inFlight[sequence] = nil
    if parked.remove(sequence) == nil { leaveQueue(delivery) }
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
    for sequence in queues.values.compactMap(\.first) where inFlight[sequence] == nil {
      if let delivery = deliveries[sequence] { due.push(.init(at: delivery.nextAt, sequence: sequence)) }
    }
  }

  // MARK: Keeping it.

  /// What has changed of the deliveries since the last time.
  package struct Touched: Sendable, Equatable {
    package var deliveries: [WebhookDelivery] = []
    package var finished: [Int64] = []
    package var isEmpty: Bool { deliveries.isEmpty && finished.isEmpty }
  }

  package var isTouched: Bool { !touched.isEmpty }

  /// What came and went since the last time is not in it.
  package mutating func takeTouched() -> Touched {
    var changes = Touched()
    for sequence in touched {
      if let delivery = deliveries[sequence] {
        changes.deliveries.append(delivery)
        kept.insert(sequence)
      } else if kept.remove(sequence) != nil {
        changes.finished.append(sequence)
      }
    }
    touched.removeAll(keepingCapacity: true)
    return changes
  }

  /// It could not be kept: it comes again.
  package mutating func giveBack(_ changes: Touched) {
    touched.formUnion(changes.deliveries.map(\.sequence))
    touched.formUnion(changes.finished)
    kept.formUnion(changes.finished)
  }
}
