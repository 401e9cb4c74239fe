import Wire

/// Rows as a snapshot gave them, outside any statement: filled by an engine (`RowFiller`), read by a
/// renderer.
///
/// A row has four leading columns (`Lead`) and then the columns that were asked for. Values lie in
/// slots of sixteen bytes, texts behind them in one heap, so that a page of a thousand rows costs a
/// handful of allocations and no reference counting.
///
/// `@unchecked Sendable` is safe: everything is written before the page exists and only read after. Public for the reason
/// given at `ByteWriter`.
public final class RowPage: @unchecked Sendable {
  /// The columns that every row begins with.
  public enum Lead {
    @inlinable public static var id: Int { 0 }
    @inlinable public static var updatedAt: Int { 1 }
    /// The number in the order of creation.
    @inlinable public static var row: Int { 2 }
    /// The sequence of the last write.
    @inlinable public static var sequence: Int { 3 }
    @inlinable public static var count: Int { 4 }
  }

  public enum Kind: UInt8, Sendable { case null, integer, real, text, id }

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
  /// Complete rows.
  package let count: Int
  /// Bytes that the page holds, about.
  package let byteCount: Int
  let slots: UnsafeMutablePointer<Slot>
  let kinds: UnsafeMutablePointer<Kind>
  let heap: UnsafeMutableRawPointer

  /// Takes over the memory.
  init(
    width: Int, count: Int, byteCount: Int, slots: UnsafeMutablePointer<Slot>,
    kinds: UnsafeMutablePointer<Kind>, heap: UnsafeMutableRawPointer
  ) {
    self.byteCount = byteCount
    self.width = width
    self.count = count
    self.slots = slots
    self.kinds = kinds
    self.heap = heap
  }

  deinit {
    slots.deallocate()
    kinds.deallocate()
    heap.deallocate()
  }

  package var isEmpty: Bool { count == 0 }

  /// For hot loops; good while the page is kept.
  package var view: RowView { RowView(self) }

  package func id(_ row: Int, _ column: Int = Lead.id) -> ObjectID { view.id(row, column) }

  package func integer(_ row: Int, _ column: Int) -> Int64 { view.integer(row, column) }

  package func value(_ row: Int, _ column: Int) -> StoredValue {
    let view = view
    return switch view.kind(row, column) {
    case .null: .null
    case .integer: .integer(view.integer(row, column))
    case .real: .real(view.real(row, column))
    case .id: .id(view.id(row, column))
    case .text: .text(String(decoding: view.text(row, column), as: UTF8.self))
    }
  }
}
