import Storage
import Wire

/// The related objects that displays of a page take, by model and id: a hash table in two blocks of memory, since a
/// look-up per row in a `Dictionary` costs more than all that is printed of it.
///
/// Ids come from clients, who could choose them so that all meet in one slot: the hash multiplies them by numbers
/// that are drawn anew when the process starts.
struct RelatedTable: ~Copyable {
  /// A row with the columns that displays need, or with all.
  struct Row: Sendable {
    let view: RowView
    let row: Int
    /// Whether the page has all columns, or only those that displays need.
    let isWhole: Bool
  }

  private struct Entry {
    let id: ObjectID
    let model: Int
    /// Nil for an id that no object has.
    var row: Row?
  }

  private(set) var count = 0
  /// Slots of the smallest table: the related objects of one object fit in blocks that malloc has at hand.
  private static let least = 16
  private var entries: UnsafeMutablePointer<Entry>
  /// 1 + the index of an entry; 0 is free. A power of two of them; at most half are taken.
  private var slots: UnsafeMutablePointer<Int32>
  private var capacity = 0
  private let seeds = Self.seeds

  /// Takes no memory of its own before something is asked for.
  init() {
    entries = Self.nothing.assumingMemoryBound(to: Entry.self)
    slots = Self.nothing.assumingMemoryBound(to: Int32.self)
  }

  deinit {
    if capacity == 0 { return }
    entries.deallocate()
    slots.deallocate()
  }

  /// Forgets all of them.
  mutating func removeAll() { self = RelatedTable() }

  /// The object; nil where there is none, and where it was not asked for.
  @inline(__always)
  func row(_ id: ObjectID, of model: Int) -> Row? {
    if count == 0 { return nil }
    let number = slots[slot(id, model)]
    return number == 0 ? nil : entries[Int(number) &- 1].row
  }

  /// Makes room for so many objects.
  mutating func reserve(_ objects: Int) {
    var size = max(capacity, Self.least)
    while size < objects * 2 { size *= 2 }
    if size > capacity { grow(to: size) }
  }

  /// Notes that the object is asked for; false where it has been before.
  mutating func ask(for id: ObjectID, of model: Int) -> Bool {
    if count * 2 >= capacity { grow(to: max(Self.least, capacity * 2)) }
    let slot = slot(id, model)
    if slots[slot] != 0 { return false }
    (entries + count).initialize(to: Entry(id: id, model: model, row: nil))
    count &+= 1
    slots[slot] = Int32(truncatingIfNeeded: count)
    return true
  }

  /// Keeps the row of an object that was asked for.
  mutating func set(_ id: ObjectID, of model: Int, _ row: Row) {
    if count == 0 { return }
    let number = slots[slot(id, model)]
    assert(number != 0, "only what was asked for comes")
    if number != 0 { entries[Int(number) &- 1].row = row }
  }

  /// Where the object stands, or would stand.
  @inline(__always)
  private func slot(_ id: ObjectID, _ model: Int) -> Int {
    assert(count < capacity, "a free slot ends each search")
    var slot = first(id, model)
    while slots[slot] != 0 {
      let entry = entries + (Int(slots[slot]) &- 1)
      if entry.pointee.id.low == id.low, entry.pointee.id.high == id.high, entry.pointee.model == model { break }
      slot = (slot &+ 1) & (capacity &- 1)
    }
    return slot
  }

  /// Where a search begins.
  @inline(__always)
  private func first(_ id: ObjectID, _ model: Int) -> Int {
    let mixed = (id.high &+ UInt64(truncatingIfNeeded: model)) &* seeds.0 ^ id.low &* seeds.1
    return Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* seeds.0) >> 32) & (capacity &- 1)
  }

  private mutating func grow(to size: Int) {
    let (old, oldSlots, oldCapacity) = (entries, slots, capacity)
    assert(size / 2 > count && size < Int(Int32.max), "an entry for each slot that may be taken")
    capacity = size
    entries = .allocate(capacity: capacity / 2)
    entries.moveInitialize(from: old, count: count)
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    for index in 0..<count {
      var slot = first(entries[index].id, entries[index].model)
      while slots[slot] != 0 { slot = (slot &+ 1) & (capacity &- 1) }
      slots[slot] = Int32(truncatingIfNeeded: index &+ 1)
    }
    if oldCapacity == 0 { return }
    old.deallocate()
    oldSlots.deallocate()
  }

  /// Stands for memory that is never touched: an empty table has a capacity of nothing.
  private static var nothing: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped }

  /// Odd, so that no bit is lost.
  private static let seeds: (UInt64, UInt64) = (.random(in: 0 ... .max) | 1, .random(in: 0 ... .max) | 1)
}
