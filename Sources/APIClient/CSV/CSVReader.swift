import Wire

/// Reads a CSV file row by row in constant memory: a window of 256 KiB that grows to the limit of a row.
///
/// ```swift
/// var reader = CSVReader(source)
/// while try reader.next() {
///   for cell in reader.cells { … reader.bytes[cell.start..<cell.end] … }
/// }
/// ```
///
/// Empty lines are skipped, and so are rows of commas alone, as spreadsheets write them; these are counted.
/// What `bytes` gives is good until the next call of `next`.
struct CSVReader: ~Copyable {
  static let rowLimit = 4 << 20

  private var window: CSVWindow
  private var scanner = CSVScanner()
  private var nextLine = 1

  /// Where the current row begins in `bytes`.
  private(set) var start = 0
  /// The line on which the current row begins.
  private(set) var line = 0
  /// How many bytes of the file are used up, the current row included.
  private(set) var offset = 0
  /// How many rows of commas alone were skipped so far.
  private(set) var emptyRows = 0

  /// `windowSize` is small in tests alone.
  init(_ source: any CSVSource, windowSize: Int = 256 << 10) {
    window = CSVWindow(source, size: windowSize)
  }

  var bytes: UnsafeRawBufferPointer { window.bytes }
  var cells: [CSVCell] { scanner.cells }
  var fault: CSVScanner.Fault? { scanner.fault }
  var isASCII: Bool { scanner.isASCII }
  /// The current row as it stands in the file, without its line end.
  var row: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start..<scanner.end]) }
  /// The line behind the current row.
  var lineBehind: Int { nextLine }

  /// Goes to the next row; false when there is none.
  mutating func next() throws(CSVFault) -> Bool {
    if offset == 0, window.unread == 0 { try skipMark() }
    while true {
      switch scanner.scan(bytes, from: window.unread, isLast: window.isAtEnd) {
      case .record(let next):
        start = window.unread
        line = nextLine
        offset += next - start
        window.unread = next
        nextLine += scanner.lineEnds
        if scanner.end - start > Self.rowLimit { throw .longRow(line: line) }
        if scanner.end == start { continue }
        if Self.isEmpty(row) {
          emptyRows += 1
          continue
        }
        return true
      case .needsMore: try window.fill(line: nextLine)
      case .end: return false
      case .unclosedQuote: throw .unclosedQuote(line: nextLine)
      }
    }
  }

  /// Whether a row, without its line end, has nothing but commas. Quotes say that a cell is there.
  static func isEmpty(_ row: UnsafeRawBufferPointer) -> Bool { row.allSatisfy { $0 == UInt8(ascii: ",") } }

  /// A mark of UTF-8 is skipped; other encodings give themselves away by their marks.
  private mutating func skipMark() throws(CSVFault) {
    while bytes.count < 4, !window.isAtEnd { try window.fill(line: nextLine) }
    let first = Array(bytes.prefix(3))
    if first == [0xEF, 0xBB, 0xBF] {
      window.unread = 3
      offset = 3
    } else if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) {
      throw .encoding("UTF-16")
    }
    if window.isUsedUp { throw .empty }
  }
}
