import JSON
import Wire

extension ImportPlan {
  /// Writes a row as one operation of a batch: `{"method":"put","object":{…}}`.
  ///
  /// A row without an id gets `freshID`: its repetition after a broken connection then writes nothing
  /// new (api.md section 8). Returns why the row cannot be sent; what was written is then to be cut off.
  func write(
    _ cells: [CSVCell], of bytes: UnsafeRawBufferPointer, into body: inout ByteWriter,
    freshID: () -> ObjectID
  ) -> String? {
    guard (fewestCells...headings.count).contains(cells.count) else {
      return "the row has \(CountText.of(cells.count, "cell")), the first line \(headings.count)"
    }
    for column in nameless where column < cells.count && !cells[column].isEmpty {
      let words = CutText.cut(String(decoding: bytes[cells[column].start..<cells[column].end], as: UTF8.self))
      return "\(name(column)): '\(words)' stands under no name; name the column in the first line or empty the cell"
    }
    body.append(prefix)
    if let idColumn, !cells[idColumn].isEmpty {
      Self.append(cells[idColumn], of: bytes, to: &body)
    } else {
      body.append(id: freshID())
    }
    body.append(UInt8(ascii: "\""))
    for part in parts {
      switch part {
      case .text(let column, let key):
        let cell = cells[column]
        if cell.isEmpty { continue }
        body.append(key)
        Self.appendQuoted(cell, of: bytes, to: &body)
      case .words(let column, let key):
        let cell = cells[column]
        if cell.isEmpty, !cell.isQuoted(in: bytes) { continue }
        body.append(key)
        Self.appendQuoted(cell, of: bytes, to: &body)
      case .json(let column, let key):
        let cell = cells[column]
        if cell.isEmpty { continue }
        body.append(key)
        if let reason = appendJSON(cell, column, of: bytes, to: &body) { return reason }
      case .truth(let column, let key):
        let cell = cells[column]
        if cell.isEmpty { continue }
        body.append(key)
        if let truth = TruthText.read(utf8: UnsafeRawBufferPointer(rebasing: bytes[cell.start..<cell.end])) {
          body.append(truth ? "true" : "false")
        } else {
          Self.appendQuoted(cell, of: bytes, to: &body)
        }
      case .choices(let column, let key):
        let cell = cells[column]
        if cell.isEmpty { continue }
        body.append(key)
        Self.appendChoices(cell, of: bytes, to: &body)
      case .location(let key, let pieces):
        if let reason = appendLocation(key, pieces, cells, of: bytes, to: &body) { return reason }
      }
    }
    body.append("}}")
    return nil
  }

  private func appendJSON(
    _ cell: CSVCell, _ column: Int, of bytes: UnsafeRawBufferPointer, to body: inout ByteWriter
  ) -> String? {
    let text = Self.unescaped(cell, of: bytes)
    guard (try? JSONDocument.read(text)) != nil else { return "\(name(column)): '\(CutText.cut(text))' is no JSON" }
    body.append(text: text)
    return nil
  }

  private func appendLocation(
    _ key: [UInt8], _ pieces: [(column: Int, key: [UInt8], isText: Bool)], _ cells: [CSVCell],
    of bytes: UnsafeRawBufferPointer, to body: inout ByteWriter
  ) -> String? {
    var isFirst = true
    for piece in pieces {
      let cell = cells[piece.column]
      if cell.isEmpty { continue }
      if isFirst {
        body.append(key)
        body.append(UInt8(ascii: "{"))
      } else {
        body.append(UInt8(ascii: ","))
      }
      isFirst = false
      body.append(piece.key)
      let text = UnsafeRawBufferPointer(rebasing: bytes[cell.start..<cell.end])
      if piece.isText {
        Self.appendQuoted(cell, of: bytes, to: &body)
      } else if NumberText.double(utf8: text) != nil {
        body.append(text)
      } else if NumberText.double(looselyUTF8: text) != nil {
        // A number for people, such as `+4`, but none of JSON.
        Self.appendQuoted(cell, of: bytes, to: &body)
      } else {
        let words = CutText.cut(String(decoding: text, as: UTF8.self))
        let hint = text.contains(UInt8(ascii: ",")) ? "; write a decimal point instead of the comma" : ""
        return "\(headings[piece.column]): '\(words)' is not a number\(hint)"
      }
    }
    if !isFirst { body.append(UInt8(ascii: "}")) }
    return nil
  }

  /// `a|b` as `["a","b"]`, `|` as `[]`, and a JSON array of texts as itself: keys may have a `|` of their own.
  private static func appendChoices(
    _ cell: CSVCell, of bytes: UnsafeRawBufferPointer, to body: inout ByteWriter
  ) {
    if let json = jsonList(cell, of: bytes) { return body.append(text: json) }
    let bar = UInt8(ascii: "|")
    body.append(UInt8(ascii: "["))
    if cell.end - cell.start > 1 || bytes[cell.start] != bar {
      var rest = cell
      while let offset = bytes[rest.start..<rest.end].firstIndex(of: bar) {
        appendQuoted(CSVCell(start: rest.start, end: offset, isEscaped: rest.isEscaped), of: bytes, to: &body)
        body.append(UInt8(ascii: ","))
        rest.start = offset + 1
      }
      appendQuoted(rest, of: bytes, to: &body)
    }
    body.append(UInt8(ascii: "]"))
  }

  /// Nil for what does not begin with `["`, or is no such array.
  private static func jsonList(_ cell: CSVCell, of bytes: UnsafeRawBufferPointer) -> String? {
    let cellBytes = bytes[cell.start..<cell.end]
    guard cellBytes.starts(with: [UInt8(ascii: "["), UInt8(ascii: "\"")]) else { return nil }
    let text = unescaped(cell, of: bytes)
    guard let root = try? JSONDocument.read(text).root, root.isArray, root.elements.allSatisfy(\.isString) else {
      return nil
    }
    return text
  }

  private static func unescaped(_ cell: CSVCell, of bytes: UnsafeRawBufferPointer) -> String {
    let text = String(decoding: bytes[cell.start..<cell.end], as: UTF8.self)
    return cell.isEscaped ? text.replacing("\"\"", with: "\"") : text
  }

  @inline(__always)
  private static func appendQuoted(
    _ cell: CSVCell, of bytes: UnsafeRawBufferPointer, to body: inout ByteWriter
  ) {
    body.append(UInt8(ascii: "\""))
    append(cell, of: bytes, to: &body)
    body.append(UInt8(ascii: "\""))
  }

  /// The cell's text as the inside of a JSON text.
  private static func append(
    _ cell: CSVCell, of bytes: UnsafeRawBufferPointer, to body: inout ByteWriter
  ) {
    guard cell.isEscaped else {
      body.append(escapedUTF8: UnsafeRawBufferPointer(rebasing: bytes[cell.start..<cell.end]))
      return
    }
    // Every quote inside is doubled: the first of two is written, escaped, and the second left out.
    var position = cell.start
    while let quote = bytes[position..<cell.end].firstIndex(of: UInt8(ascii: "\"")) {
      body.append(escapedUTF8: UnsafeRawBufferPointer(rebasing: bytes[position...quote]))
      position = min(quote + 2, cell.end)
    }
    body.append(escapedUTF8: UnsafeRawBufferPointer(rebasing: bytes[position..<cell.end]))
  }
}
