/// One cell of a record: where its text stands in the scanned bytes, without the quotes around it.
struct CSVCell: Equatable {
  var start: Int
  var end: Int
  /// Quotes are doubled inside.
  var isEscaped: Bool

  var isEmpty: Bool { start == end }

  /// Before an unquoted cell stands a comma, a line end or nothing.
  func isQuoted(in bytes: UnsafeRawBufferPointer) -> Bool { start > 0 && bytes[start - 1] == UInt8(ascii: "\"") }

  /// Where the cell begins with its quote. Before an unquoted cell stands a comma or nothing of the row.
  func outerStart(in bytes: UnsafeRawBufferPointer, rowStart: Int) -> Int {
    start > rowStart && bytes[start - 1] == UInt8(ascii: "\"") ? start - 1 : start
  }
}

/// Finds the cells of one record at a time in bytes (RFC 4180).
///
/// Records end with LF, CR LF or CR. A cell in quotes may hold commas, line ends and doubled quotes. It
/// works on bytes alone and makes no texts; whether they are UTF-8 is said by `isASCII`, for the caller
/// to check where it must.
struct CSVScanner {
  enum Step: Equatable {
    /// `cells` and the rest describe a record that ends before `next`.
    case record(next: Int)
    /// The record may go on behind the bytes.
    case needsMore
    /// No bytes are left.
    case end
    /// The bytes end within quotes.
    case unclosedQuote
  }

  /// A record whose cells cannot be told apart for sure.
  enum Fault: Equatable {
    case quoteInCell(column: Int)
    case textBehindQuote(column: Int)
    case tooManyCells
    case longCell(column: Int)
  }

  static let cellLimit = 1 << 20
  static let columnLimit = 2000

  private(set) var cells: [CSVCell] = []
  private(set) var fault: Fault?
  private(set) var isASCII = true
  /// Where the record ends, without its line end.
  private(set) var end = 0
  /// How many line ends the record has, its own included.
  private(set) var lineEnds = 0

  /// Scans the record that begins at `start`. `isLast` says that nothing follows the bytes.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int, isLast: Bool) -> Step {
    cells.removeAll(keepingCapacity: true)
    fault = nil
    lineEnds = 0
    guard start < bytes.count else { return isLast ? .end : .needsMore }
    var reading = Reading(bytes: bytes, offset: start, isLast: isLast)
    while true {
      let begin = reading.offset
      var cell = CSVCell(start: begin, end: begin, isEscaped: false)
      if begin < bytes.count, bytes[begin] == Byte.quote {
        if let stop = quoted(&cell, &reading) { return stop }
      } else {
        plain(&cell, &reading)
      }
      assert(begin <= cell.start && cell.start <= cell.end && cell.end <= reading.offset)
      add(cell)
      if let step = behindCell(&reading) { return step }
    }
  }

  private enum Byte {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// Whether a cell without quotes ends before it.
    @inline(__always) static func endsCell(_ byte: UInt8) -> Bool {
      byte == comma || byte == lineFeed || byte == carriageReturn
    }
  }

  /// How far a scan has come. The pieces below are inlined into it: an import does little else than this.
  private struct Reading {
    let bytes: UnsafeRawBufferPointer
    var offset: Int
    let isLast: Bool
    /// All bytes so far, for their highest bit.
    var seen: UInt8 = 0

    @inline(__always) var isAtEnd: Bool { offset == bytes.count }
    @inline(__always) var isLineFeedNext: Bool { offset < bytes.count && bytes[offset] == Byte.lineFeed }

    @inline(__always) mutating func take() -> UInt8 {
      let byte = bytes[offset]
      seen |= byte
      offset &+= 1
      return byte
    }
  }

  /// A cell in quotes, up to one that is not doubled. Not nil where the bytes end before it is known where it ends.
  @inline(__always)
  private mutating func quoted(_ cell: inout CSVCell, _ reading: inout Reading) -> Step? {
    reading.offset &+= 1
    cell.start = reading.offset
    while true {
      if reading.isAtEnd { return reading.isLast ? .unclosedQuote : .needsMore }
      let byte = reading.take()
      if byte == Byte.quote {
        if reading.isAtEnd, !reading.isLast { return .needsMore }
        guard !reading.isAtEnd, reading.bytes[reading.offset] == Byte.quote else { break }
        cell.isEscaped = true
        reading.offset &+= 1
      } else if byte == Byte.lineFeed || byte == Byte.carriageReturn && !reading.isLineFeedNext {
        lineEnds &+= 1
      }
    }
    let behind = reading.offset
    cell.end = behind &- 1
    while !reading.isAtEnd, !Byte.endsCell(reading.bytes[reading.offset]) { _ = reading.take() }
    if reading.offset > behind { note(.textBehindQuote(column: cells.count)) }
    return nil
  }

  @inline(__always)
  private mutating func plain(_ cell: inout CSVCell, _ reading: inout Reading) {
    var hasQuote = false
    while !reading.isAtEnd, !Byte.endsCell(reading.bytes[reading.offset]) {
      if reading.take() == Byte.quote { hasQuote = true }
    }
    cell.end = reading.offset
    if hasQuote { note(.quoteInCell(column: cells.count)) }
  }

  @inline(__always)
  private mutating func add(_ cell: CSVCell) {
    if cell.end &- cell.start > Self.cellLimit { note(.longCell(column: cells.count)) }
    if cells.count < Self.columnLimit { cells.append(cell) } else { note(.tooManyCells) }
  }

  /// Nil where a comma says that the record goes on.
  @inline(__always)
  private mutating func behindCell(_ reading: inout Reading) -> Step? {
    let offset = reading.offset
    if reading.isAtEnd { return reading.isLast ? finish(reading, next: offset) : .needsMore }
    switch reading.bytes[offset] {
    case Byte.comma:
      reading.offset &+= 1
      return nil
    case Byte.lineFeed:
      lineEnds &+= 1
      return finish(reading, next: offset &+ 1)
    default:
      assert(reading.bytes[offset] == Byte.carriageReturn, "a cell ends at a comma or at the end of a line")
      // Whether a line feed belongs to it must be seen.
      if offset &+ 1 == reading.bytes.count, !reading.isLast { return .needsMore }
      lineEnds &+= 1
      let isPair = offset &+ 1 < reading.bytes.count && reading.bytes[offset &+ 1] == Byte.lineFeed
      return finish(reading, next: offset &+ (isPair ? 2 : 1))
    }
  }

  private mutating func finish(_ reading: Reading, next: Int) -> Step {
    end = reading.offset
    isASCII = reading.seen < 0x80
    assert(!cells.isEmpty && cells[cells.count - 1].end <= end && end <= next)
    return .record(next: next)
  }

  private mutating func note(_ fault: Fault) {
    if self.fault == nil { self.fault = fault }
  }
}
