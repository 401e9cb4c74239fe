/// What bytes are, found by looking at them (api.md section 10). Some are several things at once: an SVG
/// is XML and text.
///
/// The numbers are kept beside attachments: none ever changes its meaning.
package struct ContentTraits: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let png = ContentTraits(rawValue: 1 << 0)
  package static let jpeg = ContentTraits(rawValue: 1 << 1)
  package static let webp = ContentTraits(rawValue: 1 << 2)
  package static let heic = ContentTraits(rawValue: 1 << 3)
  /// It begins as a PDF does, after blanks at most.
  package static let pdf = ContentTraits(rawValue: 1 << 4)
  /// A well-formed document with the root `svg`.
  package static let svg = ContentTraits(rawValue: 1 << 5)
  /// A well-formed document.
  package static let xml = ContentTraits(rawValue: 1 << 6)
  package static let presentation = ContentTraits(rawValue: 1 << 7)
  package static let spreadsheet = ContentTraits(rawValue: 1 << 8)
  package static let document = ContentTraits(rawValue: 1 << 9)
  /// The container of the older office formats, and of encrypted ones.
  package static let ole2 = ContentTraits(rawValue: 1 << 10)
  /// UTF-8 without U+0000.
  package static let text = ContentTraits(rawValue: 1 << 11)
  /// UTF-16 with a byte order mark, without U+0000.
  package static let utf16Text = ContentTraits(rawValue: 1 << 12)
  /// Bytes without NUL that are neither: text in some older encoding.
  package static let byteText = ContentTraits(rawValue: 1 << 13)
  /// A PDF behind something else, such as a line that a mail program or a printer wrote.
  package static let latePDF = ContentTraits(rawValue: 1 << 14)
  package static let rtf = ContentTraits(rawValue: 1 << 15)
  package static let html = ContentTraits(rawValue: 1 << 16)
  /// A workbook or a document as one XML file, as Office 2003 writes it.
  package static let officeXML = ContentTraits(rawValue: 1 << 17)

  /// Pictures that have smaller variants.
  package static let picture: ContentTraits = [.png, .jpeg, .webp, .heic]
  package static let anyText: ContentTraits = [.text, .utf16Text, .byteText]
  /// What carries the names `.doc` and `.xls` in practice.
  package static let olderOffice: ContentTraits = [.ole2, .rtf, .html, .officeXML]
  private static let newerOffice: ContentTraits = [.presentation, .spreadsheet, .document]
  /// Formats whose signature says that nothing more is to be looked at.
  private static let binary: ContentTraits = [.png, .jpeg, .webp, .heic, .ole2]

  /// So many bytes tell everything but whether the rest is well-formed.
  private static let headBytes = 4096
  /// Readers of PDF look for its beginning so far.
  private static let pdfBytes = 1024

  /// Looks at the bytes: once through all of them, in constant memory.
  package static func found(in source: some ByteSource) throws(BlobFault) -> ContentTraits {
    let head = try source.bytes(at: 0, most: headBytes)
    var traits = signature(head)
    if !traits.contains(.pdf), holdsPDF(head.prefix(pdfBytes)) { traits.insert(.latePDF) }
    guard traits.isDisjoint(with: binary) else { return traits }
    traits.formUnion(try ZIPNames.traits(of: source))
    guard traits.isDisjoint(with: newerOffice) else { return traits }
    var text = TextCheck(head: head)
    var document: XMLCheck? = XMLCheck.mayBegin(head) ? XMLCheck(head: head) : nil
    try source.walk { piece in
      text.add(piece)
      if let check = document, !check.add(piece) { document = nil }
      return text.isUndecided || document != nil
    }
    traits.formUnion(text.traits)
    if let document, let root = document.finish() {
      traits.insert(.xml)
      switch root {
      case "svg": traits.insert(.svg)
      case "Workbook", "wordDocument": traits.insert(.officeXML)
      default: break
      }
    }
    let start = MarkupStart(head)
    if start.isRTF { traits.insert(.rtf) }
    if start.isHTML, !traits.isDisjoint(with: anyText) { traits.insert(.html) }
    return traits
  }

  private static func signature(_ head: [UInt8]) -> ContentTraits {
    if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { return .png }
    if head.starts(with: [0xff, 0xd8, 0xff]) { return .jpeg }
    if head.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) { return .ole2 }
    if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBP".utf8) { return .webp }
    if head.dropFirst(4).starts(with: "ftyp".utf8) {
      let brand = String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)
      if heicBrands.contains(brand) { return .heic }
    }
    return MarkupStart.withoutLead(head).starts(with: pdfStart) ? .pdf : []
  }

  private static let pdfStart = Array("%PDF-".utf8)

  private static func holdsPDF(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.firstRange(of: pdfStart) != nil }

  private static let heicBrands: Set<String> = [
    "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1",
  ]
}

extension ContentTraits {
  /// What the bytes look like, for people: the narrowest that is known.
  package var words: String {
    let known: [(ContentTraits, String)] = [
      (.png, "a PNG picture"), (.jpeg, "a JPEG picture"), (.webp, "a WebP picture"), (.heic, "a HEIC picture"),
      (.svg, "an SVG drawing"), (.pdf, "a PDF"), (.latePDF, "a PDF behind other bytes"),
      (.presentation, "an OOXML presentation (.pptx)"), (.spreadsheet, "an OOXML spreadsheet (.xlsx)"),
      (.document, "an OOXML document (.docx)"), (.ole2, "an older or encrypted office file (OLE2)"),
      (.rtf, "RTF"), (.officeXML, "an office file in XML"), (.html, "HTML"), (.xml, "XML"), (.text, "text in UTF-8"),
      (.utf16Text, "text in UTF-16"), (.byteText, "text that is not in UTF-8"),
    ]
    return known.first { contains($0.0) }?.1 ?? "binary data of another kind"
  }
}
