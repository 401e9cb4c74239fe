/// A part of an XML document in lines, each cut into what tags, attributes, values and comments are: for colours alone.
/// Any bytes may be given; what is no XML comes out as text.
struct MarkupLines: Sendable {
  enum Kind: Sendable { case text, tag, attribute, value, comment }

  struct Part: Sendable, Equatable {
    var kind: Kind
    var text: String
  }

  /// The lines that were asked for, from the first one on.
  private(set) var lines: [[Part]] = []
  let first: Int
  /// Lines of the whole document.
  private(set) var total = 0

  /// Bytes of one line, and of all lines, that are shown.
  static let mostOfLine = 10_000
  private static let mostBytes = 1 << 20

  private enum State { case text, inTag, afterName, comment, section, instruction, quoted(UInt8) }

  /// - Parameters:
  ///   - first: counted from 1.
  ///   - most: lines.
  init(_ bytes: [UInt8], from first: Int, most: Int) {
    self.first = first
    var reader = Reader(bytes: bytes)
    var room = Self.mostBytes
    while let line = reader.nextLine() {
      total += 1
      guard total >= first, lines.count < most, room > 0 else { continue }
      room -= line.reduce(0) { $0 + $1.range.count }
      lines.append(Self.parts(line, of: bytes))
    }
  }

  private static func parts(_ line: [Piece], of bytes: [UInt8]) -> [Part] {
    var left = mostOfLine
    var parts: [Part] = []
    for piece in line where left > 0 {
      let range = piece.range.prefix(left)
      left -= range.count
      parts.append(Part(kind: piece.kind, text: String(decoding: bytes[range], as: UTF8.self)))
    }
    if left == 0 { parts.append(Part(kind: .comment, text: "… the line goes on")) }
    return parts
  }

  private struct Piece {
    var kind: Kind
    var range: Range<Int>
  }

  private struct Reader {
    let bytes: [UInt8]
    private var offset = 0
    private var state = State.text
    private var isAtEnd = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil behind the last one. A line end at the very end begins no line.
    mutating func nextLine() -> [Piece]? {
      if offset >= bytes.count { return nil }
      var pieces: [Piece] = []
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
        let (kind, count) = step()
        let end = min(offset + count, bytes.count)
        if let last = pieces.last, last.kind == kind {
          pieces[pieces.count - 1].range = last.range.lowerBound..<end
        } else {
          pieces.append(Piece(kind: kind, range: offset..<end))
        }
        offset = end
      }
      offset += 1
      if let last = pieces.last, bytes[last.range.upperBound - 1] == UInt8(ascii: "\r") {
        pieces[pieces.count - 1].range = last.range.dropLast()
        if pieces[pieces.count - 1].range.isEmpty { pieces.removeLast() }
      }
      return pieces
    }

    private func isAhead(_ text: StaticString) -> Bool {
      text.withUTF8Buffer { $0.count <= bytes.count - offset && bytes[offset...].starts(with: $0) }
    }

    /// What stands here, and how many bytes of it.
    private mutating func step() -> (Kind, Int) {
      let byte = bytes[offset]
      switch state {
      case .text: return stepOfText(byte)
      case .inTag:
        if byte == UInt8(ascii: ">") { state = .text }
        if byte == 32 || byte == 9 { state = .afterName }
        return (.tag, 1)
      case .afterName: return stepInTag(byte)
      case .quoted(let quote):
        if byte == quote { state = .afterName }
        return (.value, 1)
      case .comment: return stepTo("-->", 3)
      case .section: return stepTo("]]>", 3)
      case .instruction: return stepTo(">", 1)
      }
    }

    private mutating func stepOfText(_ byte: UInt8) -> (Kind, Int) {
      guard byte == UInt8(ascii: "<") else { return (.text, 1) }
      if isAhead("<!--") {
        state = .comment
        return (.comment, 4)
      }
      if isAhead("<![CDATA[") {
        state = .section
        return (.comment, 9)
      }
      if isAhead("<?") || isAhead("<!") {
        state = .instruction
        return (.comment, 2)
      }
      state = .inTag
      return (.tag, 1)
    }

    private mutating func stepInTag(_ byte: UInt8) -> (Kind, Int) {
      switch byte {
      case UInt8(ascii: ">"):
        state = .text
        return (.tag, 1)
      case UInt8(ascii: "/"): return (.tag, 1)
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        state = .quoted(byte)
        return (.value, 1)
      case UInt8(ascii: "="), 32, 9, 13: return (.text, 1)
      default: return (.attribute, 1)
      }
    }

    private mutating func stepTo(_ end: StaticString, _ count: Int) -> (Kind, Int) {
      guard isAhead(end) else { return (.comment, 1) }
      state = .text
      return (.comment, count)
    }
  }
}
