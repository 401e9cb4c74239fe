import Storage
import Wire

/// The related objects that displays of a page take, by model and id: a hash table in one block of memory, since a
/// look-up per row in a `Dictionary` costs more than all that is printed of it.
///
/// Ids come from clients, who could choose them so that all meet in one slot: the hash multiplies them by numbers
/// that are drawn anew when the process starts.
struct RelatedTable: ~Copyable {
  /// A row with the columns that displays need, or with all.
  struct Row {
    let view: RowView
    let row: Int
    /// Whether the page has all columns, or only those that displays need.
    let isWhole: Bool
  }

  private struct Slot {
    let id: ObjectID
    let model: Int
    /// Nil for an id that no object has.
    var row: Row?
  }

  /// A power of two; at most half of them are taken.
  private var capacity: Int
  private var count = 0
  private var slots: UnsafeMutablePointer<Slot?>

  init() {
    capacity = 0
    slots = .allocate(capacity: 1)
  }

  deinit { slots.deallocate() }

  /// Forgets all of them.
  mutating func removeAll() { self = RelatedTable() }

  /// The object; nil where there is none, and where it was not asked for.
  @inline(__always)
  func row(_ id: ObjectID, of model: Int) -> Row? {
    if count == 0 { return nil }
    let index = index(id, model)
    return slots[index]?.row
  }

  /// Notes that the object is asked for; false where it has been before.
  mutating func ask(for id: ObjectID, of model: Int) -> Bool {
    if count * 2 >= capacity { grow() }
    let index = index(id, model)
    if slots[index] != nil { return false }
    slots[index] = Slot(id: id, model: model, row: nil)
    count += 1
    return true
  }

  /// Keeps the row of an object that was asked for.
  mutating func set(_ id: ObjectID, of model: Int, _ row: Row) {
    if capacity == 0 { return }
    let index = index(id, model)
    assert(slots[index] != nil, "only what was asked for comes")
    slots[index]?.row = row
  }

  /// Where the object stands, or would stand.
  @inline(__always)
  private func index(_ id: ObjectID, _ model: Int) -> Int {
    assert(count < capacity, "a free slot ends each search")
    let mixed = (id.high &+ UInt64(truncatingIfNeeded: model)) &* Self.seeds.0 ^ id.low &* Self.seeds.1
    var index = Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* Self.seeds.0) >> 32) & (capacity &- 1)
    while let slot = slots[index], slot.id.low != id.low || slot.id.high != id.high || slot.model != model {
      index = (index &+ 1) & (capacity &- 1)
    }
    return index
  }

  private mutating func grow() {
    let (old, oldCapacity) = (slots, capacity)
    capacity = max(16, oldCapacity * 2)
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: nil, count: capacity)
    for oldIndex in 0..<oldCapacity {
      if let slot = old[oldIndex] { slots[index(slot.id, slot.model)] = slot }
    }
    old.deallocate()
  }

  /// Odd, so that no bit is lost.
  private static let seeds: (UInt64, UInt64) = (.random(in: 0 ... .max) | 1, .random(in: 0 ... .max) | 1)
}
