/// What bytes are, found by looking at them (api.md section 10). Some are several things at once: an SVG
/// is XML and text.
package struct ContentTraits: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let png = ContentTraits(rawValue: 1 << 0)
  package static let jpeg = ContentTraits(rawValue: 1 << 1)
  package static let webp = ContentTraits(rawValue: 1 << 2)
  package static let heic = ContentTraits(rawValue: 1 << 3)
  package static let pdf = ContentTraits(rawValue: 1 << 4)
  /// A well-formed document with the root `svg`.
  package static let svg = ContentTraits(rawValue: 1 << 5)
  /// A well-formed document.
  package static let xml = ContentTraits(rawValue: 1 << 6)
  package static let presentation = ContentTraits(rawValue: 1 << 7)
  package static let spreadsheet = ContentTraits(rawValue: 1 << 8)
  package static let document = ContentTraits(rawValue: 1 << 9)
  /// The container of the older office formats.
  package static let ole2 = ContentTraits(rawValue: 1 << 10)
  /// UTF-8 without U+0000.
  package static let text = ContentTraits(rawValue: 1 << 11)

  /// Pictures that have smaller variants.
  package static let picture: ContentTraits = [.png, .jpeg, .webp, .heic]

  /// Looks at the bytes: once through all of them, in constant memory.
  package static func found(in source: some ByteSource) throws(BlobFault) -> ContentTraits {
    let head = try source.bytes(at: 0, most: 64)
    var traits = signature(head)
    if head.starts(with: [0x50, 0x4b, 3, 4]) { traits.formUnion(try ZIPNames.traits(of: source)) }
    // What begins with the signature of a binary format cannot be text; nothing more is to be looked at.
    guard traits.isEmpty || traits == .pdf else { return traits }
    var text = UTF8Check()
    var document: XMLCheck? = XMLCheck.mayBegin(head) ? XMLCheck() : nil
    try source.walk { piece in
      text.add(piece)
      if let check = document, !check.add(piece) { document = nil }
      return text.isGood || document != nil
    }
    if text.isWhole { traits.insert(.text) }
    if let document, let root = document.finish() {
      traits.insert(.xml)
      if root == "svg" { traits.insert(.svg) }
    }
    return traits
  }

  private static func signature(_ head: [UInt8]) -> ContentTraits {
    if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { return .png }
    if head.starts(with: [0xff, 0xd8, 0xff]) { return .jpeg }
    if head.starts(with: "%PDF-".utf8) { return .pdf }
    if head.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) { return .ole2 }
    if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBP".utf8) { return .webp }
    if head.dropFirst(4).starts(with: "ftyp".utf8) {
      let brand = String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)
      if heicBrands.contains(brand) { return .heic }
    }
    return []
  }

  private static let heicBrands: Set<String> = [
    "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1",
  ]
}
