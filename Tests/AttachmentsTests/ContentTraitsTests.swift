import Testing

@testable import Attachments

@Suite("What bytes are")
struct ContentTraitsTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let traits: ContentTraits

    init(_ description: String, _ bytes: [UInt8], _ traits: ContentTraits) {
      testDescription = description
      self.bytes = bytes
      self.traits = traits
    }

    init(_ description: String, _ text: String, _ traits: ContentTraits) {
      self.init(description, Array(text.utf8), traits)
    }
  }

  static let examples: [Example] = [
    Example("nothing at all is text", "", .text),
    Example("a PNG by its signature", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], .png),
    Example("a PNG's signature cut short", [0x89, 0x50, 0x4e, 0x47], .byteText),
    Example("a JPEG", [0xff, 0xd8, 0xff, 0xe0, 0, 16], .jpeg),
    Example("a WebP", Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WEBPVP8 ".utf8), .webp),
    Example("another RIFF", Array("RIFF".utf8) + [1, 2, 3, 0] + Array("WAVE".utf8), []),
    Example("a HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8), .heic),
    Example("an MP4 is none", [0, 0, 0, 24] + Array("ftypisom".utf8), []),
    Example("a PDF of text alone", "%PDF-1.4\nhello", [.pdf, .text]),
    Example("a PDF with binary parts", Array("%PDF-1.4\n".utf8) + [0xff, 0], .pdf),
    Example("a PDF behind a line", "X-Printer: 7\n%PDF-1.4\n", [.latePDF, .text]),
    Example("a PDF behind a mark and a blank", "\u{feff} %PDF-1.4", [.pdf, .text]),
    Example("a PDF whose beginning ends at 1024", [UInt8](repeating: 0, count: 1019) + Array("%PDF-".utf8), .latePDF),
    Example("one that begins too late", [UInt8](repeating: 0, count: 1020) + Array("%PDF-".utf8), []),
    Example("RTF", "{\\rtf1\\ansi hello}", [.rtf, .text]),
    Example("a table that is saved as .xls", "<TABLE border=1><tr><td>1", [.html, .text]),
    Example(
      "a page of an office program", "<!-- x -->\n<html xmlns:o='urn:schemas-microsoft-com:office:office'><p>a",
      [.html, .text]),
    Example("a page in UTF-16", utf16("<html><p>a<p>b"), [.html, .utf16Text]),
    Example("a page with NULs", "<html>\0", []),
    Example("markup that is no page", "<htmlx a='", .text),
    Example(
      "a workbook in XML",
      "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
        + "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", [.officeXML, .xml, .text]),
    Example("a document of Word 2003", "<w:wordDocument xmlns:w='w'/>", [.officeXML, .xml, .text]),
    Example("an older office file", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], .ole2),
    Example("plain text", "Grüße, 東京", .text),
    Example("text with U+0000", "a\0b", []),
    Example("text cut inside a character", Array("Gr\u{fc}".utf8.dropLast()), .byteText),
    Example("text in UTF-16, little end first", utf16("Grüße, 東京 😀"), .utf16Text),
    Example("text in UTF-16, big end first", utf16("Grüße", isLittle: false), .utf16Text),
    Example("the mark of UTF-16 alone", [0xff, 0xfe], .utf16Text),
    Example("UTF-16 with U+0000", utf16("a\0b"), []),
    Example("UTF-16 of an odd number of bytes", utf16("ab") + [0x41], []),
    Example("UTF-16 without a mark", Array(utf16("ab").dropFirst(2)), []),
    Example("text in windows-1252", [0x47, 0x72, 0xfc, 0xdf, 0x65, 0x80], .byteText),
    Example("an overlong spelling", [0xc0, 0xaf], .byteText),
    Example("a surrogate", [0xed, 0xa0, 0x80], .byteText),
    Example("beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], .byteText),
    Example("an SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>", [.svg, .xml, .text]),
    Example(
      "an SVG with declaration and type",
      "<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg><g/></svg>",
      [.svg, .xml, .text]),
    Example("an SVG with a prefix", "\u{feff}<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", [.svg, .xml, .text]),
    Example("an SVG in UTF-16", utf16("<?xml version='1.0' encoding='UTF-16'?><svg/>"), [.svg, .xml, .utf16Text]),
    Example("an SVG in UTF-16, big end first", utf16("<svg>é</svg>", isLittle: false), [.svg, .xml, .utf16Text]),
    Example("an SVG in UTF-16 without a mark", Array(utf16("<svg>é</svg>").dropFirst(2)), [.svg, .xml]),
    Example(
      "an SVG that says UTF-16 and is UTF-8", "<?xml version=\"1.0\" encoding=\"utf-16\"?><svg>é</svg>",
      [.svg, .xml, .text]),
    Example(
      "an SVG with entities of its own, as drawing programs write it",
      """
      <?xml version="1.0" encoding="utf-8"?>
      <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
        <!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY ns_xlink "http://www.w3.org/1999/xlink">
        <!ENTITY st0 "fill:#FFFFFF;stroke:#000000;">
      ]>
      <svg xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;"><path style="&st0;" d="M0,0"/><text>&ns_svg;</text></svg>
      """, [.svg, .xml, .text]),
    Example(
      "an SVG that asks for a file", "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
      [.svg, .xml, .text]),
    Example("an entity that nobody declared", "<svg>&x;</svg>", .text),
    Example("an entity that names itself", "<!DOCTYPE a [<!ENTITY x '&x;'>]><a>&x;</a>", .text),
    Example("an SVG that is not closed", "<svg><g></svg>", .text),
    Example("markup behind the root", "<svg/><svg/>", .text),
    Example("another document", "<order><line/></order>", [.xml, .text]),
    Example("HTML that is no XML", "<!doctype html><p>one<p>two", [.html, .text]),
    Example("a document that declares entities", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", [.xml, .text]),
    Example(
      "a document nested too deeply",
      String(repeating: "<a>", count: 1001) + String(repeating: "</a>", count: 1001), .text),
    Example("a document in windows-1252", encoded("windows-1252"), [.xml, .byteText]),
    Example("a document in ISO-8859-15", encoded("ISO-8859-15"), [.xml, .byteText]),
    Example("a document in windows-1251", encoded("windows-1251"), [.xml, .byteText]),
    Example("a document in an encoding that nobody knows", encoded("x-nowhere"), [.xml, .byteText]),
    Example(
      "a document whose names are not ASCII",
      Array("<?xml version='1.0' encoding='koi8-r'?><a".utf8) + [0xc1, 0x20, 0xc2] + Array("='1' ".utf8) + [0xc7]
        + Array("='2'></a".utf8) + [0xc1] + Array(">".utf8), [.xml, .byteText]),
    Example("a document in windows-1252 that says nothing", encoded(nil), .byteText),
    Example("a ZIP's beginning alone", [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 60), []),
    Example("a Word document", archive(["[Content_Types].xml", "word/document.xml"]), .document),
    Example("a spreadsheet", archive(["_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"]), .spreadsheet),
    Example("a presentation", archive(["[Content_Types].xml", "ppt/presentation.xml"]), .presentation),
    Example("a ZIP of other things", archive(["a.txt", "word.txt"]), []),
    Example("an office folder without the list of types", archive(["word/document.xml"]), []),
    Example("a Word document with \\ in names", archive(["[Content_Types].xml", "word\\document.xml"]), .document),
    Example("names in other letter case", archive(["[content_types].XML", "/XL/workbook.xml"]), .spreadsheet),
    Example("bytes before the archive", Array("HTTP/1.1 200\n\n".utf8) + spreadsheet, .spreadsheet),
    Example(
      "bytes before it that its numbers count",
      [UInt8](repeating: 7, count: 9) + archive(["[Content_Types].xml", "ppt/a"], lead: 9), .presentation),
    Example("bytes behind it", spreadsheet + [1, 2, 3], .spreadsheet),
    Example("a ZIP with a comment", archive(["[Content_Types].xml", "xl/a"], comment: "hello"), .spreadsheet),
  ]

  @Test("are told by looking at them", arguments: examples)
  func traits(_ example: Example) throws {
    #expect(try ContentTraits.found(in: MemorySource(example.bytes)) == example.traits)
  }

  @Test("a directory that points outside the archive is none")
  func forgedDirectory() throws {
    for offset in 12..<20 {
      var bytes = Self.archive(["[Content_Types].xml", "word/a"])
      bytes[bytes.count - 22 + offset] = 0xff
      #expect(try ContentTraits.found(in: MemorySource(bytes)).isDisjoint(with: [.spreadsheet, .presentation]))
    }
  }

  @Test("text is told across the pieces in which it is read")
  func longText() throws {
    let text = Array(String(repeating: "ä€😀", count: 200_000).utf8)
    #expect(try ContentTraits.found(in: MemorySource(text)) == .text)
    #expect(try ContentTraits.found(in: MemorySource(text + [0])) == [])
  }

  private static let spreadsheet = archive(["[Content_Types].xml", "xl/workbook.xml"])

  private static func utf16(_ text: String, isLittle: Bool = true) -> [UInt8] {
    ([0xfeff] + Array(text.utf16)).flatMap { unit in
      let halves = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
      return isLittle ? halves : halves.reversed()
    }
  }

  /// A document with bytes that are no UTF-8.
  private static func encoded(_ name: String?) -> [UInt8] {
    let declaration = name.map { "<?xml version='1.0' encoding='\($0)'?>" } ?? ""
    return Array("\(declaration)<a b='".utf8) + [0xfc, 0x80] + Array("'>".utf8) + [0xdf, 0xff] + Array("</a>".utf8)
  }

  /// Documents that would grow without bounds, or keep the parser's memory.
  private static let bombs: [(what: String, text: @Sendable () -> String)] = [
    ("a billion laughs", { "<!DOCTYPE svg [\(laughs)]><svg>&l9;</svg>" }),
    ("a billion laughs in an attribute", { "<!DOCTYPE svg [\(laughs)]><svg a='&l9;'/>" }),
    (
      "one large entity many times",
      {
        "<!DOCTYPE svg [<!ENTITY x '\(String(repeating: "x", count: 50_000))'>]><svg>"
          + String(repeating: "&x;", count: 10_000) + "</svg>"
      }
    ),
    (
      "entities in more than is looked at",
      {
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg>" + String(repeating: " ", count: XMLCheck.mostBytesWithEntities)
          + "</svg>"
      }
    ),
    ("a tag without an end", { "<svg " + String(repeating: "a", count: XMLCheck.mostMemoryBytes / 2 + (2 << 20)) }),
    (
      "more names than the parser may keep",
      { "<svg>" + (0..<1_500_000).map { "<n\($0)/>" }.joined() + "</svg>" }
    ),
    (
      "more attributes than it may keep", { "<svg " + (0..<900_000).map { "n\($0)=''" }.joined(separator: " ") + "/>" }
    ),
  ]

  private static let laughs =
    "<!ENTITY l0 'haha'>"
    + (1...9).map { "<!ENTITY l\($0) '\(String(repeating: "&l\($0 - 1);", count: 10))'>" }.joined()

  @Test("a document that grows without bounds is none", arguments: bombs.indices)
  func bomb(index: Int) throws {
    let bomb = Self.bombs[index]
    let source = MemorySource(Array(bomb.text().utf8))
    let began = ContinuousClock.now
    #expect(try ContentTraits.found(in: source) == .text, "\(bomb.what)")
    // Milliseconds of a machine that does nothing else, and some for the debug build's look at each byte.
    #expect(ContinuousClock.now - began < .seconds(20), "\(bomb.what)")
  }

  @Test("a drawing that holds a photo of some megabytes is one")
  func largeTag() throws {
    let photo = String(repeating: "QUJD", count: 1_500_000)
    let text = "<svg><image href='data:image/jpeg;base64,\(photo)'/></svg>"
    #expect(try ContentTraits.found(in: MemorySource(Array(text.utf8))) == [.svg, .xml, .text])
  }

  @Test("each kind has its words, the narrowest first")
  func words() {
    #expect(ContentTraits([.svg, .xml, .text]).words == "an SVG drawing")
    #expect(ContentTraits([.html, .byteText]).words == "HTML")
    #expect(ContentTraits([]).words == "binary data of another kind")
    for bit in 0...17 { #expect(ContentTraits(rawValue: 1 << bit).words != ContentTraits([]).words, "\(bit)") }
  }

  /// An archive of empty files with these names, whose numbers count `lead` bytes that stand before it.
  static func archive(_ names: [String], comment: String = "", lead: Int = 0) -> [UInt8] {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var files: [UInt8] = []
    var directory: [UInt8] = []
    for name in names {
      let start = files.count
      files +=
        [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 22) + number(name.utf8.count, 2) + [0, 0] + Array(name.utf8)
      directory += [0x50, 0x4b, 1, 2] + [UInt8](repeating: 0, count: 24) + number(name.utf8.count, 2)
      directory += [UInt8](repeating: 0, count: 12) + number(start, 4) + Array(name.utf8)
    }
    let end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + number(names.count, 2) + number(names.count, 2)
    return files + directory + end + number(directory.count, 4) + number(files.count + lead, 4)
      + number(comment.utf8.count, 2) + Array(comment.utf8)
  }
}
