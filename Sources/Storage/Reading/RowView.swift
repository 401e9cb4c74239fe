import Wire

/// The rows of a page as plain pointers: what hot loops read, without reference counts and checks.
///
/// Good only while its page is kept alive. The caller keeps `row` below the page's `count` and `column`
/// below its `width`.
///
/// `@unchecked Sendable` is safe: nobody writes to a page, and whoever has a view keeps its page. Public for the reason
/// given at `ByteWriter`.
public struct RowView: @unchecked Sendable {
  @usableFromInline let slots: UnsafeMutablePointer<RowPage.Slot>
  @usableFromInline let kinds: UnsafeMutablePointer<RowPage.Kind>
  @usableFromInline let heap: UnsafeMutableRawPointer
  @usableFromInline let width: Int
  /// For what must hold; nothing else reads it.
  @usableFromInline let count: Int

  init(_ page: RowPage) {
    count = page.count
    slots = page.slots
    kinds = page.kinds
    heap = page.heap
    width = page.width
  }

  /// Where a value lies.
  @inlinable @inline(__always)
  public func index(_ row: Int, _ column: Int) -> Int {
    assert(row >= 0 && row < count && column >= 0 && column < width, "a value outside the page")
    return row &* width &+ column
  }

  @inlinable @inline(__always)
  public func kind(_ row: Int, _ column: Int) -> RowPage.Kind { kinds[index(row, column)] }

  /// The kinds of a whole row, for loops over its columns.
  @inlinable @inline(__always)
  public func kinds(ofRow row: Int) -> UnsafePointer<RowPage.Kind> {
    assert(row >= 0 && row < count, "a row outside the page")
    return UnsafePointer(kinds + row &* width)
  }

  @inlinable @inline(__always)
  public func isNull(_ row: Int, _ column: Int) -> Bool {
    // By a pattern: `==` would be a call.
    if case .null = kind(row, column) { true } else { false }
  }

  @inlinable @inline(__always)
  public func isID(_ row: Int, _ column: Int) -> Bool {
    if case .id = kind(row, column) { true } else { false }
  }

  @inlinable @inline(__always)
  public func integer(_ row: Int, _ column: Int) -> Int64 {
    // An entry of the oplog has no number in the order of creation, and says zero.
    assert(kind(row, column) == .integer || kind(row, column) == .null, "another kind of value is no integer")
    return Int64(bitPattern: slots[index(row, column)].first)
  }

  @inlinable @inline(__always)
  public func real(_ row: Int, _ column: Int) -> Double {
    assert(kind(row, column) == .real, "another kind of value is no number")
    return Double(bitPattern: slots[index(row, column)].first)
  }

  @inlinable @inline(__always)
  public func id(_ row: Int, _ column: Int) -> ObjectID {
    assert(kind(row, column) == .id, "another kind of value is no id")
    let slot = slots[index(row, column)]
    return ObjectID(high: slot.first, low: slot.second)
  }

  /// The text's bytes, good as long as the page lives.
  @inlinable @inline(__always)
  public func text(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
    assert(kind(row, column) == .text, "another kind of value is no text")
    let slot = slots[index(row, column)]
    return UnsafeRawBufferPointer(start: heap + Int(slot.first), count: Int(slot.second))
  }
}
