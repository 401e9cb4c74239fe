/// One cell of a record: where its text stands in the scanned bytes, without the quotes around it.
struct CSVCell: Equatable {
  var start: Int
  var end: Int
  /// Quotes are doubled inside.
  var isEscaped: Bool

  var isEmpty: Bool { start == end }

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
    let comma = UInt8(ascii: ",")
    let quote = UInt8(ascii: "\"")
    let lineFeed = UInt8(ascii: "\n")
    let carriageReturn = UInt8(ascii: "\r")
    cells.removeAll(keepingCapacity: true)
    fault = nil
    lineEnds = 0
    guard start < bytes.count else { return isLast ? .end : .needsMore }
    var position = start
    var high: UInt8 = 0
    let count = bytes.count
    while true {
      var cell = CSVCell(start: position, end: position, isEscaped: false)
      if position < count, bytes[position] == quote {
        position &+= 1
        cell.start = position
        // Inside the quotes: up to one that is not doubled.
        while true {
          guard position < count else { return isLast ? .unclosedQuote : .needsMore }
          let byte = bytes[position]
          high |= byte
          position &+= 1
          if byte == quote {
            if position == count, !isLast { return .needsMore }
            guard position < count, bytes[position] == quote else { break }
            cell.isEscaped = true
            position &+= 1
          } else if byte == lineFeed
            || byte == carriageReturn && !(position < count && bytes[position] == lineFeed)
          {
            lineEnds &+= 1
          }
        }
        cell.end = position &- 1
        let behind = position
        skipText(bytes, &position, &high)
        if position > behind { note(.textBehindQuote(column: cells.count)) }
      } else {
        var hasQuote = false
        while position < count {
          let byte = bytes[position]
          if byte == comma || byte == lineFeed || byte == carriageReturn { break }
          if byte == quote { hasQuote = true }
          high |= byte
          position &+= 1
        }
        cell.end = position
        if hasQuote { note(.quoteInCell(column: cells.count)) }
      }
      if cell.end &- cell.start > Self.cellLimit { note(.longCell(column: cells.count)) }
      if cells.count < Self.columnLimit { cells.append(cell) } else { note(.tooManyCells) }
      if position == count {
        guard isLast else { return .needsMore }
        return finish(at: position, next: position, high)
      }
      switch bytes[position] {
      case comma: position &+= 1
      case lineFeed:
        lineEnds &+= 1
        return finish(at: position, next: position &+ 1, high)
      default:
        // CR; whether LF belongs to it must be seen.
        if position &+ 1 == count, !isLast { return .needsMore }
        lineEnds &+= 1
        let isPair = position &+ 1 < count && bytes[position &+ 1] == lineFeed
        return finish(at: position, next: position &+ (isPair ? 2 : 1), high)
      }
    }
  }

  private mutating func finish(at end: Int, next: Int, _ high: UInt8) -> Step {
    self.end = end
    isASCII = high < 0x80
    return .record(next: next)
  }

  private mutating func note(_ fault: Fault) {
    if self.fault == nil { self.fault = fault }
  }

  /// What stands between a closing quote and the end of its cell.
  private func skipText(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ high: inout UInt8) {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return }
      high |= byte
      position &+= 1
    }
  }
}
