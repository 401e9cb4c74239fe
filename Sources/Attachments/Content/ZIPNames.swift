/// The names in a ZIP archive, as far as they tell an office document: its folder (api.md section 10).
enum ZIPNames {
  private static let endLength = 22
  /// A comment behind the end record may have so many bytes.
  private static let commentBytes = 65_535
  /// An office document lists its parts in far less.
  private static let directoryBytes = 4 << 20

  /// Empty where it is no archive, or no office document.
  static func traits(of source: some ByteSource) throws(BlobFault) -> ContentTraits {
    let tailLength = min(source.count, endLength + commentBytes)
    let tail = try source.bytes(at: source.count - tailLength, most: tailLength)
    guard let end = lastEnd(in: tail) else { return [] }
    let size = number(tail, at: end + 12, bytes: 4)
    let start = number(tail, at: end + 16, bytes: 4)
    guard size <= directoryBytes, start <= source.count, size <= source.count - start else { return [] }
    return traits(inDirectory: try source.bytes(at: start, most: size))
  }

  private static func lastEnd(in tail: [UInt8]) -> Int? {
    guard tail.count >= endLength else { return nil }
    return stride(from: tail.count - endLength, through: 0, by: -1).first { place in
      tail[place] == 0x50 && tail[place + 1] == 0x4b && tail[place + 2] == 5 && tail[place + 3] == 6
        && number(tail, at: place + 20, bytes: 2) == tail.count - place - endLength
    }
  }

  private static func traits(inDirectory directory: [UInt8]) -> ContentTraits {
    var traits: ContentTraits = []
    var hasTypes = false
    var place = 0
    while place + 46 <= directory.count, directory[place...].starts(with: [0x50, 0x4b, 1, 2]) {
      let nameLength = number(directory, at: place + 28, bytes: 2)
      let others = number(directory, at: place + 30, bytes: 2) + number(directory, at: place + 32, bytes: 2)
      guard place + 46 + nameLength <= directory.count else { break }
      let name = directory[place + 46..<place + 46 + nameLength]
      if name.elementsEqual("[Content_Types].xml".utf8) { hasTypes = true }
      if name.starts(with: "ppt/".utf8) { traits.insert(.presentation) }
      if name.starts(with: "xl/".utf8) { traits.insert(.spreadsheet) }
      if name.starts(with: "word/".utf8) { traits.insert(.document) }
      place += 46 + nameLength + others
    }
    return hasTypes ? traits : []
  }

  /// Little-endian; the caller keeps it inside.
  private static func number(_ bytes: [UInt8], at place: Int, bytes count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
