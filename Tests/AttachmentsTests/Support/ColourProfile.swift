/// Colour profiles (ICC.1:2001) that say what a test needs of them: primaries and one exponent.
struct ColourProfile {
  private let space: String
  private let tags: [(name: String, data: [UInt8])]

  private static let exponent = 563.0 / 256

  /// Columns of red, green and blue, as they are under daylight of 5000 K.
  private init(_ primaries: [[Double]]) {
    space = "RGB "
    let curves = ["rTRC", "gTRC", "bTRC"].map { (name: $0, data: Self.curve) }
    tags = [("wtpt", Self.point(Self.white))] + zip(["rXYZ", "gXYZ", "bXYZ"], primaries.map(Self.point)) + curves
  }

  private init() {
    space = "GRAY"
    tags = [("wtpt", Self.point(Self.white)), ("kTRC", Self.curve)]
  }

  private static let white = [0.9642, 1, 0.8249]

  static let adobeRGB = ColourProfile([
    [0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457],
  ])
  /// Of phones; its curve is a little another one there.
  static let displayP3 = ColourProfile([
    [0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407],
  ])
  static let grey = ColourProfile()

  var bytes: [UInt8] {
    var directory = Self.number(UInt32(tags.count))
    var data: [UInt8] = []
    let start = 128 + 4 + 12 * tags.count
    for tag in tags {
      directory += Array(tag.name.utf8) + Self.number(UInt32(start + data.count)) + Self.number(UInt32(tag.data.count))
      data += tag.data
    }
    let size = start + data.count
    let head =
      Self.number(UInt32(size)) + Self.zeros(4) + Self.number(0x0210_0000) + Array("mntr\(space)XYZ ".utf8)
      + Self.zeros(12) + Array("acsp".utf8) + Self.zeros(28) + Self.fixed(Self.white) + Self.zeros(48)
    return head + directory + data
  }

  private static func point(_ values: [Double]) -> [UInt8] { Array("XYZ ".utf8) + zeros(4) + fixed(values) }

  private static var curve: [UInt8] {
    let exponent = UInt16((exponent * 256).rounded())
    return Array("curv".utf8) + zeros(4) + number(1) + [
      UInt8(exponent >> 8), UInt8(truncatingIfNeeded: exponent), 0, 0,
    ]
  }

  private static func fixed(_ values: [Double]) -> [UInt8] {
    values.flatMap { number(UInt32(bitPattern: Int32(($0 * 65_536).rounded()))) }
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static func number(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
