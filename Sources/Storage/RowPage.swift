import Wire

/// Rows as a snapshot gave them, outside any statement: written by an engine, read by a renderer.
///
/// A row has four leading columns (`Lead`) and then the columns that were asked for. Values lie in
/// slots of sixteen bytes, texts behind them in one heap, so that a page of a thousand rows costs a
/// handful of allocations and no reference counting.
///
/// `@unchecked Sendable` is safe: one engine fills it before it is handed over, nobody changes it after.
package final class RowPage: @unchecked Sendable {
  /// The columns that every row begins with.
  package enum Lead {
    package static let id = 0
    package static let updatedAt = 1
    /// The place in the order of creation.
    package static let row = 2
    /// The sequence of the last write.
    package static let sequence = 3
    package static let count = 4
  }

  package enum Kind: UInt8, Sendable { case null, integer, real, text, id }

  @usableFromInline struct Slot {
    @usableFromInline var first: UInt64
    @usableFromInline var second: UInt64
    @usableFromInline init(first: UInt64, second: UInt64) {
      self.first = first
      self.second = second
    }
  }

  /// Slots in a row.
  package let width: Int
  @usableFromInline private(set) var slots: UnsafeMutablePointer<Slot>
  @usableFromInline private(set) var kinds: UnsafeMutablePointer<Kind>
  private var capacity: Int
  private var used = 0
  @usableFromInline private(set) var heap: UnsafeMutableRawPointer
  private var heapCapacity: Int
  private var heapUsed = 0

  package init(columns: Int, rows: Int = 8) {
    self.width = Lead.count + columns
    self.capacity = max(rows, 1) * width
    self.slots = .allocate(capacity: capacity)
    self.kinds = .allocate(capacity: capacity)
    self.heapCapacity = 1024
    self.heap = .allocate(byteCount: heapCapacity, alignment: 8)
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
  package var byteCount: Int { used * (MemoryLayout<Slot>.stride + 1) + heapUsed }

  // MARK: Filling, column by column and row by row.

  package func appendNull() { append(.null, 0, 0) }
  package func append(integer: Int64) { append(.integer, UInt64(bitPattern: integer), 0) }
  package func append(real: Double) { append(.real, real.bitPattern, 0) }
  package func append(id: ObjectID) { append(.id, id.high, id.low) }

  package func append(text: UnsafeRawBufferPointer) {
    if heapCapacity - heapUsed < text.count {
      let size = max(heapCapacity * 2, heapUsed + text.count)
      let bigger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      bigger.copyMemory(from: heap, byteCount: heapUsed)
      heap.deallocate()
      heap = bigger
      heapCapacity = size
    }
    if let source = text.baseAddress { (heap + heapUsed).copyMemory(from: source, byteCount: text.count) }
    append(.text, UInt64(heapUsed), UInt64(text.count))
    heapUsed += text.count
  }

  package func append(_ value: StoredValue) {
    switch value {
    case .null: appendNull()
    case .integer(let integer): append(integer: integer)
    case .real(let real): append(real: real)
    case .id(let id): append(id: id)
    case .text(var text): text.withUTF8 { append(text: UnsafeRawBufferPointer($0)) }
    }
  }

  private func append(_ kind: Kind, _ first: UInt64, _ second: UInt64) {
    if used == capacity { grow() }
    slots[used] = Slot(first: first, second: second)
    kinds[used] = kind
    used &+= 1
  }

  private func grow() {
    let size = capacity * 2
    let moreSlots = UnsafeMutablePointer<Slot>.allocate(capacity: size)
    let moreKinds = UnsafeMutablePointer<Kind>.allocate(capacity: size)
    moreSlots.moveInitialize(from: slots, count: used)
    moreKinds.moveInitialize(from: kinds, count: used)
    slots.deallocate()
    kinds.deallocate()
    slots = moreSlots
    kinds = moreKinds
    capacity = size
  }

  // MARK: Reading. The caller keeps `row` below `count` and `column` below `width`.

  @inlinable
  package func kind(_ row: Int, _ column: Int) -> Kind { kinds[row &* width &+ column] }

  @inlinable
  package func isNull(_ row: Int, _ column: Int) -> Bool { kind(row, column) == .null }

  @inlinable
  package func integer(_ row: Int, _ column: Int) -> Int64 {
    Int64(bitPattern: slots[row &* width &+ column].first)
  }

  @inlinable
  package func real(_ row: Int, _ column: Int) -> Double {
    Double(bitPattern: slots[row &* width &+ column].first)
  }

  @inlinable
  package func id(_ row: Int, _ column: Int) -> ObjectID {
    let slot = slots[row &* width &+ column]
    return ObjectID(high: slot.first, low: slot.second)
  }

  /// The text's bytes, good as long as the page lives.
  @inlinable
  package func text(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
    let slot = slots[row &* width &+ column]
    return UnsafeRawBufferPointer(start: heap + Int(slot.first), count: Int(slot.second))
  }

  package func value(_ row: Int, _ column: Int) -> StoredValue {
    switch kind(row, column) {
    case .null: .null
    case .integer: .integer(integer(row, column))
    case .real: .real(real(row, column))
    case .id: .id(id(row, column))
    case .text: .text(String(decoding: text(row, column), as: UTF8.self))
    }
  }
}
