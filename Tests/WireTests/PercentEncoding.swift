import Testing
import Wire

@Suite("Percent-encoding")
struct PercentEncoding {
  @Test(
    "is decoded",
    arguments: [
      ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%41%6a%6A", "Ajj"), ("a+b", "a+b"), ("%2B", "+"),
      ("%25", "%"), ("%2541", "%41"), ("%C3%A9", "é"), ("%F0%9F%98%80", "😀"), ("é", "é"), ("%00", "\0"),
      ("%2F", "/"),
    ])
  func decoded(text: String, expected: String) throws {
    #expect(try PercentText.decode(text) == expected)
  }

  @Test(
    "is refused where it is broken, with the byte",
    arguments: [
      ("%", 0, "%"), ("a%", 1, "%"), ("a%2", 1, "%2"), ("%zz", 0, "%zz"), ("%4g%41", 0, "%4g"),
      ("%41%%41", 3, "%%4"), ("% 1", 0, "% 1"), ("%+1", 0, "%+1"), ("ab%u00e9", 2, "%u0"),
    ])
  func broken(text: String, offset: Int, escape: String) {
    #expect(throws: PercentText.Fault(offset: offset, reason: .badEscape(escape))) {
      try PercentText.decode(text)
    }
  }

  @Test(
    "is refused where it gives no UTF-8, with the byte",
    arguments: [
      ("%FF", 0), ("a%20%C3", 4), ("%C3%28", 0), ("%C0%80", 0), ("é%41%ED%A0%80", 5), ("a%80", 1),
      ("%F4%90%80%80", 0),
    ])
  func invalid(text: String, offset: Int) {
    #expect(throws: PercentText.Fault(offset: offset, reason: .invalidUTF8)) { try PercentText.decode(text) }
  }

  @Test("writes what it reads")
  func encoded() throws {
    #expect(PercentText.encode("a-b._~Z9") == "a-b._~Z9")
    #expect(PercentText.encode("a b/ü+%&=[]") == "a%20b%2F%C3%BC%2B%25%26%3D%5B%5D")
    let all = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) }))
    #expect(try PercentText.decode(PercentText.encode(all)) == all)
  }
}
