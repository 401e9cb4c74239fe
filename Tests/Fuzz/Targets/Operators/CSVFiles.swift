import Wire

@testable import APIClient

/// CSV files: in one window and in many small ones they have the same rows, and rows print as they are read.
enum CSVFiles {
  private struct Outcome: Equatable {
    var rows: [[String]] = []
    var lines: [Int] = []
    var faults: [CSVScanner.Fault?] = []
    var empty = 0
    var fault: CSVFault?
  }

  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (choice, file) = input.choiceAndRest
    let whole = outcome(file.bytes, chunk: file.bytes.count + 1, window: 1 << 16)
    let cut = outcome(file.bytes, chunk: choice % 16 + 1, window: choice / 16 + 16)
    try promise(cut, is: whole, "in a small window")
    guard whole.fault == nil, whole.faults.allSatisfy({ $0 == nil }), !whole.rows.isEmpty else { return }
    let printed = whole.rows.map { row in
      row.map { "\"\(doubled($0))\"" }.joined(separator: ",") + "\r\n"
    }.joined()
    let again = outcome(Array(printed.utf8), chunk: 1000, window: 1 << 16)
    try promise(again.rows, is: whole.rows, "rows are read as they are printed")
  }

  /// By scalars: a mark behind a quote makes one character of both.
  private static func doubled(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) }
  }

  private static func single(_ text: String) -> String {
    var isSecond = false
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      isSecond = scalar == "\"" && !isSecond
      if scalar != "\"" || isSecond { result.unicodeScalars.append(scalar) }
    }
  }

  private static func outcome(_ bytes: [UInt8], chunk: Int, window: Int) -> Outcome {
    var outcome = Outcome()
    var reader = CSVReader(ByteChunks(bytes, chunk: chunk), windowSize: window)
    do throws(CSVFault) {
      while try reader.next() {
        outcome.rows.append(
          reader.cells.map { cell in
            let text = String(
              decoding: UnsafeRawBufferPointer(rebasing: reader.bytes[cell.start..<cell.end]), as: UTF8.self)
            return cell.isEscaped ? single(text) : text
          })
        outcome.lines.append(reader.line)
        outcome.faults.append(reader.fault)
      }
    } catch {
      outcome.fault = error
    }
    outcome.empty = reader.emptyRows
    return outcome
  }
}

/// Bytes that come so many at a time. `@unchecked Sendable` is safe: one reader has it, on one thread.
private final class ByteChunks: CSVSource, @unchecked Sendable {
  private let bytes: [UInt8]
  private let chunk: Int
  private var offset = 0

  init(_ bytes: [UInt8], chunk: Int) {
    self.bytes = bytes
    self.chunk = chunk
  }

  var size: Int? { bytes.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(chunk, buffer.count, bytes.count - offset)
    buffer.copyBytes(from: bytes[offset..<offset + count])
    offset += count
    return count
  }
}
