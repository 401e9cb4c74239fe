import CZlib

/// Writes PNG files (RFC 2083) whose pixels are stored, not compressed.
struct PNGFile {
  var width: Int
  var height: Int
  /// Whether pixels have a fourth byte, their transparency.
  var hasAlpha = false
  /// What each pixel has, without its transparency: three values, or one of a grey.
  var pixel: [UInt8] = [10, 120, 200]
  /// The colour profile that it carries.
  var profile: [UInt8]?

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  var bytes: [UInt8] {
    let pixel = pixel + (hasAlpha ? [128] : [])
    var rows: [UInt8] = []
    for _ in 0..<height {
      rows.append(0)
      for _ in 0..<width { rows += pixel }
    }
    return head + Self.chunk("IDAT", Self.stored(rows)) + Self.chunk("IEND", [])
  }

  /// What stands before the pixels.
  var head: [UInt8] {
    Self.signature
      + Self.chunk("IHDR", Self.number(width) + Self.number(height) + [8, kind, 0, 0, 0])
      + (profile.map { Self.chunk("iCCP", Array("of the test".utf8) + [0, 0] + Self.stored($0)) } ?? [])
  }

  private var kind: UInt8 { (pixel.count == 1 ? 0 : 2) + (hasAlpha ? 4 : 0) }

  /// The first pixel of a PNG, which no filter changes; nil where it is none.
  static func firstPixel(of picture: [UInt8]) -> [UInt8]? {
    guard let size = size(of: picture), picture.starts(with: signature) else { return nil }
    var packed: [UInt8] = []
    var offset = 8
    while offset + 12 <= picture.count {
      let length = picture[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      if picture[offset + 4..<offset + 8].elementsEqual("IDAT".utf8) {
        packed += picture[offset + 8..<offset + 8 + length]
      }
      offset += 12 + length
    }
    var rows = [UInt8](repeating: 0, count: (size[0] * 8 + 1) * size[1])
    var count = uLong(rows.count)
    guard uncompress(&rows, &count, packed, uLong(packed.count)) == Z_OK, count > 4 else { return nil }
    return Array(rows[1..<5])
  }

  /// A head that is followed by next to nothing.
  var bomb: [UInt8] { head + Self.chunk("IDAT", Self.stored([0])) + Self.chunk("IEND", []) }

  /// Width and height as a PNG or JPEG says.
  static func size(of picture: [UInt8]) -> [Int]? {
    if picture.starts(with: signature), picture.count > 24 {
      return [16, 20].map { offset in picture[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    }
    var offset = 2
    while offset + 9 < picture.count, picture[offset] == 0xff {
      let marker = picture[offset + 1]
      if (0xc0...0xcf).contains(marker), marker != 0xc4, marker != 0xc8, marker != 0xcc {
        let height = Int(picture[offset + 5]) << 8 | Int(picture[offset + 6])
        return [Int(picture[offset + 7]) << 8 | Int(picture[offset + 8]), height]
      }
      offset += 2 + (Int(picture[offset + 2]) << 8 | Int(picture[offset + 3]))
    }
    return nil
  }

  private static func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return number(data.count) + body + number(Int(checksum(body)))
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var first: UInt32 = 1
    var second: UInt32 = 0
    for byte in data {
      first = (first + UInt32(byte)) % 65_521
      second = (second + first) % 65_521
    }
    for start in stride(from: 0, to: data.count, by: 65_535) {
      let block = data[start..<min(start + 65_535, data.count)]
      let length = UInt16(block.count)
      stream.append(start + 65_535 >= data.count ? 1 : 0)
      for value in [length, ~length] { stream += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
      stream += block
    }
    return stream + number(Int(second << 16 | first))
  }

  private static let table: [UInt32] = (0..<256).map { value in
    (0..<8).reduce(UInt32(value)) { rest, _ in rest & 1 == 1 ? 0xedb8_8320 ^ rest >> 1 : rest >> 1 }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xff)] ^ $0 >> 8 }
  }
}

extension PNGFile {
  /// A JPEG of 16 × 8 pixels that its EXIF data says to turn by a quarter, with words in them.
  static let turnedJPEG = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/4QA8RXhpZgAATU0AKgAAAAgAAgEOAAIAAAAOAAAAJgESAAMAAAABAAYAAAAAAAB0YWtlbiBhdCBob21lAP\
    /bAEMADQkKCwoIDQsKCw4ODQ8TIBUTEhITJxweFyAuKTEwLiktLDM6Sj4zNkY3LC1AV0FGTE5SU1IyPlphWlBgSlFST//bAEMBDg4OExETJhUV\
    Jk81LTVPT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT//AABEIAAgAEAMBIgACEQEDEQH/xAAWAAEBAQ\
    AAAAAAAAAAAAAAAAAABQb/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAABf/EABkRAAIDAQAAAAAAAAAAAAAAAABD\
    BYHBBv/aAAwDAQACEQMRAD8AyqQBPnGVoxPLvD//2Q==
    """
}
