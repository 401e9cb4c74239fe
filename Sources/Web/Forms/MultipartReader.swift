import Glibc
import Wire

/// Reads `multipart/form-data` as browsers send it, piece by piece: fields whole, files as they come.
///
/// ```swift
/// var reader = try MultipartReader(contentType: "multipart/form-data; boundary=x")
/// for part in try reader.read(piece) { … }
/// guard reader.isComplete else { … }
/// ```
///
/// Names are taken as they stand between their quotes: browsers write `%22` for a quote, and a backslash is one.
/// Everything has a bound.
package struct MultipartReader: Sendable {
  package enum Part: Sendable, Equatable {
    case field(name: String, value: String)
    /// A file begins; its bytes follow.
    case file(name: String, fileName: String)
    case bytes([UInt8])
    case endOfFile
  }

  /// Why a body is refused.
  package enum Fault: Error, Sendable, Equatable {
    /// It is not what browsers send.
    case malformed(String)
    case tooManyParts(limit: Int)
    case headTooLong(limit: Int)
    /// Of all fields together, without files.
    case fieldsTooLong(limit: Int)
  }

  package static let mostParts = 2000
  static let mostOfHead = 4 << 10
  private static let mostOfBoundary = 70

  private enum State: Sendable {
    /// Behind a boundary, whose line may end, or the body with it.
    case boundary
    case head
    case field(name: String)
    case file
    case end
  }

  private var state = State.boundary
  /// What is looked for at the end of each part.
  private let delimiter: [UInt8]
  /// Read, and not dealt with yet. The first boundary has no line end before it.
  private var rest: [UInt8]
  /// So many bytes of `rest` have been looked through: a part that comes in many pieces is not read over and over.
  private var searched = 0
  private var isFirst = true
  private var parts = 0
  private var fieldBytes = 0
  private let mostOfFields: Int

  package var isComplete: Bool { if case .end = state { true } else { false } }

  /// - Parameter mostOfFields: bytes of all fields together.
  package init(contentType: String, mostOfFields: Int) throws(Fault) {
    guard let boundary = Self.boundary(in: contentType) else {
      throw .malformed("it says no boundary between its parts")
    }
    delimiter = Array("\r\n--\(boundary)".utf8)
    rest = [13, 10]
    self.mostOfFields = mostOfFields
  }

  /// Whether a body is of this type.
  package static func isType(_ contentType: String?) -> Bool {
    contentType?.lowercased().hasPrefix("multipart/form-data") ?? false
  }

  private static func boundary(in contentType: String) -> String? {
    guard let start = contentType.range(of: "boundary=", folding: true) else { return nil }
    var text = contentType[start...]
    if text.first == "\"" {
      text = text.dropFirst()
      guard let end = text.firstIndex(of: "\"") else { return nil }
      text = text[..<end]
    } else {
      text = text.prefix { $0 != ";" && $0 != " " }
    }
    let isGood = text.utf8.allSatisfy { (33...126).contains($0) || $0 == 32 } && text.utf8.last != 32
    return !text.isEmpty && text.utf8.count <= mostOfBoundary && isGood ? String(text) : nil
  }

  /// The parts that these bytes complete or go on with.
  package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> [Part] {
    rest.append(contentsOf: bytes)
    var found: [Part] = []
    while try step(&found) {}
    return found
  }

  /// False where more bytes are needed.
  private mutating func step(_ found: inout [Part]) throws(Fault) -> Bool {
    switch state {
    case .end:
      rest = []
      return false
    case .boundary: return try readBoundary()
    case .head: return try readHead(&found)
    case .field(let name):
      guard let end = Self.index(of: delimiter, in: rest, from: searched) else {
        searched = max(rest.count - delimiter.count, 0)
        guard rest.count <= mostOfFields - fieldBytes + delimiter.count else {
          throw .fieldsTooLong(limit: mostOfFields)
        }
        return false
      }
      fieldBytes += end
      guard fieldBytes <= mostOfFields else { throw .fieldsTooLong(limit: mostOfFields) }
      found.append(.field(name: name, value: String(decoding: rest[..<end], as: UTF8.self)))
      go(on: end + delimiter.count, as: .boundary)
      return true
    case .file: return readFile(&found)
    }
  }

  private mutating func readBoundary() throws(Fault) -> Bool {
    if isFirst {
      guard rest.count >= delimiter.count else { return false }
      guard rest.starts(with: delimiter) else { throw .malformed("it does not begin with its boundary") }
      isFirst = false
      go(on: delimiter.count, as: .boundary)
    }
    guard rest.count >= 2 else { return false }
    switch (rest[0], rest[1]) {
    case (13, 10): go(on: 2, as: .head)
    case (45, 45): go(on: rest.count, as: .end)
    default: throw .malformed("a boundary is followed by something else than a line end")
    }
    return true
  }

  private mutating func readHead(_ found: inout [Part]) throws(Fault) -> Bool {
    guard let end = Self.index(of: [13, 10, 13, 10], in: rest) else {
      guard rest.count <= Self.mostOfHead else { throw .headTooLong(limit: Self.mostOfHead) }
      return false
    }
    guard end <= Self.mostOfHead else { throw .headTooLong(limit: Self.mostOfHead) }
    parts += 1
    guard parts <= Self.mostParts else { throw .tooManyParts(limit: Self.mostParts) }
    let head = String(decoding: rest[..<end], as: UTF8.self)
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = Self.parameter("name", in: line)
    else { throw .malformed("a part has no name") }
    fieldBytes += name.utf8.count
    if let fileName = Self.parameter("filename", in: line) {
      found.append(.file(name: name, fileName: fileName))
      go(on: end + 4, as: .file)
    } else {
      go(on: end + 4, as: .field(name: name))
    }
    return true
  }

  /// `name="…"`, literally.
  private static func parameter(_ name: String, in line: Substring) -> String? {
    guard let start = line.range(of: "; \(name)=\"", folding: true) else { return nil }
    let text = line[start...]
    guard let end = text.utf8.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    return String(text[..<end])
  }

  private mutating func readFile(_ found: inout [Part]) -> Bool {
    if let end = Self.index(of: delimiter, in: rest) {
      if end > 0 { found.append(.bytes(Array(rest[..<end]))) }
      found.append(.endOfFile)
      go(on: end + delimiter.count, as: .boundary)
      return true
    }
    // What may be the beginning of a boundary waits.
    let sure = rest.count - (delimiter.count - 1)
    if sure > 0 {
      found.append(.bytes(Array(rest[..<sure])))
      go(on: sure, as: .file)
    }
    return false
  }

  private mutating func go(on count: Int, as next: State) {
    rest.removeFirst(count)
    searched = 0
    state = next
  }

  /// Looks for the needle's first byte, then compares: line ends are rare in what is large.
  private static func index(of needle: [UInt8], in bytes: [UInt8], from first: Int = 0) -> Int? {
    guard let letter = needle.first, bytes.count >= needle.count else { return nil }
    return bytes.withUnsafeBytes { bytes in
      var start = first
      while start <= bytes.count - needle.count,
        let hit = memchr(bytes.baseAddress! + start, Int32(letter), bytes.count - needle.count - start + 1)
      {
        let offset = UnsafeRawPointer(hit) - bytes.baseAddress!
        if memcmp(hit, needle, needle.count) == 0 { return offset }
        start = offset + 1
      }
      return nil
    }
  }
}

extension StringProtocol {
  /// The index behind the first occurrence of an ASCII text, whatever its case.
  fileprivate func range(of needle: String, folding: Bool) -> Index? {
    let wanted = Array(needle.utf8)
    var start = utf8.startIndex
    while start != utf8.endIndex {
      let part = utf8[start...].prefix(wanted.count)
      if part.count == wanted.count, zip(part, wanted).allSatisfy({ $0.0 | 0x20 == $0.1 | 0x20 }) {
        return part.endIndex
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
