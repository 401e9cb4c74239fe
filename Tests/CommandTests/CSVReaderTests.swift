import Testing
import Wire

@testable import APIClient

@Suite("A CSV file")
struct CSVReaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let rows: [[String]]
    let lines: [Int]
    /// How many rows of commas alone there are.
    let empty: Int
    var testDescription: String { text.debugDescription }
    init(_ text: String, _ rows: [[String]], lines: [Int], empty: Int = 0) {
      self.text = text
      self.rows = rows
      self.lines = lines
      self.empty = empty
    }
  }

  static let cases = [
    Case("a,b\n1,2\n", [["a", "b"], ["1", "2"]], lines: [1, 2]),
    Case("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]], lines: [1, 2]),
    Case("a,b\r1,2", [["a", "b"], ["1", "2"]], lines: [1, 2]),
    Case("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]], lines: [1, 2]),
    Case("a\n\n\r\n1\n\n", [["a"], ["1"]], lines: [1, 4]),
    Case("\"\",\n\"\",x\n", [["", ""], ["", "x"]], lines: [1, 2]),
    Case(",,\n,,,\r\na,b\n,\n\n,c\n,,\n", [["a", "b"], ["", "c"]], lines: [3, 6], empty: 4),
    Case(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", [], lines: [], empty: 1),
    Case("\"a\nb\r\nc\rd\",e\nf,g", [["a\nb\r\nc\rd", "e"], ["f", "g"]], lines: [1, 5]),
    Case("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"\"d"]], lines: [1]),
    Case("Zürich,東京,🛫\n", [["Zürich", "東京", "🛫"]], lines: [1]),
    Case("a, b ,c", [["a", " b ", "c"]], lines: [1]),
    Case("\"\"\"\"", [["\"\""]], lines: [1]),
  ]

  private func read(_ text: String, chunk: Int, window: Int) throws(CSVFault) -> (
    rows: [[String]], lines: [Int], empty: Int
  ) {
    var reader = CSVReader(TextSource(text, chunk: chunk), windowSize: window)
    var rows: [[String]] = []
    var lines: [Int] = []
    while try reader.next() {
      rows.append(
        reader.cells.map {
          String(decoding: UnsafeRawBufferPointer(rebasing: reader.bytes[$0.start..<$0.end]), as: UTF8.self)
        })
      lines.append(reader.line)
    }
    #expect(reader.offset == text.utf8.count)
    return (rows, lines, reader.emptyRows)
  }

  @Test("is read the same whatever the pieces in which it comes", arguments: cases)
  func pieces(_ example: Case) throws {
    for chunk in [1, 2, 3, 5, 7, .max] {
      for window in [16, 17, 64, 4096] {
        let (rows, lines, empty) = try read(example.text, chunk: chunk, window: window)
        #expect(rows == example.rows)
        #expect(lines == example.lines)
        #expect(empty == example.empty)
      }
    }
  }

  @Test("marks rows whose cells are not sure, and reads on")
  func faults() throws {
    var reader = CSVReader(TextSource("a,5\" pipe\n\"x\"y,b\nc,d\n"))
    var faults: [CSVScanner.Fault?] = []
    while try reader.next() { faults.append(reader.fault) }
    #expect(faults == [.quoteInCell(column: 1), .textBehindQuote(column: 0), nil])
  }

  @Test("that cannot be read says why, with the line")
  func refusals() {
    #expect(throws: CSVFault.empty) { try read("", chunk: 9, window: 64) }
    #expect(throws: CSVFault.empty) { try read("\u{FEFF}", chunk: 9, window: 64) }
    #expect(throws: CSVFault.unclosedQuote(line: 2)) { try read("a\n\"b\nc\n", chunk: 9, window: 16) }
    #expect(throws: CSVFault.encoding("UTF-16")) {
      var reader = CSVReader(TextSource(bytes: [0xFF, 0xFE, 0x61, 0]))
      _ = try reader.next()
    }
  }

  @Test("has rows of bounded size")
  func bounds() throws {
    let long = String(repeating: "x", count: CSVReader.rowLimit + 10)
    #expect(throws: CSVFault.longRow(line: 2)) {
      try read("a\n\"" + long + long + long, chunk: .max, window: 256 << 10)
    }
    #expect(throws: CSVFault.longRow(line: 2)) { try read("a\n" + long + "\n", chunk: .max, window: 8 << 20) }
    var reader = CSVReader(TextSource(String(repeating: "x", count: CSVScanner.cellLimit + 1) + ",b\n"))
    #expect(try reader.next())
    #expect(reader.fault == .longCell(column: 0))
    var wide = CSVReader(TextSource(String(repeating: ",", count: CSVScanner.columnLimit) + "a"))
    #expect(try wide.next())
    #expect(wide.fault == .tooManyCells)
    #expect(wide.cells.count == CSVScanner.columnLimit)
  }

  @Test("of random bytes is read to its end or refused")
  func noise() {
    var generator = SplitMix(seed: 7)
    let alphabet = Array("a,\"\n\r\u{0}é".utf8)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      var reader = CSVReader(TextSource(bytes: bytes), windowSize: 16)
      var rows = 0
      do {
        while try reader.next() {
          rows += 1
          for cell in reader.cells { #expect(cell.start <= cell.end && cell.end <= reader.bytes.count) }
        }
      } catch {
        #expect(error != .cannotRead(""))
      }
      #expect(rows <= bytes.count)
    }
  }
}
