import Testing
import Wire

@Suite("Case folding")
struct CaseFoldings {
  @Test(
    "makes one code point of one code point",
    arguments: [
      ("", ""), ("abc", "abc"), ("ABC xyz 019 @[`{", "abc xyz 019 @[`{"), ("AbCdEfGhIjKlMnOpQ", "abcdefghijklmnopq"),
      ("Straße", "straße"), ("\u{1E9E}", "ß"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("ς", "σ"), ("İ", "İ"), ("I", "i"),
      ("ı", "ı"), ("ſ", "s"), ("\u{212A}elvin", "kelvin"), ("\u{212B}", "å"), ("Å", "å"), ("A\u{30A}", "a\u{30A}"),
      ("Ǆǅǆ", "ǆǆǆ"), ("ÀÖØÞ×÷ÿŸ", "àöøþ×÷ÿÿ"), ("µ", "μ"), ("ﬁ", "ﬁ"), ("ŉ", "ŉ"), ("ΐ", "ΐ"),
      // The capitals are what small Cherokee letters fold to.
      ("\u{13A0}\u{AB70}\u{13F8}", "\u{13A0}\u{13A0}\u{13F0}"), ("ЁЖ", "ёж"), ("Ⅷ", "ⅷ"), ("Ⓐ", "ⓐ"), ("Ａ", "ａ"),
      ("\u{10400}\u{10428}", "\u{10428}\u{10428}"), ("\u{1E900}", "\u{1E922}"), ("Ω", "ω"), ("ᾈ", "ᾀ"),
      // Two bytes that become three, and three that become one.
      ("\u{23A}\u{23E}", "\u{2C65}\u{2C66}"),
      (String(repeating: "\u{23A}", count: 9), String(repeating: "ⱥ", count: 9)),
      ("日本 😀", "日本 😀"), ("AAAAAAAAÄAAAAAAAAÄ", "aaaaaaaaäaaaaaaaaä"), ("1234567Z1234567[", "1234567z1234567["),
    ])
  func folded(text: String, expected: String) {
    #expect(Array(CaseFolding.folded(text).utf8) == Array(expected.utf8))
  }

  @Test("does nothing more the second time, and folds a capital to what its small letter folds to")
  func whole() {
    var changed = 0
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let folded = CaseFolding.folded(scalar)
      if folded != scalar { changed += 1 }
      #expect(CaseFolding.folded(folded) == folded, "U+\(String(value, radix: 16))")
      // Letters that came after the table's version have no folding in it.
      guard let age = scalar.properties.age, age.major <= 14 else { continue }
      let small = scalar.properties.lowercaseMapping.unicodeScalars
      if small.count == 1, let small = small.first, small != scalar {
        #expect(CaseFolding.folded(small) == folded, "U+\(String(value, radix: 16))")
      }
    }
    // Statuses C and S of CaseFolding.txt.
    #expect(changed == 1428 + 26)
  }

  @Test(
    "copies what is no UTF-8",
    arguments: [
      [0xFF], [0xC3], [0x41, 0xC3, 0x41], [0xC0, 0x80], [0xC1, 0x81], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE1, 0xBA], [0xE1, 0x41, 0x41], [0x80, 0xBF],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func broken(bytes: [UInt8]) {
    let folded = [UInt8](unsafeUninitializedCapacity: CaseFolding.mostBytes(of: bytes.count)) { target, count in
      count = bytes.withUnsafeBytes { CaseFolding.fold($0, into: UnsafeMutableRawBufferPointer(target)) }
    }
    #expect(folded == bytes.map { $0 == 0x41 ? 0x61 : $0 })
  }

  @Test("never needs more room than it says, with any bytes")
  func room() {
    var generator = SplitMix(state: 14)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        UInt8.random(in: generator.next() % 2 == 0 ? 0...255 : 0xC0...0xCF, using: &generator)
      }
      let count = bytes.withUnsafeBytes { source in
        withUnsafeTemporaryAllocation(byteCount: CaseFolding.mostBytes(of: bytes.count), alignment: 1) {
          CaseFolding.fold(source, into: $0)
        }
      }
      #expect(count <= CaseFolding.mostBytes(of: bytes.count))
    }
  }
}
