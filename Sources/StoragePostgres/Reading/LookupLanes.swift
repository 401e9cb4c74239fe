/// Which round trips of point reads are on their way, and what waits for the next, as a value.
///
/// A *lane* makes one round trip at a time. Reads that wait go with the next trip of the lane that *flows*: of one that
/// asks the database for nothing but its trips, each of which is soon answered. One lane is enough as long as it flows,
/// and its trips are full. One whose reads ask for more, each by itself, or whose trip takes long, *stalls* until it is
/// done with them; then another lane, where one rests, takes what waits.
///
/// Where all lanes stand before a locked table, what waits behind them waits for as long as its own patience lasts,
/// reads of other models as well.
///
/// | a lane | `add` | `take` | `stall` | `end` |
/// |---|---|---|---|---|
/// | rests | → flows, where none does: it is to be called | | | |
/// | flows | → stalls, where its trip takes long | → rests, where nothing waits | → stalls; another is to be called where something waits | stays |
/// | stalls | | | stays | → flows; rests where another flows |
struct LookupLanes<Read> {
  private var waiting: [Read] = []
  private var resting: [Int]
  /// The lane that flows; at most one does.
  private var flowing: Int?
  /// When it took the reads of its trip.
  private var tripBegan = ContinuousClock.now

  /// Reads of one round trip; its bodies run one after the other.
  static var mostReads: Int { 32 }
  static var mostWaiting: Int { 2048 }
  /// How long a trip is waited for before another goes beside it.
  static var patience: Duration { .milliseconds(50) }

  init(count: Int) { resting = Array((0..<count).reversed()) }

  enum Addition: Equatable {
    /// It goes with a trip that comes, or with the next of a lane that is at it.
    case waits
    /// The same; this lane is to be called.
    case call(Int)
    /// Too much waits.
    case refused
  }

  mutating func add(_ read: Read, at now: ContinuousClock.Instant) -> Addition {
    if waiting.count >= Self.mostWaiting { return .refused }
    waiting.append(read)
    if flowing != nil, now - tripBegan > Self.patience { flowing = nil }
    return begin(at: now).map { .call($0) } ?? .waits
  }

  /// What goes with the next trip of the lane that flows; nothing where it rests from now on.
  mutating func take(_ lane: Int, at now: ContinuousClock.Instant) -> [Read] {
    // Another may have taken its place before it began.
    guard end(lane) else { return [] }
    let reads = Array(waiting.prefix(Self.mostReads))
    waiting.removeFirst(reads.count)
    tripBegan = now
    if reads.isEmpty {
      flowing = nil
      resting.append(lane)
    }
    return reads
  }

  /// The lane's reads ask for more. The lane that is to be called for what waits.
  mutating func stall(_ lane: Int, at now: ContinuousClock.Instant) -> Int? {
    guard flowing == lane else { return nil }
    flowing = nil
    return waiting.isEmpty ? nil : begin(at: now)
  }

  /// A lane is done with its reads. Whether it flows; else it rests.
  mutating func end(_ lane: Int) -> Bool {
    if flowing == nil { flowing = lane }
    if flowing != lane { resting.append(lane) }
    return flowing == lane
  }

  private mutating func begin(at now: ContinuousClock.Instant) -> Int? {
    guard flowing == nil, let lane = resting.popLast() else { return nil }
    flowing = lane
    tripBegan = now
    return lane
  }
}
