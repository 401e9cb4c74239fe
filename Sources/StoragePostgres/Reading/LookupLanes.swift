/// Which round trips of point reads are on their way, and what waits for the next, as a value.
///
/// A *lane* makes one round trip at a time. Reads that wait go with the next trip of a lane that *flows*: of one that asks
/// the database for nothing but its trips. One lane is enough as long as it flows, and its trips are full. A lane whose
/// reads ask for more, each by itself, *stalls* until it is done with them; then another lane takes what waits.
///
/// | a lane | `add` | `take` | `stall` | `end` |
/// |---|---|---|---|---|
/// | rests | → flows, where none does: it is to be called | | | |
/// | flows | | → rests, where nothing waits | → stalls; another flows where something waits | |
/// | stalls | | | | → flows, or rests where another does |
struct LookupLanes<Read> {
  private var waiting: [Read] = []
  private var resting: [Int]
  /// The lane that flows; at most one does.
  private var flowing: Int?

  /// Reads of one round trip; its bodies run one after the other.
  static var mostReads: Int { 32 }
  static var mostWaiting: Int { 2048 }

  init(count: Int) { resting = Array((0..<count).reversed()) }

  enum Addition: Equatable {
    /// It goes with a trip that comes, or with the next of a lane that is at it.
    case waits
    /// The same; this lane is to be called.
    case call(Int)
    /// Too much waits.
    case refused
  }

  mutating func add(_ read: Read) -> Addition {
    if waiting.count >= Self.mostWaiting { return .refused }
    waiting.append(read)
    return begin().map { .call($0) } ?? .waits
  }

  /// What goes with the next trip of a lane that flows; nothing where it rests from now on.
  mutating func take(_ lane: Int) -> [Read] {
    assert(flowing == lane, "a lane takes reads that does not flow")
    let reads = Array(waiting.prefix(Self.mostReads))
    waiting.removeFirst(reads.count)
    if reads.isEmpty { rest(lane) }
    return reads
  }

  /// The lane's reads ask for more. The lane that is to be called for what waits.
  mutating func stall(_ lane: Int) -> Int? {
    assert(flowing == lane, "a lane stalls that does not flow")
    flowing = nil
    return waiting.isEmpty ? nil : begin()
  }

  /// A lane that stalled is done with its reads. Whether it flows again.
  mutating func end(_ lane: Int) -> Bool {
    guard flowing == nil else {
      resting.append(lane)
      return false
    }
    flowing = lane
    return true
  }

  private mutating func begin() -> Int? {
    guard flowing == nil, let lane = resting.popLast() else { return nil }
    flowing = lane
    return lane
  }

  private mutating func rest(_ lane: Int) {
    flowing = nil
    resting.append(lane)
  }
}
