import Wire

/// The rows of a page as plain pointers: what hot loops read, without reference counts and checks.
///
/// Good only while its page is kept alive. The caller keeps `row` below the page's `count` and `column`
/// below its `width`.
package struct RowView {
  @usableFromInline let slots: UnsafeMutablePointer<RowPage.Slot>
  @usableFromInline let kinds: UnsafeMutablePointer<RowPage.Kind>
  @usableFromInline let heap: UnsafeMutableRawPointer
  @usableFromInline let width: Int

  init(_ page: RowPage) {
    slots = page.slots
    kinds = page.kinds
    heap = page.heap
    width = page.width
  }

  @inlinable
  package func kind(_ row: Int, _ column: Int) -> RowPage.Kind { kinds[row &* width &+ column] }

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
}
