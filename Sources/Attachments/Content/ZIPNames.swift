/// The names in a ZIP archive, as far as they tell an office document: its folder (api.md section 10).
enum ZIPNames {
  private static let endLength = 22
  /// A comment behind the end record may have so many bytes.
  private static let commentBytes = 65_535
  /// An office document lists its parts in far less.
  private static let directoryBytes = 4 << 20

  /// Empty where it is no archive, or no office document. There may be bytes before the archive, which its numbers
  /// may count or not: so the directory is also looked for where it ends, before the end record.
  static func traits(of source: some ByteSource) throws(BlobFault) -> ContentTraits {
    let tailLength = min(source.count, endLength + commentBytes)
    let tail = try source.bytes(at: source.count - tailLength, most: tailLength)
    guard let end = lastEnd(in: tail) else { return [] }
    let size = number(tail, at: end + 12, bytes: 4)
    guard size <= directoryBytes else { return [] }
    let endOffset = source.count - tailLength + end
    for start in [number(tail, at: end + 16, bytes: 4), endOffset - size]
    where start >= 0 && start <= source.count - size {
      let directory = try source.bytes(at: start, most: size)
      if directory.starts(with: entryStart) { return traits(inDirectory: directory) }
    }
    return []
  }

  private static let entryStart: [UInt8] = [0x50, 0x4b, 1, 2]

  /// Where the end record begins: the one whose comment ends with the file, else the last one.
  private static func lastEnd(in tail: [UInt8]) -> Int? {
    guard tail.count >= endLength else { return nil }
    var last: Int?
    for offset in stride(from: tail.count - endLength, through: 0, by: -1)
    where tail[offset] == 0x50 && tail[offset + 1] == 0x4b && tail[offset + 2] == 5 && tail[offset + 3] == 6 {
      if number(tail, at: offset + 20, bytes: 2) == tail.count - offset - endLength { return offset }
      last = last ?? offset
    }
    return last
  }

  private static func traits(inDirectory directory: [UInt8]) -> ContentTraits {
    var traits: ContentTraits = []
    var hasTypes = false
    var offset = 0
    while offset + 46 <= directory.count, directory[offset...].starts(with: entryStart) {
      let nameLength = number(directory, at: offset + 28, bytes: 2)
      let others = number(directory, at: offset + 30, bytes: 2) + number(directory, at: offset + 32, bytes: 2)
      guard offset + 46 + nameLength <= directory.count else { break }
      let name = plain(directory[offset + 46..<offset + 46 + nameLength])
      if name.elementsEqual("[content_types].xml".utf8) { hasTypes = true }
      if name.starts(with: "ppt/".utf8) { traits.insert(.presentation) }
      if name.starts(with: "xl/".utf8) { traits.insert(.spreadsheet) }
      if name.starts(with: "word/".utf8) { traits.insert(.document) }
      offset += 46 + nameLength + others
    }
    return hasTypes ? traits : []
  }

  /// Parts are called the same whatever the letter case; some programs write `\`, or a slash at the front.
  private static func plain(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let plain = name.map { byte in
      switch byte {
      case UInt8(ascii: "\\"): UInt8(ascii: "/")
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
    return plain.drop { $0 == UInt8(ascii: "/") }
  }

  /// Little-endian; the caller keeps it inside.
  private static func number(_ bytes: [UInt8], at offset: Int, bytes count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
