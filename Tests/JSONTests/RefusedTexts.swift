import JSON
import Testing

@Suite("JSON texts that are refused")
struct RefusedTexts {
  struct Case: Sendable, CustomTestStringConvertible {
    var bytes: [UInt8]
    var offset: Int
    var reason: JSONError.Reason

    init(_ text: String, _ offset: Int, _ reason: JSONError.Reason) {
      self.init(Array(text.utf8), offset, reason)
    }

    init(_ bytes: [UInt8], _ offset: Int, _ reason: JSONError.Reason) {
      self.bytes = bytes
      self.offset = offset
      self.reason = reason
    }

    var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }
  }

  @Test("with the byte and the reason", arguments: syntax + strings + numbers + keys + encodings)
  func refused(refused: Case) {
    #expect(throws: JSONError(offset: refused.offset, reason: refused.reason)) {
      try JSONDocument.read(refused.bytes)
    }
  }

  static let syntax = [
    Case("", 0, .empty), Case("  \n", 3, .empty),
    Case("[", 1, .unexpectedEnd), Case("{", 1, .unexpectedEnd), Case("[1", 2, .unexpectedEnd),
    Case("[1,", 3, .unexpectedEnd), Case(#"{"a""#, 4, .unexpectedEnd), Case(#"{"a":"#, 5, .unexpectedEnd),
    Case(#"{"a":1"#, 6, .unexpectedEnd), Case(#"{"a":1,"#, 7, .unexpectedEnd),
    Case("[[1]", 4, .unexpectedEnd),
    Case("]", 0, .expectedValue), Case("}", 0, .expectedValue), Case(",", 0, .expectedValue),
    Case(":", 0, .expectedValue), Case("[,]", 1, .expectedValue), Case("[,1]", 1, .expectedValue),
    Case("[1,]", 3, .expectedValue), Case("[1,,2]", 3, .expectedValue), Case("[}", 1, .expectedValue),
    Case(#"{"a":}"#, 5, .expectedValue), Case(#"{"a":,"b":1}"#, 5, .expectedValue),
    Case("{,}", 1, .expectedKey), Case("{1:1}", 1, .expectedKey), Case("{a:1}", 1, .expectedKey),
    Case("{'a':1}", 1, .expectedKey), Case(#"{"a":1,}"#, 7, .expectedKey), Case("{null:1}", 1, .expectedKey),
    Case(#"{"a":1,,"b":2}"#, 7, .expectedKey), Case("{]", 1, .expectedKey), Case("{[]:1}", 1, .expectedKey),
    Case(#"{"a"}"#, 4, .expectedColon), Case(#"{"a" 1}"#, 5, .expectedColon),
    Case(#"{"a","b"}"#, 4, .expectedColon), Case(#"{"a"=1}"#, 4, .trailingContent),
    Case("[1 2]", 3, .expectedCommaOrBracket), Case("[1}", 2, .expectedCommaOrBracket),
    Case("[[1]2]", 4, .expectedCommaOrBracket), Case("[1:2]", 2, .expectedCommaOrBracket),
    Case(#"["a" "b"]"#, 5, .expectedCommaOrBracket), Case(#"["a""b"]"#, 4, .trailingContent),
    Case(#"["a":1]"#, 4, .expectedCommaOrBracket),
    Case(#"{"a":1]"#, 6, .expectedCommaOrBrace), Case(#"{"a":1 "b":2}"#, 7, .expectedCommaOrBrace),
    Case(#"{"a":1:2}"#, 6, .expectedCommaOrBrace),
    Case("1 2", 2, .trailingContent), Case("[]]", 2, .trailingContent), Case("{}}", 2, .trailingContent),
    Case("[] []", 3, .trailingContent), Case("{},", 2, .trailingContent), Case("\"a\"b", 3, .trailingContent),
    Case("null null", 5, .trailingContent), Case("[1] // one", 4, .trailingContent),
    Case("1,", 1, .trailingContent), Case("{}#", 2, .trailingContent), Case("[]\0", 2, .trailingContent),
    Case("True", 0, .expectedValue), Case("nul", 0, .expectedValue), Case("nulll", 0, .expectedValue),
    Case("truefalse", 0, .expectedValue), Case("[tru]", 1, .expectedValue), Case("NaN", 0, .expectedValue),
    Case("[Infinity]", 1, .expectedValue), Case("undefined", 0, .expectedValue),
    Case("'a'", 0, .expectedValue),
    Case("/**/1", 0, .expectedValue), Case("[1,/**/2]", 3, .expectedValue), Case("\0", 0, .expectedValue),
    Case("\u{c}1", 0, .expectedValue), Case("\u{a0}1", 0, .expectedValue), Case("[\u{b}]", 1, .expectedValue),
    Case("[\u{1a}1]", 1, .expectedValue), Case("[1\u{c}2]", 1, .badNumber), Case("*", 0, .expectedValue),
    Case(#"5"a""#, 0, .badNumber), Case(#"[null"a"]"#, 1, .expectedValue),
    Case(#"{"a""b":1}"#, 4, .trailingContent),
    Case(#"[1,2"]"]"#, 3, .badNumber), Case(#"[true","]"#, 1, .expectedValue),
    Case(#"{"a":5"\ud800"}"#, 5, .badNumber),
    Case("<a/>", 0, .expectedValue), Case("a=1&b=2", 0, .expectedValue), Case("[é]", 1, .expectedValue),
  ]

  static let strings = [
    Case("\"", 0, .unclosedString), Case("[\"a", 1, .unclosedString), Case(#"["a\"]"#, 1, .unclosedString),
    Case(#"{"a":"b","c}"#, 9, .unclosedString), Case(#""\"#, 0, .unclosedString),
    Case("[\"a\nb\"]", 3, .controlCharacter), Case("[\"\t\"]", 2, .controlCharacter),
    Case("[\"\0\"]", 2, .controlCharacter), Case("[\"\u{1f}\"]", 2, .controlCharacter),
    Case("{\"a\r\":1}", 3, .controlCharacter), Case("[\"\\\n\"]", 3, .controlCharacter),
    Case(#"["\a"]"#, 2, .badEscape), Case(#"["\x41"]"#, 2, .badEscape), Case(#"["ab\'"]"#, 4, .badEscape),
    Case(#"["\u"]"#, 2, .badEscape), Case(#"["\u12"]"#, 2, .badEscape), Case(#"["\u123"]"#, 2, .badEscape),
    Case(#"["\u12G4"]"#, 2, .badEscape), Case(#"["\U0041"]"#, 2, .badEscape), Case(#"["\é"]"#, 2, .badEscape),
    Case(#"{"\q":1}"#, 2, .badEscape), Case(#"["\u+123"]"#, 2, .badEscape),
    Case(#""\ud83d\u""#, 7, .badEscape), Case(#""\ud83d\ude0""#, 7, .badEscape), Case(#""\ud83d\x""#, 7, .badEscape),
  ]

  static let numbers = [
    "01", "-01", "00", "-", "--1", "+1", "1.", "-1.", "1.e1", ".5", "-.5", "1e", "1e+", "1E-", "1e1.5",
    "0x10",
    "1_000", "1a", "1.2.3", "1e1e1", "1-2", "-a", "0e", "1.5f", "1é", "1/2", "2.e3", "9.e+", "-Infinity",
    "-NaN",
  ].flatMap { text in
    let reason: JSONError.Reason = ["+1", ".5"].contains(text) ? .expectedValue : .badNumber
    return [Case(text, 0, reason), Case("[\(text)]", 1, reason), Case("{\"a\": \(text) }", 6, reason)]
  }

  static let keys = [
    Case(#"{"a":1,"a":1}"#, 7, .repeatedKey("a")), Case(#"{"":1,"":2}"#, 6, .repeatedKey("")),
    Case(#"{"a":1,"\u0061":2}"#, 7, .repeatedKey(#"\u0061"#)),
    Case(#"{"\u0061":1,"a":2}"#, 12, .repeatedKey("a")),
    Case(#"{"a":{"b":1,"c":2,"b":3}}"#, 18, .repeatedKey("b")),
    Case(#"{"x":[{"a":1},{"a":1,"b":{},"a":[]}]}"#, 28, .repeatedKey("a")),
    Case(#"{"a":{"a":1},"b":[1,2,{"a":1}],"a":1}"#, 31, .repeatedKey("a")),
    Case(#"{"a longer key":1,"a longer kez":2,"a longer key":3}"#, 35, .repeatedKey("a longer key")),
    Case(#"{"a\u0000":1,"a":2,"a\u0000":3}"#, 19, .repeatedKey(#"a\u0000"#)),
    Case(#"{"\ud83d":1,"a":2,"\uD83D":3}"#, 18, .repeatedKey(#"\uD83D"#)),
    Case(#"{"é":1,"\u00e9":2}"#, 8, .repeatedKey(#"\u00e9"#)),
  ]

  static let encodings = [
    // Behind a byte order mark, offsets are still those of what was sent; a second mark is none.
    Case([0xEF, 0xBB, 0xBF], 3, .empty), Case([0xEF, 0xBB, 0xBF, 0x20], 4, .empty),
    Case([0xEF, 0xBB, 0xBF, 0x78], 3, .expectedValue), Case([0xEF, 0xBB, 0xBF, 0x5B, 0x31], 5, .unexpectedEnd),
    Case([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, 0x31], 3, .expectedValue), Case([0xEF, 0xBB], 0, .invalidUTF8),
    Case([0x20, 0xEF, 0xBB, 0xBF, 0x31], 1, .expectedValue),
    Case([0xEF, 0xBB, 0xBF] + Array(#"{"a":1,"a":2}"#.utf8), 10, .repeatedKey("a")),
    Case([0xFE, 0xFF, 0, 0x31], 0, .invalidUTF8), Case([0xFF, 0xFE, 0x31, 0], 0, .invalidUTF8),
    Case([0x22, 0xFF, 0x22], 1, .invalidUTF8), Case([0x22, 0x61, 0xC3, 0x22], 2, .invalidUTF8),
    Case([0x22, 0x80, 0x22], 1, .invalidUTF8), Case([0x22, 0xC0, 0x80, 0x22], 1, .invalidUTF8),
    Case([0x22, 0xE0, 0x80, 0x80, 0x22], 1, .invalidUTF8),
    Case([0x22, 0xED, 0xA0, 0x80, 0x22], 1, .invalidUTF8),
    Case([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1, .invalidUTF8),
    Case([0x22, 0xF0, 0x9F, 0x98, 0x22], 1, .invalidUTF8), Case([0x5B, 0x31, 0x5D, 0xE9], 3, .invalidUTF8),
    Case([0x22, 0x5C, 0xFF, 0x22], 2, .invalidUTF8), Case([0x31, 0, 0x32, 0], 0, .badNumber),
    Case([0x22, 0xC3, 0xA9, 0x22, 0xE2, 0x82], 4, .invalidUTF8),
  ]

  @Test("a key repeated among very many is found, and takes no quadratic time")
  func manyKeys() throws {
    for count in [16, 17, 100, 100_000] {
      let keys = (0..<count).map { "\"a key that is longer than eight bytes \($0)\":\($0)" }
      let text = "{" + keys.joined(separator: ",")
      #expect(try JSONDocument.read(text + "}").root.count == count)
      #expect(
        throws: JSONError(
          offset: text.utf8.count + 1, reason: .repeatedKey("a key that is longer than eight bytes 7"))
      ) {
        try JSONDocument.read(text + ",\"a key that is longer than eight bytes 7\":0}")
      }
    }
  }

  @Test("the error names the first key that is repeated, cut to what a person can read")
  func repeatedKeyNames() {
    let text = "{" + (0..<40).map { "\"k\($0 % 20)\":0" }.joined(separator: ",") + "}"
    #expect(throws: JSONError(offset: 151, reason: .repeatedKey("k0"))) { try JSONDocument.read(text) }
    let long = String(repeating: "é", count: 200)
    let cut = String(repeating: "é", count: 100) + "…"
    #expect(throws: JSONError(offset: 406, reason: .repeatedKey(cut))) {
      try JSONDocument.read("{\"\(long)\":0,\"\(long)\":0}")
    }
  }

  @Test("says it in words")
  func words() {
    let error = JSONError(offset: 7, reason: .repeatedKey("a"))
    #expect("\(error)" == #"the key "a" is given a second time at byte 7"#)
    #expect("\(JSONError(offset: 3, reason: .invalidUTF8))" == "the text is not valid UTF-8 at byte 3")
  }
}
