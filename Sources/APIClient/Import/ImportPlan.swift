import Wire

/// How the rows of one file become batch operations: made once from the header and the model.
struct ImportPlan {
  /// A part of the object, in the order in which it is written.
  enum Part {
    case text(column: Int, key: [UInt8])
    case words(column: Int, key: [UInt8])
    case json(column: Int, key: [UInt8])
    case truth(column: Int, key: [UInt8])
    case choices(column: Int, key: [UInt8])
    case location(key: [UInt8], parts: [(column: Int, key: [UInt8], isText: Bool)])
  }

  /// `{"method":"put","object":{"type":"flight","id":"`
  let prefix: [UInt8]
  let idColumn: Int?
  let parts: [Part]
  /// As they stand in the file, for messages.
  let headings: [String]
  /// The column that holds the reasons of an earlier refusal, which are not sent: the last one that has a name.
  let reasonColumn: Int?
  /// The columns without a name. Their cells must be empty.
  let nameless: [Int]
  /// How many cells a row must have: columns without a name behind all others may be missing.
  let fewestCells: Int

  /// Refuses unknown and repeated columns, with the nearest known names.
  init(headings: [String], model: ModelDescription) throws(ImportError) {
    self.headings = headings
    if headings.count == 1, let only = headings.first,
      let separator = only.first(where: { $0 == ";" || $0 == "\t" })
    {
      throw .header("the columns are separated by \(separator == ";" ? "semicolons" : "tabs"), not commas")
    }
    guard let last = headings.lastIndex(where: { !$0.isEmpty }) else {
      throw .header("the first line names no columns")
    }
    let known = model.columns
    var idColumn: Int?
    var parts: [Part] = []
    var indexes: [String: Int] = [:]
    var unknown: [String] = []
    for (index, heading) in headings.enumerated() where !heading.isEmpty {
      if headings[..<index].contains(heading) { throw .repeatedColumn(heading) }
      var column = model.column(heading)
      if column == nil, index == last, RejectsFile.isReasonHeading(heading) { column = .ignored }
      switch column {
      case nil: unknown.append(heading)
      case .ignored?: break
      case .id?: idColumn = index
      case .text(let name)?: parts.append(.text(column: index, key: Self.key(name, before: ",")))
      case .words(let name)?: parts.append(.words(column: index, key: Self.key(name, before: ",")))
      case .json(let name)?: parts.append(.json(column: index, key: Self.key(name, before: ",")))
      case .truth(let name)?: parts.append(.truth(column: index, key: Self.key(name, before: ",")))
      case .choices(let name)?: parts.append(.choices(column: index, key: Self.key(name, before: ",")))
      case .location(let name, let part)?:
        let piece = (column: index, key: Self.key(part.rawValue, before: ""), isText: part.isText)
        if let known = indexes[name], case .location(let key, let pieces) = parts[known] {
          parts[known] = .location(key: key, parts: pieces + [piece])
        } else {
          indexes[name] = parts.count
          parts.append(.location(key: Self.key(name, before: ","), parts: [piece]))
        }
      }
    }
    guard unknown.isEmpty else {
      throw .unknownColumns(unknown, model: model.name, known: known.map(\.heading))
    }
    self.idColumn = idColumn
    reasonColumn = model.column(headings[last]) == nil ? last : nil
    nameless = headings.indices.filter { headings[$0].isEmpty }
    fewestCells = last + 1
    self.parts = parts
    var prefix = ByteWriter()
    prefix.append("{\"method\":\"put\",\"object\":{\"type\":")
    prefix.append(quoted: model.name)
    prefix.append(",\"id\":\"")
    self.prefix = prefix.array
  }

  /// `,"name":`
  private static func key(_ name: String, before separator: StaticString) -> [UInt8] {
    var key = ByteWriter()
    key.append(separator)
    key.append(quoted: name)
    key.append(":")
    return key.array
  }

  /// How many columns the file has beside that of reasons.
  var columns: Int { headings.count - (reasonColumn == nil ? 0 : 1) }

  /// The reader's row as it stands in the file, without the reason of an earlier refusal, in two parts, and how
  /// many cells that are. A row that has too few or too many cells stays as it is: which of them is the reason
  /// is not sure. Good until the reader goes on.
  func rowWithoutReason(
    _ reader: borrowing CSVReader
  ) -> (head: UnsafeRawBufferPointer, tail: UnsafeRawBufferPointer, cells: Int) {
    let cells = reader.cells
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    guard let reasonColumn, (fewestCells...headings.count).contains(cells.count) else {
      return (reader.row, nothing, cells.count)
    }
    func start(_ column: Int) -> Int {
      cells[column].outerStart(in: reader.bytes, rowStart: reader.start) - reader.start
    }
    let row = reader.row
    // With the comma before it, or with the one behind it where it is the first.
    let first = reasonColumn == 0 ? 0 : start(reasonColumn) - 1
    let isLast = reasonColumn + 1 == cells.count
    let behind = isLast ? row.count : start(reasonColumn + 1) - (reasonColumn == 0 ? 0 : 1)
    return (
      UnsafeRawBufferPointer(rebasing: row[..<first]), UnsafeRawBufferPointer(rebasing: row[behind...]), cells.count - 1
    )
  }

  /// What a message calls a column.
  func name(_ column: Int) -> String {
    column < headings.count && !headings[column].isEmpty ? headings[column] : "column \(column + 1)"
  }
}
