import Wire

/// A batch on its way: the request's body, and the rows as they stood in the file, should one be
/// refused.
struct ImportBatch: Sendable {
  /// A row that was not sent, and why. `rowsBefore` is how many sent rows stand before it.
  struct Unsendable: Sendable {
    let rowsBefore: Int
    let row: [UInt8]
    let cells: Int
    let reason: String
  }

  let body: ByteBlock
  let rows: ByteBlock
  /// Where each sent row ends in `rows`.
  let ends: [Int]
  let unsendable: [Unsendable]
  /// How many rows of commas alone were skipped since the batch before.
  let empty: Int
  /// How much of the file is used up with this batch, in bytes.
  let offset: Int
  /// The line behind it.
  let lineBehind: Int

  var count: Int { ends.count }

  /// A sent row as it stood in the file.
  func row(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: rows.bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }
}

/// Fills batches from a file: the part of an import that costs processor time.
struct BatchBuilder: ~Copyable {
  private var reader: CSVReader
  private let plan: ImportPlan
  private let rowLimit: Int
  private let byteLimit: Int
  private let freshID: @Sendable () -> ObjectID
  /// How many of the reader's empty rows earlier batches have told.
  private var emptyRowsTold = 0

  /// The reader stands behind the header.
  init(
    _ reader: consuming CSVReader, plan: ImportPlan, rowLimit: Int, byteLimit: Int,
    freshID: @escaping @Sendable () -> ObjectID
  ) {
    self.reader = reader
    self.plan = plan
    self.rowLimit = rowLimit
    self.byteLimit = byteLimit
    self.freshID = freshID
  }

  /// The next batch; nil at the end of the file. A fault of the file is given after the rows before it.
  mutating func next() -> (batch: ImportBatch?, fault: CSVFault?) {
    var body = ByteWriter(capacity: 256 << 10)
    var rows = ByteWriter(capacity: 128 << 10)
    var ends: [Int] = []
    ends.reserveCapacity(rowLimit)
    var unsendable: [ImportBatch.Unsendable] = []
    var unsendableBytes = 0
    var emptyBesideReason = 0
    var fault: CSVFault?
    body.append("{\"operations\":[")
    while ends.count < rowLimit, unsendable.count < rowLimit, body.count + unsendableBytes < byteLimit {
      do throws(CSVFault) {
        guard try reader.next() else { break }
      } catch {
        fault = error
        break
      }
      let (head, tail, cells) = plan.rowWithoutReason(reader)
      // A row that was refused, and was emptied since.
      if plan.reasonColumn != nil, CSVReader.isEmpty(head), CSVReader.isEmpty(tail) {
        emptyBesideReason += 1
        continue
      }
      let length = body.count
      if !ends.isEmpty { body.append(UInt8(ascii: ",")) }
      let reason = writeRow(into: &body)
      if let reason {
        body.truncate(to: length)
        unsendable.append(.init(rowsBefore: ends.count, row: Array(head) + Array(tail), cells: cells, reason: reason))
        unsendableBytes += head.count + tail.count
      } else {
        rows.append(head)
        rows.append(tail)
        // Columns without a name may be missing; the reason is to stand behind them.
        for _ in cells..<max(plan.columns, cells) { rows.append(UInt8(ascii: ",")) }
        ends.append(rows.count)
      }
    }
    let empty = reader.emptyRows - emptyRowsTold + emptyBesideReason
    if ends.isEmpty, unsendable.isEmpty, empty == 0 { return (nil, fault) }
    emptyRowsTold = reader.emptyRows
    body.append("]}")
    let batch = ImportBatch(
      body: body.detach(), rows: rows.detach(), ends: ends, unsendable: unsendable, empty: empty,
      offset: reader.offset, lineBehind: reader.lineBehind)
    return (batch, fault)
  }

  private func writeRow(into body: inout ByteWriter) -> String? {
    let prefix = "line \(reader.line): "
    if let fault = reader.fault { return prefix + plan.sentence(fault) }
    if !reader.isASCII, String(validating: reader.row, as: UTF8.self) == nil {
      return prefix + "the row is not UTF-8"
    }
    return plan.write(reader.cells, of: reader.bytes, into: &body, freshID: freshID).map { prefix + $0 }
  }
}

extension ImportPlan {
  func sentence(_ fault: CSVScanner.Fault) -> String {
    switch fault {
    case .quoteInCell(let column):
      "\(name(column)): a quote stands within the cell; put the whole cell in quotes and double it"
    case .textBehindQuote(let column): "\(name(column)): text follows the closing quote"
    case .tooManyCells: "the row has more than \(CSVScanner.columnLimit) cells"
    case .longCell(let column): "\(name(column)): the cell is longer than \(CSVScanner.cellLimit >> 20) MiB"
    }
  }
}
