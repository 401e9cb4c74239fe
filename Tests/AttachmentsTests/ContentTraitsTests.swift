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
    Example("a PNG's signature cut short", [0x89, 0x50, 0x4e, 0x47], []),
    Example("a JPEG", [0xff, 0xd8, 0xff, 0xe0, 0, 16], .jpeg),
    Example("a WebP", Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WEBPVP8 ".utf8), .webp),
    Example("another RIFF", Array("RIFF".utf8) + [1, 2, 3, 0] + Array("WAVE".utf8), []),
    Example("a HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8), .heic),
    Example("an MP4 is none", [0, 0, 0, 24] + Array("ftypisom".utf8), []),
    Example("a PDF of text alone", "%PDF-1.4\nhello", [.pdf, .text]),
    Example("a PDF with binary parts", Array("%PDF-1.4\n".utf8) + [0xff, 0], .pdf),
    Example("an older office file", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], .ole2),
    Example("plain text", "Grüße, 東京", .text),
    Example("text with U+0000", "a\0b", []),
    Example("text cut inside a character", Array("Gr\u{fc}".utf8.dropLast()), []),
    Example("an overlong spelling", [0xc0, 0xaf], []),
    Example("a surrogate", [0xed, 0xa0, 0x80], []),
    Example("beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], []),
    Example("an SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>", [.svg, .xml, .text]),
    Example(
      "an SVG with declaration and type",
      "<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg><g/></svg>",
      [.svg, .xml, .text]),
    Example("an SVG with a prefix", "\u{feff}<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", [.svg, .xml, .text]),
    Example("an SVG that is not closed", "<svg><g></svg>", .text),
    Example("markup behind the root", "<svg/><svg/>", .text),
    Example("another document", "<order><line/></order>", [.xml, .text]),
    Example("HTML that is no XML", "<!doctype html><p>one<p>two", .text),
    Example("a document that declares entities", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", .text),
    Example(
      "a document nested too deeply",
      String(repeating: "<a>", count: 1001) + String(repeating: "</a>", count: 1001), .text),
    Example("a ZIP's beginning alone", [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 60), []),
    Example("a Word document", archive(["[Content_Types].xml", "word/document.xml"]), .document),
    Example("a spreadsheet", archive(["_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"]), .spreadsheet),
    Example("a presentation", archive(["[Content_Types].xml", "ppt/presentation.xml"]), .presentation),
    Example("a ZIP of other things", archive(["a.txt", "word.txt"]), []),
    Example("an office folder without the list of types", archive(["word/document.xml"]), []),
    Example("a ZIP with a comment", archive(["[Content_Types].xml", "xl/a"], comment: "hello"), .spreadsheet),
  ]

  @Test("are told by looking at them", arguments: examples)
  func traits(_ example: Example) throws {
    #expect(try ContentTraits.found(in: MemorySource(example.bytes)) == example.traits)
  }

  @Test("a directory that points outside the archive is none")
  func forgedDirectory() throws {
    for place in 12..<20 {
      var bytes = Self.archive(["[Content_Types].xml", "word/a"])
      bytes[bytes.count - 22 + place] = 0xff
      #expect(try ContentTraits.found(in: MemorySource(bytes)).isDisjoint(with: [.spreadsheet, .presentation]))
    }
  }

  @Test("text is told across the pieces in which it is read")
  func longText() throws {
    let text = Array(String(repeating: "ä€😀", count: 200_000).utf8)
    #expect(try ContentTraits.found(in: MemorySource(text)) == .text)
    #expect(try ContentTraits.found(in: MemorySource(text + [0])) == [])
  }

  /// An archive of empty files with these names.
  static func archive(_ names: [String], comment: String = "") -> [UInt8] {
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
    return files + directory + end + number(directory.count, 4) + number(files.count, 4)
      + number(comment.utf8.count, 2) + Array(comment.utf8)
  }
}
