import CMicrohttpd

/// The bytes of one body as they come in: contiguous, within the limit of one body and the budget of all.
///
/// It grows with what has really arrived: a client that announces 50 MB and sends nothing holds next to
/// nothing.
struct BodyBuffer: ~Copyable {
  let limit: Int
  private let expected: Int
  private let budget: BodyBudget
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private(set) var count = 0

  /// `expected` bytes are likely to come; 0 if unknown.
  init(limit: Int, expected: Int, budget: BodyBudget) {
    self.limit = limit
    self.expected = min(expected, limit)
    self.budget = budget
  }

  deinit {
    guard let base else { return }
    sojourn_block_free(base, capacity + RequestBody.padding)
    budget.giveBack(capacity + RequestBody.padding)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(TransportFailure) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    guard bytes.count <= limit - count else { throw .bodyTooLarge(limit: limit) }
    if capacity - count < bytes.count { try grow(to: count + bytes.count) }
    guard let base else { throw .busy }
    (base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Lets `fill` write into free room, of which there is at least one byte. It answers how much it wrote.
  mutating func extend<R>(
    _ fill: (UnsafeMutableRawBufferPointer) -> (written: Int, R)
  ) throws(TransportFailure) -> R {
    if capacity == count {
      guard count < limit else { throw .bodyTooLarge(limit: limit) }
      try grow(to: min(limit, max(count + 1, 16 * 1024)))
    }
    guard let base else { throw .busy }
    let (written, result) = fill(UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count))
    count += written
    return result
  }

  var isFull: Bool { count == limit }

  /// Twice the size each time, but no more than is expected or allowed.
  private mutating func grow(to needed: Int) throws(TransportFailure) {
    let ceiling = expected > 0 ? max(expected, needed) : limit
    let small = 16 * 1024
    let step = expected > 0 && expected <= small ? expected : max(capacity * 2, small)
    let size = max(needed, min(step, ceiling))
    let old = base == nil ? 0 : capacity + RequestBody.padding
    let new = size + RequestBody.padding
    guard budget.take(new - old) else { throw .busy }
    guard let bigger = sojourn_block_grow(base, old, new) else {
      budget.giveBack(new - old)
      throw .busy
    }
    base = bigger
    capacity = size
  }

  /// Gives the bytes away as a body, which frees them and gives the budget back. Empty after.
  mutating func takeBody() -> RequestBody {
    guard let base = base.take() else { return .none }
    (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: RequestBody.padding)
    let body = RequestBody(
      owning: base, count: count, reserved: capacity + RequestBody.padding, from: budget)
    capacity = 0
    count = 0
    return body
  }
}
