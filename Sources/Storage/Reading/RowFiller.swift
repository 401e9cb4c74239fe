import Wire

/// A page while an engine fills it, column by column and row by row. Public for the reason given at `ByteWriter`.
public struct RowFiller: ~Copyable {
  public let width: Int
  @usableFromInline private(set) var slots: UnsafeMutablePointer<RowPage.Slot>
  @usableFromInline private(set) var kinds: UnsafeMutablePointer<RowPage.Kind>
  @usableFromInline private(set) var capacity: Int
  @usableFromInline var used = 0
  @usableFromInline private(set) var heap: UnsafeMutableRawPointer
  @usableFromInline private(set) var heapCapacity: Int
  @usableFromInline var heapUsed = 0

  /// `columns` beside the leading ones; `rows` and `textBytes` are guesses.
  package init(columns: Int, rows: Int = 8, textBytes: Int = 1024) {
    heapCapacity = max(textBytes, 1)
    width = RowPage.Lead.count + columns
    capacity = max(rows, 1) * width
    slots = .allocate(capacity: capacity)
    kinds = .allocate(capacity: capacity)
    heap = .allocate(byteCount: heapCapacity, alignment: 8)
  }

  deinit {
    slots.deallocate()
    kinds.deallocate()
    heap.deallocate()
  }

  /// Complete rows.
  package var count: Int { used / width }
  package var isEmpty: Bool { used < width }
  /// Bytes that the page holds, about.
  @inlinable @inline(__always)
  public var byteCount: Int { used * (MemoryLayout<RowPage.Slot>.stride + 1) + heapUsed }

  /// The page of the rows that are complete.
  package consuming func finish() -> RowPage {
    let page = RowPage(
      width: width, count: count, byteCount: byteCount, slots: slots, kinds: kinds, heap: heap)
    discard self
    return page
  }

  @inlinable @inline(__always)
  public mutating func appendNull() { append(.null, 0, 0) }
  @inlinable @inline(__always)
  public mutating func append(integer: Int64) { append(.integer, UInt64(bitPattern: integer), 0) }
  @inlinable @inline(__always)
  public mutating func append(real: Double) { append(.real, real.bitPattern, 0) }
  @inlinable @inline(__always)
  public mutating func append(id: ObjectID) { append(.id, id.high, id.low) }

  @inlinable @inline(__always)
  public mutating func append(text: UnsafeRawBufferPointer) {
    let start = keep(text)
    append(.text, UInt64(start), UInt64(text.count))
  }

  /// Copies a text into the heap; where it begins there.
  @inlinable @inline(__always)
  public mutating func keep(_ text: UnsafeRawBufferPointer) -> Int {
    if heapCapacity &- heapUsed < text.count { growHeap(by: text.count) }
    assert(text.count <= heapCapacity - heapUsed, "the heap grew too little")
    if let source = text.baseAddress { (heap + heapUsed).copyMemory(from: source, byteCount: text.count) }
    let start = heapUsed
    heapUsed &+= text.count
    return start
  }

  @usableFromInline @inline(never)
  mutating func growHeap(by more: Int) {
    let size = max(heapCapacity * 2, heapUsed + more)
    let bigger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    bigger.copyMemory(from: heap, byteCount: heapUsed)
    heap.deallocate()
    heap = bigger
    heapCapacity = size
  }

  package mutating func append(_ value: StoredValue) {
    switch value {
    case .null: appendNull()
    case .integer(let integer): append(integer: integer)
    case .real(let real): append(real: real)
    case .id(let id): append(id: id)
    case .text(var text): text.withUTF8 { append(text: UnsafeRawBufferPointer($0)) }
    }
  }

  // MARK: Rows whose values come in any order.

  /// Begins a row of nulls, whose slots are then set; it is the last one until the next is begun.
  package mutating func appendNulls() {
    while capacity - used < width { grow() }
    for index in used..<used + width {
      slots[index] = RowPage.Slot(first: 0, second: 0)
      kinds[index] = .null
    }
    used &+= width
  }

  package mutating func set(_ slot: Int, integer: Int64) {
    set(slot, .integer, UInt64(bitPattern: integer), 0)
  }
  package mutating func set(_ slot: Int, real: Double) { set(slot, .real, real.bitPattern, 0) }
  package mutating func set(_ slot: Int, id: ObjectID) { set(slot, .id, id.high, id.low) }
  package mutating func set(_ slot: Int, text: UnsafeRawBufferPointer) {
    let start = keep(text)
    set(slot, .text, UInt64(start), UInt64(text.count))
  }

  private mutating func set(_ slot: Int, _ kind: RowPage.Kind, _ first: UInt64, _ second: UInt64) {
    precondition(slot >= 0 && slot < width && used >= width, "a slot outside the last row")
    let index = used &- width &+ slot
    slots[index] = RowPage.Slot(first: first, second: second)
    kinds[index] = kind
  }

  @inlinable @inline(__always)
  public mutating func append(_ kind: RowPage.Kind, _ first: UInt64, _ second: UInt64) {
    if used == capacity { grow() }
    assert(used < capacity, "there is room for a slot")
    slots[used] = RowPage.Slot(first: first, second: second)
    kinds[used] = kind
    used &+= 1
  }

  @usableFromInline @inline(never)
  mutating func grow() {
    let size = capacity * 2
    let moreSlots = UnsafeMutablePointer<RowPage.Slot>.allocate(capacity: size)
    let moreKinds = UnsafeMutablePointer<RowPage.Kind>.allocate(capacity: size)
    moreSlots.moveInitialize(from: slots, count: used)
    moreKinds.moveInitialize(from: kinds, count: used)
    slots.deallocate()
    kinds.deallocate()
    slots = moreSlots
    kinds = moreKinds
    capacity = size
  }
}
