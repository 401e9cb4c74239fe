import Testing
import Wire

@Suite("Numbers from texts")
struct NumberTexts {
  @Test(
    "integers are exact",
    arguments: [
      ("0", 0), ("-0", 0), ("3", 3), ("-3", -3), ("3.0", 3), ("3.000", 3), ("3e0", 3), ("3E+0", 3),
      ("30e-1", 3),
      ("0.3e1", 3), ("0.003e3", 3), ("1200e-2", 12), ("1.5e1", 15), ("0e999999999999999999999", 0),
      ("0.000", 0), ("0e-5", 0), ("10", 10), ("1000000", 1_000_000), ("1e18", 1_000_000_000_000_000_000),
      ("2147483648", 2_147_483_648), ("9007199254740993", 9_007_199_254_740_993),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775807.00", .max),
      ("922337203685477580.7e1", .max), ("-9.223372036854775808e18", .min),
    ] as [(String, Int64)])
  func integers(text: String, value: Int64) {
    #expect(NumberText.integer(text) == value)
    #expect(NumberText.integer(loosely: text) == value)
  }

  @Test(
    "that are no integers, or none of 64 bits",
    arguments: [
      "3.7", "1e-1", "0.5", "-0.1", "15e-2", "9223372036854775808", "-9223372036854775809", "1e19",
      "18446744073709551616", "1e400", "1e99999999999999999999", "1e-99999999999999999999",
      "9999999999999999999",
    ])
  func noIntegers(text: String) {
    #expect(NumberText.integer(text) == nil)
  }

  @Test("integers of many zeros are exact too")
  func zeros() {
    let zeros = String(repeating: "0", count: 5000)
    #expect(NumberText.integer("7\(zeros)e-5000") == 7)
    #expect(NumberText.integer("7.\(zeros)") == 7)
    #expect(NumberText.integer("0.\(zeros)7e5001") == 7)
    #expect(NumberText.integer("7\(zeros)") == nil)
    #expect(NumberText.double("7\(zeros)e-5000") == 7)
  }

  @Test(
    "texts outside of JSON's grammar are no numbers",
    arguments: [
      "", " ", "+3", " 3", "3 ", "3\n", "03", "-03", "00", "3.", ".5", "-", "-.5", "1e", "1e+", "e5", "0x10",
      "1_000",
      "1,5", "1,000", "NaN", "nan", "Infinity", "inf", "-inf", "３", "3\0", "--3", "1.2.3", "1e5.0", "1e1e1",
      "3f", "½",
    ])
  func noNumbers(text: String) {
    #expect(NumberText.integer(text) == nil)
    #expect(NumberText.double(text) == nil)
  }

