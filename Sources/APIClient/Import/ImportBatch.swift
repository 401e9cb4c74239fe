import Wire

/// A batch on its way: the request's body, and the rows as they stood in the file, should one be
/// refused.
struct ImportBatch: Sendable {
  /// A row that was not sent, and why. `place` is how many sent rows stand before it.
  struct Unsendable: Sendable {
    let place: Int
    let row: [UInt8]
    let cells: Int
    let reason: String
  }

  let body: ByteBlock
  let rows: ByteBlock
  /// Where each sent row ends in `rows`.
  let ends: [Int]
  let unsendable: [Unsendable]
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
    var fault: CSVFault?
    body.append("{\"operations\":[")
    while ends.count < rowLimit, unsendable.count < rowLimit, body.count + unsendableBytes < byteLimit {
      do throws(CSVFault) {
        guard try reader.next() else { break }
      } catch {
        fault = error
        break
      }
      let length = body.count
      if !ends.isEmpty { body.append(UInt8(ascii: ",")) }
      let reason = writeRow(into: &body)
      let (row, cells) = rowForRejects()
      if let reason {
        body.truncate(to: length)
        unsendable.append(.init(place: ends.count, row: Array(row), cells: cells, reason: reason))
        unsendableBytes += row.count
      } else {
        rows.append(row)
        ends.append(rows.count)
      }
    }
    if ends.isEmpty, unsendable.isEmpty { return (nil, fault) }
    body.append("]}")
    let batch = ImportBatch(
      body: body.detach(), rows: rows.detach(), ends: ends, unsendable: unsendable, offset: reader.offset,
      lineBehind: reader.lineBehind)
    return (batch, fault)
  }

  /// The row as it stands in the file, without the reason of an earlier refusal.
  private func rowForRejects() -> (row: UnsafeRawBufferPointer, cells: Int) {
    let cells = reader.cells
    guard plan.hasReasons, cells.count == plan.headings.count, cells.count > 1 else {
      return (reader.row, cells.count)
    }
    return (ImportPlan.withoutLastCell(reader.bytes, from: reader.start, cells), cells.count - 1)
  }

  private func writeRow(into body: inout ByteWriter) -> String? {
    let place = "line \(reader.line): "
    if let fault = reader.fault { return place + plan.sentence(fault) }
    if !reader.isASCII, String(validating: reader.row, as: UTF8.self) == nil {
      return place + "the row is not UTF-8"
    }
    return plan.write(reader.cells, of: reader.bytes, into: &body, freshID: freshID).map { place + $0 }
  }
}

extension ImportPlan {
  func sentence(_ fault: CSVScanner.Fault) -> String {
    func name(_ column: Int) -> String {
      column < headings.count ? headings[column] : "column \(column + 1)"
    }
    return switch fault {
    case .quoteInCell(let column):
      "\(name(column)): a quote stands within the cell; put the whole cell in quotes and double it"
    case .textBehindQuote(let column): "\(name(column)): text follows the closing quote"
    case .tooManyCells: "the row has more than \(CSVScanner.columnLimit) cells"
    case .longCell(let column): "\(name(column)): the cell is longer than \(CSVScanner.cellLimit >> 20) MiB"
    }
  }
}
