/// Which round trips of point reads are on their way, and what waits for the next, as a value.
///
/// A *lane* makes one round trip at a time. Reads that wait go with the next trip of the lane that *flows*: of one that
/// asks the database for nothing but its trips, each of which is soon answered. One lane is enough as long as it flows,
/// and its trips are full. One whose reads ask for more, each by itself, *stalls* until it is done with them; one that
/// gets no answer within `patience` *stands*. Then another lane takes what waits.
///
/// What a lane stands at is a table that somebody has locked, a connection that nobody answers any more, or a slow
/// database. It may be the table of any model among its reads, so these are *suspect*: they go with trips of one model
/// each, and where two lanes stand with a model, no more of it goes. So the last lane, which begins only where all
/// others stand, is left to models whose tables are free; where several are locked, it may come to stand as well, and
/// all others wait.
///
/// | a lane | `add` | `take` | `stall` | `stand` | `end` |
/// |---|---|---|---|---|---|
/// | rests | → flows, where none does and something waits that may go: it is to be called | | | | |
/// | flows | → stands, where its trip takes long | → rests, where nothing waits that may go | → stalls | → stands | stays |
/// | stalls | | | stays | → stands | → flows; rests where another flows |
/// | stands | | | → stalls | stays | → flows; rests where another flows |
///
/// Where one ceases to flow, another that rests is to be called where something waits that may go.
struct LookupLanes<Read> {
  private struct Waiting {
    let read: Read
    let model: Int
  }

  private enum Activity { case rests, flows, stalls, stands }

  private struct Lane {
    var activity = Activity.rests
    /// By number: those of the reads of its trip, or that of the read that asks for more.
    var models: [Int] = []

    func stands(with model: Int) -> Bool { activity == .stands && models.contains(model) }
  }

  private var waiting: [Waiting] = []
  private var lanes: [Lane]
  /// The lane that flows; at most one does.
  private var flowing: Int?
  /// How many stand.
  private var standing = 0
  /// When the lane that flows was called, or took the reads of its trip.
  private var tripBegan = ContinuousClock.now

  /// Reads of one round trip; its bodies run one after the other.
  static var mostReads: Int { 32 }
  static var mostWaiting: Int { 2048 }
  /// Of them, those that no lane would take now: so that they leave room for others.
  static var mostHeld: Int { mostWaiting / 2 }
  /// How long an answer is waited for before its lane counts as standing.
  static var patience: Duration { .milliseconds(50) }
  /// Lanes that may stand with one model.
  private static var mostStanding: Int { 2 }

  init(count: Int) { lanes = Array(repeating: Lane(), count: count) }

  enum Addition: Equatable {
    /// It goes with a trip that comes, or with the next of a lane that is at it.
    case waits
    /// The same; this lane is to be called.
    case call(Int)
    /// Too much waits.
    case refused
  }

  /// - Parameter model: by number, that which the read begins with.
  mutating func add(_ read: Read, of model: Int, at now: ContinuousClock.Instant) -> Addition {
    if waiting.count >= (mayGo(model) ? Self.mostWaiting : Self.mostHeld) { return .refused }
    waiting.append(Waiting(read: read, model: model))
    // Not every wait is for an answer: a connection may be slow to open.
    if let flowing, now - tripBegan > Self.patience { setStanding(flowing) }
    return begin(at: now).map { .call($0) } ?? .waits
  }

  /// What goes with the next trip of the lane that flows; nothing where it rests from now on.
  mutating func take(_ lane: Int, at now: ContinuousClock.Instant) -> [Read] {
    // Another may have taken its place before a thread was free for it.
    guard end(lane) else { return [] }
    tripBegan = now
    let taken = standing == 0 ? takeFirst() : takeBesideStanding()
    if taken.isEmpty {
      flowing = nil
      lanes[lane] = Lane()
    } else {
      lanes[lane].models.removeAll(keepingCapacity: true)
      for one in taken where !lanes[lane].models.contains(one.model) { lanes[lane].models.append(one.model) }
    }
    return taken.map(\.read)
  }

  /// A read of the lane, which begins with this model, asks for more. The lane that is to be called for what waits.
  mutating func stall(_ lane: Int, with model: Int, at now: ContinuousClock.Instant) -> Int? {
    if lanes[lane].activity == .stands { standing -= 1 }
    if flowing == lane { flowing = nil }
    lanes[lane].activity = .stalls
    lanes[lane].models = [model]
    return begin(at: now)
  }

  /// The lane has waited for longer than `patience`. The lane that is to be called for what waits.
  mutating func stand(_ lane: Int, at now: ContinuousClock.Instant) -> Int? {
    guard lanes[lane].activity != .stands else { return nil }
    setStanding(lane)
    return begin(at: now)
  }

  private mutating func setStanding(_ lane: Int) {
    if flowing == lane { flowing = nil }
    lanes[lane].activity = .stands
    standing += 1
  }

  /// A lane is done with its reads. Whether it flows; else it rests.
  mutating func end(_ lane: Int) -> Bool {
    if lanes[lane].activity == .stands { standing -= 1 }
    if flowing == nil { flowing = lane }
    lanes[lane].activity = flowing == lane ? .flows : .rests
    return flowing == lane
  }

  private mutating func begin(at now: ContinuousClock.Instant) -> Int? {
    guard flowing == nil, let lane = lanes.firstIndex(where: { $0.activity == .rests }) else { return nil }
    // The last begins only where all others stand.
    if lane == lanes.count - 1, standing < lane { return nil }
    guard waiting.contains(where: { mayGo($0.model) }) else { return nil }
    flowing = lane
    lanes[lane].activity = .flows
    tripBegan = now
    return lane
  }

  private mutating func takeFirst() -> [Waiting] {
    let taken = Array(waiting.prefix(Self.mostReads))
    waiting.removeFirst(taken.count)
    return taken
  }

  private mutating func takeBesideStanding() -> [Waiting] {
    guard let first = waiting.first(where: { mayGo($0.model) })?.model else { return [] }
    let isAlone = isSuspect(first)
    var taken: [Waiting] = []
    var left: [Waiting] = []
    for one in waiting {
      let goes = isAlone ? one.model == first : !isSuspect(one.model)
      if goes, taken.count < Self.mostReads { taken.append(one) } else { left.append(one) }
    }
    waiting = left
    return taken
  }

  private func isSuspect(_ model: Int) -> Bool { lanes.contains { $0.stands(with: model) } }

  private func mayGo(_ model: Int) -> Bool {
    standing < Self.mostStanding || lanes.count { $0.stands(with: model) } < Self.mostStanding
  }
}
