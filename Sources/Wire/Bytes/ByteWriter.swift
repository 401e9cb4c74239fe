/// Bytes that grow: what every answer is written into.
///
/// It owns one block of memory and never shares it, so appending costs no reference counting and no
/// uniqueness check. `detach` gives the block away, to be sent without a copy. For the same reason
/// `@unchecked Sendable` is safe.
///
/// Swift 6.3 inlines functions of another module only where they are public, whatever `@inlinable` says of those of the
/// package. So this type, `ObjectID`, `RowView`, `RowFiller` and what they stand on are public, for their functions that
/// run for each value of an answer; all else about them is the package's.
public struct ByteWriter: ~Copyable, @unchecked Sendable {
  @usableFromInline package private(set) var base: UnsafeMutableRawPointer
  @usableFromInline package private(set) var capacity: Int
  @usableFromInline package var count: Int

  package init(capacity: Int = 1024) {
    let size = max(capacity, 64)
    self.base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    self.capacity = size
    self.count = 0
  }

  deinit { base.deallocate() }

  /// Makes room for `more` further bytes.
  @inlinable @inline(__always)
  public mutating func reserve(_ more: Int) {
    assert(more >= 0 && count <= capacity, "room is never given back")
    if capacity &- count < more { grow(by: more) }
  }

  @usableFromInline @inline(never)
  package mutating func grow(by more: Int) {
    let size = max(capacity * 2, count + more)
    let bigger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    bigger.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = bigger
    capacity = size
  }

  @inlinable @inline(__always)
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  @inlinable @inline(__always)
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    reserve(bytes.count)
    (base + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  @inlinable @inline(__always)
  public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends bytes that are known to have `padding` readable ones behind them, sixteen at a time: for short texts
  /// that is several times as fast as a call of `memcpy`.
  @inlinable @inline(__always)
  public mutating func append(padded bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count &+ Self.padding)
    let target = base + count
    target.copySixteen(from: source, at: 0)
    if bytes.count > 16 { target.copySixteen(from: source, at: 16) }
    if bytes.count > 32 { target.copyRest(from: source, at: 32, upTo: bytes.count) }
    count &+= bytes.count
  }

  /// Readable bytes behind those that `append(padded:)` takes.
  @inlinable public static var padding: Int { 16 }

  /// Puts zeros behind what was written, without counting them.
  package mutating func pad() {
    reserve(Self.padding)
    (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding)
  }

  /// Stores eight bytes, the lowest first, in room that was reserved; `count` stays.
  @inlinable @inline(__always)
  public func store(_ word: UInt64, at offset: Int) {
    assert(offset >= 0 && offset &+ 8 <= capacity, "no room was reserved")
    base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
  }

  @inlinable @inline(__always)
  public func store(half word: UInt32, at offset: Int) {
    assert(offset >= 0 && offset &+ 4 <= capacity, "no room was reserved")
    base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt32.self)
  }

  @inlinable @inline(__always)
  public func store(pair: UInt16, at offset: Int) {
    assert(offset >= 0 && offset &+ 2 <= capacity, "no room was reserved")
    base.storeBytes(of: pair.littleEndian, toByteOffset: offset, as: UInt16.self)
  }

  @inlinable @inline(__always)
  public func store(byte: UInt8, at offset: Int) {
    assert(offset >= 0 && offset < capacity, "no room was reserved")
    base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }

  package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// The text's UTF-8, as it is.
  package mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// What has been written. The pointer is good inside `body` only.
  @inlinable
  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Forgets what was written and keeps the memory.
  @inlinable
  public mutating func removeAll() { count = 0 }

  /// Cuts to the first `length` bytes.
  @inlinable
  public mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count, "cut beyond what was written")
    count = length
  }

  /// What was written as a text; invalid UTF-8 is repaired.
  package var string: String {
    String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
  }

  package var array: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: count)) }

  /// Gives the memory away as a block that frees itself.
  package consuming func detach() -> ByteBlock {
    let block = ByteBlock(owning: base, count: count)
    discard self
    return block
  }
}

/// A block of bytes that nobody changes any more.
///
/// `@unchecked Sendable` is safe: the memory is written before the block exists and only read after.
package final class ByteBlock: @unchecked Sendable {
  package let base: UnsafeRawPointer
  package let count: Int

  /// Takes over memory made with `UnsafeMutableRawPointer.allocate`.
  init(owning base: UnsafeMutableRawPointer, count: Int) {
    self.base = UnsafeRawPointer(base)
    self.count = count
  }

  package convenience init(_ bytes: [UInt8]) {
    var writer = ByteWriter(capacity: bytes.count)
    writer.append(bytes)
    let count = writer.count
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 8)
    writer.withBytes { if let from = $0.baseAddress { copy.copyMemory(from: from, byteCount: count) } }
    self.init(owning: copy, count: count)
  }

  deinit { base.deallocate() }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

extension UnsafeMutableRawPointer {
  @inlinable @inline(__always)
  public func copySixteen(from source: UnsafeRawPointer, at offset: Int) {
    let low = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let high = source.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
    storeBytes(of: low, toByteOffset: offset, as: UInt64.self)
    storeBytes(of: high, toByteOffset: offset &+ 8, as: UInt64.self)
  }

  @usableFromInline @inline(never)
  func copyRest(from source: UnsafeRawPointer, at start: Int, upTo end: Int) {
    (self + start).copyMemory(from: source + start, byteCount: end - start)
  }
}
