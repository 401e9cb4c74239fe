/// The part of a CSV file that is in memory. It begins at 256 KiB and grows to the limit of a row.
struct CSVWindow: ~Copyable {
  private let source: any CSVSource
  private var memory: UnsafeMutableRawBufferPointer
  private var filled = 0
  /// Where the bytes begin that no row has used up.
  var unread = 0
  /// Whether nothing comes behind the bytes.
  private(set) var isAtEnd = false

  init(_ source: any CSVSource, size: Int) {
    self.source = source
    memory = .allocate(byteCount: max(size, 16), alignment: 16)
  }

  deinit { memory.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<filled]) }
  var isUsedUp: Bool { isAtEnd && filled == unread }

  /// Moves the row that is not complete to the front and fills the window behind it; a row that fills
  /// it already gets one twice as large. `line` is where the row begins.
  mutating func fill(line: Int) throws(CSVFault) {
    assert(unread <= filled && filled <= memory.count && !isAtEnd)
    let kept = filled - unread
    if kept > CSVReader.rowLimit { throw .longRow(line: line) }
    if kept > memory.count / 2 {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[unread..<filled]))
      memory.deallocate()
      memory = larger
    } else if unread > 0, kept > 0, let base = memory.baseAddress {
      base.copyMemory(from: base + unread, byteCount: kept)
    }
    unread = 0
    filled = kept
    while filled < memory.count {
      let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[filled...]))
      if count == 0 {
        isAtEnd = true
        return
      }
      filled += count
    }
  }
}
