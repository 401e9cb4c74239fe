import JSON
import Testing

@Suite("The tree of a JSON text")
struct JSONTree {
  @Test("says kind, value, source and place of each value")
  func kinds() throws {
    let text = #" {"n":null, "t":true,"f":false,"i":-12,"s":"a\nb","a":[1,[2,3],{}],"o":{"x":{"y":1}}} "#
    let root = try JSONDocument.read(text).root
    #expect(root.kind == .object)
    #expect(root.count == 7)
    #expect(root.members.map(\.key) == ["n", "t", "f", "i", "s", "a", "o"])
    #expect(
      root.members.map(\.value.kind) == [.null, .bool(true), .bool(false), .number, .string, .array, .object])
    #expect(
      root.members.map(\.value.rawText)
        == ["null", "true", "false", "-12", #""a\nb""#, "[1,[2,3],{}]", #"{"x":{"y":1}}"#])
    #expect(root["n"]?.isNull == true)
    #expect(root["t"]?.bool == true)
    #expect(root["f"]?.bool == false)
    #expect(root["i"]?.number?.integer == -12)
    #expect(root["s"]?.string == "a\nb")
    #expect(root["s"]?.isString("a\nb") == true)
    #expect(root["s"]?.isString("a") == false)
    #expect(root["o"]?["x"]?["y"]?.number?.double == 1)
    #expect(root["missing"] == nil)
    #expect(root["a"]?.elements.map(\.rawText) == ["1", "[2,3]", "{}"])
    #expect(root["a"]?.count == 3)
    #expect(root["i"]?.offset == 35)
  }

  @Test("has nothing to say for the wrong kind")
  func wrongKinds() throws {
    let root = try JSONDocument.read(#"[1,"a",{"b":2}]"#).root
    let values = Array(root.elements)
    #expect(root.string == nil && root.number == nil && root.bool == nil)
    #expect(root["a"] == nil)
    #expect(Array(root.members.map(\.key)).isEmpty)
    #expect(values[0].string == nil && values[0].count == 0 && values[0].elements.map(\.rawText).isEmpty)
    #expect(values[1].number == nil && values[1].count == 0)
    #expect(Array(values[2].elements.map(\.rawText)).isEmpty)
  }

  @Test(
    "strings are read without their escapes",
    arguments: [
      (#""""#, ""), (#""a""#, "a"), (#""12345678""#, "12345678"), (#""1234567\n""#, "1234567\n"),
      (#""\u0000""#, "\0"), (#""a\u0000b""#, "a\0b"),
      (#""\u007f\u0080\u07ff\u0800\uffff""#, "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}"),
      (#""\ud83d\ude00""#, "😀"), (#""\udbff\udfff""#, "\u{10ffff}"), (#""x\ud800\udc00y""#, "x\u{10000}y"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""é\u00e9ü""#, "ééü"), (#""\\u0041""#, "\\u0041"),
      (#""\\\\""#, "\\\\"), (#""a{b}[c],:""#, "a{b}[c],:"),
    ])
  func strings(source: String, expected: String) throws {
    #expect(try JSONDocument.read(source).root.string == expected)
    let nested = try JSONDocument.read("[\(source),{\(source):\(source)},\(source)]").root
    let elements = Array(nested.elements)
    #expect(elements[0].string == expected)
    #expect(elements[1].members.first { _ in true }?.key == expected)
    #expect(elements[1][expected]?.string == expected)
    #expect(elements[2].string == expected)
  }

  @Test("a byte order mark before it says nothing")
  func byteOrderMark() throws {
    let root = try JSONDocument.read([0xEF, 0xBB, 0xBF] + Array(#" {"a": "\u0041", "b": [1]}"#.utf8)).root
    #expect(root.rawText == #"{"a": "\u0041", "b": [1]}"#)
    #expect(root["a"]?.string == "A")
    #expect(root["b"]?.offset == 25)
    #expect(try JSONDocument.read("\u{FEFF}[]").root.isArray)
    // Inside of a string it is a character.
    #expect(try JSONDocument.read("\"\u{FEFF}a\"").root.string?.unicodeScalars.count == 2)
  }

  @Test(
    "halves of surrogate pairs are read as U+FFFD, and known",
    arguments: [
      (#""\ud800""#, "\u{FFFD}"), (#""a\udc00b""#, "a\u{FFFD}b"), (#""\ud800\n""#, "\u{FFFD}\n"),
      (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\ud83d\ude00\ude00""#, "😀\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
      (#""\uDFFF""#, "\u{FFFD}"), (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
    ])
  func loneSurrogates(source: String, expected: String) throws {
    let root = try JSONDocument.read("[\(source),{\(source):1},{\"a\":[\(source)]},\"\\ufffd\",[\"\\ud83d\\ude00\"],5]")
      .root
    let elements = Array(root.elements)
    // Each half is three bytes that are no UTF-8, which may be one U+FFFD or several.
    let found = try #require(elements[0].string)
    #expect(
      found.split(separator: "\u{FFFD}") == expected.split(separator: "\u{FFFD}")
        && found != expected.filter { $0 != "\u{FFFD}" })
    #expect(root.holdsLoneSurrogate)
    #expect(elements.map(\.holdsLoneSurrogate) == [true, true, true, false, false, false])
    #expect(try JSONDocument.read("\"\u{D7FF}\\ud7ff\"").root.holdsLoneSurrogate == false)
  }

  @Test("a handle keeps the document, and the document its source")
  func lifetimes() throws {
    func value() throws -> JSONValue {
      try #require(
        try JSONDocument.read(#"{"a":["\u0041 text that is not short"]}"#).root["a"]?.elements.first { _ in
          true
        })
    }
    let kept = try value()
    #expect(kept.string == "A text that is not short")
    #expect(kept.rawText == #""\u0041 text that is not short""#)
  }

  @Test(
    "numbers are exact integers or the nearest double",
    arguments: [
      ("0", 0, 0), ("-0", 0, -0.0), ("3.0", 3, 3), ("3e0", 3, 3), ("30e-1", 3, 3), ("3.7", nil, 3.7),
      ("9223372036854775807", .max, 0x1p63), ("-9223372036854775808", .min, -0x1p63),
      ("9223372036854775808", nil, 0x1p63), ("1e400", nil, nil), ("-1e400", nil, nil), ("1e-400", nil, 0),
    ] as [(String, Int64?, Double?)])
  func numbers(text: String, integer: Int64?, double: Double?) throws {
    let number = try #require(try JSONDocument.read("[\(text)]").root.elements.first { _ in true }?.number)
    #expect(number.text == text)
    #expect(number.integer == integer)
    #expect(number.double == double)
  }
}
