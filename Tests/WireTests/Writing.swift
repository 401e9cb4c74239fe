import Testing
import Wire

@Suite("Writing JSON")
struct Writing {
  private func written(_ body: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 0)
    body(&writer)
    return writer.string
  }

  @Test(
    "numbers are printed as ECMAScript does",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (-0.5, "-0.5"), (3.0, "3"), (1.5, "1.5"),
      (100, "100"),
      (1e20, "100000000000000000000"), (123_456_789_012_345_683_968, "123456789012345680000"),
      (1e21, "1e+21"),
      (-1e21, "-1e+21"), (1.5e21, "1.5e+21"), (999_999_999_999_999_868_928, "999999999999999900000"),
      (1e22, "1e+22"),
      (1e-5, "0.00001"), (1e-6, "0.000001"), (1.5e-6, "0.0000015"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"),
      (-1.234e-7, "-1.234e-7"), (0.000123, "0.000123"), (.leastNonzeroMagnitude, "5e-324"),
      (2.2250738585072014e-308, "2.2250738585072014e-308"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (9_007_199_254_740_991, "9007199254740991"),
      (9_007_199_254_740_992, "9007199254740992"), (9_007_199_254_740_994, "9007199254740994"),
      (9_223_372_036_854_775_808, "9223372036854776000"), (1.0 / 3, "0.3333333333333333"),
      (2.0 / 3, "0.6666666666666666"),
      (123.456, "123.456"), (1e300, "1e+300"), (4.35, "4.35"), (0.1 + 0.2, "0.30000000000000004"),
      (123e-20, "1.23e-18"), (12_345_678_901_234_567_741_440, "1.2345678901234568e+22"), (.infinity, "null"),
      (.nan, "null"),
    ] as [(Double, String)])
  func numbers(number: Double, expected: String) {
    #expect(written { $0.append(number: number) } == expected)
    #expect(ECMAScriptNumber.text(of: number) == expected)
  }

  @Test(
    "integers of every length",
    arguments: [
      (0, "0"), (9, "9"), (10, "10"), (-1, "-1"), (.max, "9223372036854775807"),
      (.min, "-9223372036854775808"),
    ] as [(Int64, String)])
  func integers(integer: Int64, expected: String) {
    #expect(written { $0.append(integer: integer) } == expected)
  }

  @Test("integers at every power of ten")
  func powers() {
    var power: Int64 = 1
    for digits in 1...19 {
      #expect(written { $0.append(integer: power) } == "1" + String(repeating: "0", count: digits - 1))
      #expect(
        written { $0.append(integer: power - 1) }
          == (digits == 1 ? "0" : String(repeating: "9", count: digits - 1)))
      power = power.multipliedReportingOverflow(by: 10).partialValue
    }
  }

  @Test(
    "texts are quoted, and escaped where they must be",
    arguments: [
      ("", #""""#), ("abc", #""abc""#), ("\"\\/", #""\"\\/""#), ("\n\r\t\u{8}\u{c}", #""\n\r\t\b\f""#),
      ("\0\u{1f}\u{1b}", #""\u0000\u001f\u001b""#), ("é😀\u{7f}\u{2028}", "\"é😀\u{7f}\u{2028}\""),
      ("a\nb\nc", #""a\nb\nc""#),
    ])
  func texts(text: String, expected: String) {
    #expect(written { $0.append(quoted: text) } == expected)
  }

  @Test("bytes grow, are cut, forgotten and given away")
  func growth() {
    var writer = ByteWriter(capacity: 0)
    for number in 0..<1000 { writer.append(UInt8(truncatingIfNeeded: number)) }
    #expect(writer.array == (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
    writer.truncate(to: 3)
    #expect(writer.array == [0, 1, 2])
    writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
    writer.removeAll()
    writer.append(text: "abc")
    let block = writer.detach()
    #expect(Array(block.bytes) == Array("abc".utf8))
    #expect(ByteBlock([]).bytes.isEmpty)
  }
}