  @Test(
    "that stand for numbers are read loosely",
    arguments: [
      (".5", 0.5), ("5.", 5), ("+4", 4), ("007", 7), (" 1.5 ", 1.5), ("-.5", -0.5), ("+.5", 0.5), ("-007.500", -7.5),
      ("\t3\r\n", 3), ("00", 0), ("-00", 0), (".0", 0), ("0.", 0), ("5.e1", 50), (".5e+1", 5), ("00.05E2", 5),
      ("+00000000000000000000000000000001e0", 1), (".1", 0.1), ("+9007199254740993", 9_007_199_254_740_992),
    ] as [(String, Double)])
  func loose(text: String, value: Double) {
    #expect(NumberText.double(loosely: text) == value)
    #expect(
      NumberText.integer(loosely: text) == (text.contains("9007") ? 9_007_199_254_740_993 : Int64(exactly: value)))
  }

  @Test(
    "but not just anything",
    arguments: [
      "", " ", "+", "-", ".", "+.", " . ", "+-3", "-+3", "++3", "+ 3", "3 4", "1e", ".e1", "e5", "0x10", "1_000", "1,5",
      "1,000", "NaN", "inf", "３", "3\0", "1.2.3", "..5", "5..", "\u{A0}3", "1e1.5", "1e 5",
    ])
  func notLoose(text: String) {
    #expect(NumberText.integer(loosely: text) == nil)
    #expect(NumberText.double(loosely: text) == nil)
  }

  @Test(
    "that numbers are written as where a text is asked for, if no digit is lost",
    arguments: [
      ("5", "5"), ("-12", "-12"), ("-0", "-0"), ("1.0", "1"), ("-0.0", "0"), ("0e5", "0"), ("1.50", "1.5"),
      ("1e21", "1e+21"), ("123456789012345678901234567890", "123456789012345678901234567890"), ("1e2", "100"),
      ("0.1", "0.1"), ("100e-2", "1"), ("5e-324", "5e-324"), ("4.9e-324", nil), ("1e23", "1e+23"),
      ("1.7976931348623157e308", "1.7976931348623157e+308"), ("1e309", nil), ("1e-400", nil),
      ("0.10000000000000001", nil),
      ("9007199254740993.0", nil), ("9007199254740992.0", "9007199254740992"), ("-1.5e3", "-1500"),
      ("+5", nil), ("05", nil), ("", nil), ("-", nil), (" 5", nil),
    ] as [(String, String?)])
  func exactTexts(text: String, printed: String?) {
    #expect(Array(text.utf8).withUnsafeBytes { NumberText.exactText(utf8: $0) } == printed)
  }

  @Test(
    "doubles are the nearest",
    arguments: [
      ("0", 0), ("3.5", 3.5), ("-3.5e-3", -0.0035), ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23),
      ("123456e-27", 123456e-27),
      ("9007199254740993", 9_007_199_254_740_992),
      ("9007199254740993.0000000000000001", 9_007_199_254_740_994),
      ("1.7976931348623157e308", .greatestFiniteMagnitude),
      ("1.7976931348623158e308", .greatestFiniteMagnitude),
      ("5e-324", .leastNonzeroMagnitude), ("3e-324", .leastNonzeroMagnitude), ("2e-324", 0),
      ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
      ("1e-400", 0), ("1e-99999999999999999999", 0), ("0.000001e306", 1e300),
      ("179769313486231570000e288", .greatestFiniteMagnitude),
    ] as [(String, Double)])
  func doubles(text: String, value: Double) {
    #expect(NumberText.double(text) == value)
    #expect(NumberText.double("-" + text.drop { $0 == "-" }) == -value.magnitude)
  }

  @Test("doubles keep the sign of zero")
  func negativeZero() {
    #expect(NumberText.double("-0")?.sign == .minus)
    #expect(NumberText.double("-1e-400")?.sign == .minus)
    #expect(NumberText.double("0")?.sign == .plus)
  }

  @Test(
    "that are not finite are none",
    arguments: ["1e400", "-1e400", "1.8e308", "1e309", "1e99999999999999999999", "1.7976931348623159e308"])
  func infinite(text: String) {
    #expect(NumberText.double(text) == nil)
  }

  @Test("digits beyond the longest boundary between two doubles still decide")
  func manyDigits() {
    // 1 + 2⁻⁵³ is the boundary between 1 and the next double, and goes to 1, which is even.
    let boundary = "1.00000000000000011102230246251565404236316680908203125"
    let zeros = String(repeating: "0", count: 2000)
    #expect(NumberText.double(boundary) == 1)
    #expect(NumberText.double(boundary + zeros) == 1)
    #expect(NumberText.double(boundary + zeros + "1") == 1.0.nextUp)
    #expect(NumberText.double(String(repeating: "9", count: 308)) == 1e308)
    #expect(NumberText.double(String(repeating: "9", count: 400)) == nil)
    #expect(NumberText.double("0." + String(repeating: "3", count: 100_000)) == 1.0 / 3)
  }

  @Test("every double that is printed reads back")
  func roundTrip() {
    var random = SplitMix(seed: 7)
    for _ in 0..<20_000 {
      let double = Double(bitPattern: random.next())
      if double.isFinite { #expect(NumberText.double(ECMAScriptNumber.text(of: double)) == double) }
      let short = Double(Int64(truncatingIfNeeded: random.next()) >> 40) / 1000
      #expect(NumberText.double(ECMAScriptNumber.text(of: short)) == short)
      let integer = Int64(bitPattern: random.next()) >> Int64(random.next() % 64)
      #expect(NumberText.integer("\(integer)") == integer)
    }
  }
}
