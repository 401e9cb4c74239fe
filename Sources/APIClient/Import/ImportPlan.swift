import CommandLineTable
import Wire

/// How the rows of one file become batch operations: made once from the header and the model.
struct ImportPlan {
  /// A part of the object, in the order in which it is written.
  enum Part {
    case text(column: Int, key: [UInt8])
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
  /// Whether the last column holds the reasons of an earlier refusal, which are not sent.
  let hasReasons: Bool

  /// Refuses unknown and repeated columns, with the nearest known names.
  init(headings: [String], model: ModelDescription) throws(ImportError) {
    self.headings = headings
    if headings.count == 1, let only = headings.first,
      let separator = only.first(where: { $0 == ";" || $0 == "\t" })
    {
      throw .header("the columns are separated by \(separator == ";" ? "semicolons" : "tabs"), not commas")
    }
    let known = model.columns
    var idColumn: Int?
    var parts: [Part] = []
    var places: [String: Int] = [:]
    var unknown: [String] = []
    for (index, heading) in headings.enumerated() {
      if headings[..<index].contains(heading) { throw .repeatedColumn(heading) }
      var column = model.column(heading)
      if column == nil, heading == RejectsFile.reasonHeading, index == headings.count - 1 {
        column = .ignored
      }
      switch column {
      case nil: unknown.append(heading)
      case .ignored?: break
      case .id?: idColumn = index
      case .text(let name)?: parts.append(.text(column: index, key: Self.key(name, before: ",")))
      case .truth(let name)?: parts.append(.truth(column: index, key: Self.key(name, before: ",")))
      case .choices(let name)?: parts.append(.choices(column: index, key: Self.key(name, before: ",")))
      case .location(let name, let part)?:
        let piece = (column: index, key: Self.key(part.rawValue, before: ""), isText: part.isText)
        if let place = places[name], case .location(let key, let pieces) = parts[place] {
          parts[place] = .location(key: key, parts: pieces + [piece])
        } else {
          places[name] = parts.count
          parts.append(.location(key: Self.key(name, before: ","), parts: [piece]))
        }
      }
    }
    guard unknown.isEmpty else {
      throw .unknownColumns(unknown, model: model.name, known: known.map(\.heading))
    }
    self.idColumn = idColumn
    self.hasReasons =
      headings.last == RejectsFile.reasonHeading && model.column(RejectsFile.reasonHeading) == nil
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

  /// A row's bytes up to the comma before its last cell.
  static func withoutLastCell(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ cells: [CSVCell]
  ) -> UnsafeRawBufferPointer {
    var end = (cells.last?.start ?? start) - 1
    // The cell's text begins behind its quote.
    if end > start, bytes[end] == UInt8(ascii: "\"") { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<max(end, start)])
  }
}
