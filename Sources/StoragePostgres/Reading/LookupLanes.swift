/// Which round trips of point reads are on their way, and what waits for the next, as a value.
///
/// A *lane* makes one round trip at a time. Reads that wait go with the next trip of the lane that *flows*: of one that
/// asks the database for nothing but its trips, each of which is soon answered. One lane is enough as long as it flows,
/// and its trips are full. One whose reads ask for more, each by itself, *stalls* until it is done with them; one that
/// has waited for an answer for longer than that takes, *stands*. Then another lane takes what waits.
///
/// What a lane stands at is a table that somebody has locked, or a connection that nobody answers any more. It may be the
/// table of any model among its reads, so these are *suspect*: they go with trips of one model each, and where two lanes
/// stand with a model, no more of it goes. So the last lane, which begins where all others stand, is left to models
/// whose tables are free; where several are locked, it may come to stand as well, and all others wait.
///
/// | a lane | `add` | `take` | `stall` | `stand` | `end` |
/// |---|---|---|---|---|---|
/// | rests | → flows, where none does and it may take something: it is to be called | | | | |
/// | flows | | → rests, where nothing waits that it may take | → stalls; another is to be called | → stands; another is to be called | stays |
/// | stalls | | | stays | → stands; another is to be called | → flows; rests where another flows |
/// | stands | | | stays | stays | → flows; rests where another flows |
struct LookupLanes<Read> {
  private struct Waiting {
    let read: Read
    let model: Int
  }

  private enum Activity { case rests, flows, stalls, stands }

  private struct Lane {
    var activity = Activity.rests
    /// Those of the reads that it took last, by number.
    var models: [Int] = []

    func stands(with model: Int) -> Bool { activity == .stands && models.contains(model) }
  }

  private var waiting: [Waiting] = []
  private var lanes: [Lane]
  /// The lane that flows; at most one does.
  private var flowing: Int?
  /// How many stand.
  private var standing = 0

  /// Reads of one round trip; its bodies run one after the other.
  static var mostReads: Int { 32 }
  static var mostWaiting: Int { 2048 }
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
  mutating func add(_ read: Read, of model: Int) -> Addition {
    if waiting.count >= Self.mostWaiting { return .refused }
    waiting.append(Waiting(read: read, model: model))
    return begin().map { .call($0) } ?? .waits
  }

  /// What goes with the next trip of the lane that flows; nothing where it rests from now on.
  mutating func take(_ lane: Int) -> [Read] {
    // Another may have taken its place before it began.
    guard end(lane) else { return [] }
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

  /// The lane's reads ask for more. The lane that is to be called for what waits.
  mutating func stall(_ lane: Int) -> Int? {
    guard flowing == lane else { return nil }
    flowing = nil
    lanes[lane].activity = .stalls
    return begin()
  }

  /// The lane waits for an answer for longer than its patience. The lane that is to be called for what waits.
  mutating func stand(_ lane: Int) -> Int? {
    guard lanes[lane].activity != .stands else { return nil }
    if flowing == lane { flowing = nil }
    lanes[lane].activity = .stands
    standing += 1
    return begin()
  }

  /// A lane is done with its reads. Whether it flows; else it rests.
  mutating func end(_ lane: Int) -> Bool {
    if lanes[lane].activity == .stands { standing -= 1 }
    if flowing == nil { flowing = lane }
    lanes[lane].activity = flowing == lane ? .flows : .rests
    return flowing == lane
  }

  private mutating func begin() -> Int? {
    guard flowing == nil, let lane = lanes.firstIndex(where: { $0.activity == .rests }) else { return nil }
    // The last is for what others stand before.
    if lane == lanes.count - 1, standing < lane { return nil }
    guard waiting.contains(where: { mayGo($0.model) }) else { return nil }
    flowing = lane
    lanes[lane].activity = .flows
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
