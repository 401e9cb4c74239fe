import Testing
import Wire

@Suite("Shortest digits")
struct ShortestNumbers {
  private func printed(_ number: Double) -> String {
    var writer = ByteWriter()
    writer.append(number: number)
    return writer.string
  }

  /// Swift's description is an oracle: it too has the fewest digits that read back, and of several the nearest.
  private func expectDescribed(_ number: Double) {
    let text = printed(number)
    // `#expect` alone costs more than the printing.
    if text != DescribedNumber.text(of: number) { Issue.record("\(number) is printed as \(text)") }
    if Double(text) != number { Issue.record("\(number) does not read back from \(text)") }
  }

  @Test(
    "where doubles are few or stand at uneven distances",
    arguments: [
      (.leastNonzeroMagnitude, "5e-324"), (.leastNonzeroMagnitude * 2, "1e-323"),
      (.leastNonzeroMagnitude * 3, "1.5e-323"),
      (.leastNormalMagnitude, "2.2250738585072014e-308"),
      (.leastNormalMagnitude.nextDown, "2.225073858507201e-308"), (.leastNormalMagnitude * 2, "4.450147717014403e-308"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
      (.greatestFiniteMagnitude.nextDown, "1.7976931348623155e+308"), (0x1p1023, "8.98846567431158e+307"),
      (9_007_199_254_740_991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992"),
      (Double("9007199254740993") ?? 0, "9007199254740992"), (9_007_199_254_740_994, "9007199254740994"),
      (1e23, "1e+23"), (1e23.nextUp, "1.0000000000000001e+23"), (1e23.nextDown, "9.999999999999997e+22"),
      (2e-44, "2e-44"), (5e-21, "5e-21"), (9.5367431640625e-07, "9.5367431640625e-7"), (0x1p-1, "0.5"),
      (0x1p63, "9223372036854776000"), (0x1p64, "18446744073709552000"), (0x1p70, "1.1805916207174113e+21"),
      (1.0.nextUp, "1.0000000000000002"), (1.0.nextDown, "0.9999999999999999"),
    ] as [(Double, String)])
  func edges(number: Double, text: String) {
    #expect(printed(number) == text)
    #expect(printed(-number) == "-" + text)
  }

  @Test(
    "of numbers that people write, and of those just beside them",
    arguments: [
      (0.01, "0.01"), (19.99, "19.99"), (-33.925, "-33.925"), (18.423889, "18.423889"), (0.000001, "0.000001"),
      (999_999_999.999999, "999999999.999999"), (1_000_000_000.000001, "1000000000.000001"),
      (1_000_000_000.5, "1000000000.5"), (19.99.nextUp, "19.990000000000002"), (19.99.nextDown, "19.989999999999995"),
      (999_999_999.999999.nextUp, "999999999.9999992"), (999_999_999.999999.nextDown, "999999999.9999989"),
      (0.000001.nextUp, "0.0000010000000000000002"), (0.0000005, "5e-7"), (0.0000015, "0.0000015"),
    ] as [(Double, String)])
  func everyday(number: Double, text: String) {
    #expect(printed(number) == text)
  }

  @Test("of every exponent, at both ends and in the middle of its doubles")
  func exponents() {
    let significands: [UInt64] = [0, 1, 2, 1 << 51, 1 << 52 - 2, 1 << 52 - 1]
    for exponent in 0..<UInt64(2047) {
      for significand in significands where exponent | significand != 0 {
        expectDescribed(Double(bitPattern: exponent << 52 | significand))
      }
    }
  }

  @Test("of doubles at random, of all exponents")
  func random() {
    var random = SplitMix(seed: 41)
    for _ in 0..<200_000 {
      let number = Double(bitPattern: random.next())
      if number.isFinite { expectDescribed(number) }
    }
  }

  @Test("of decimals at random, and of the doubles beside them")
  func decimals() {
    var random = SplitMix(seed: 43)
    for _ in 0..<30_000 {
      let digits = random.next() >> UInt64.random(in: 10...62, using: &random)
      let exponent = Int.random(in: -330...308, using: &random)
      guard let wide = Double("\(digits)e\(exponent)"), wide.isFinite, wide != 0 else { continue }
      expectDescribed(wide)
      expectDescribed(wide.nextDown == 0 ? wide : wide.nextDown)
      guard let short = Double("\(digits % 10_000_000_000)e-\(digits % 9)"), short != 0 else { continue }
      expectDescribed(short)
      expectDescribed(short.nextUp)
    }
  }
}

/// The form of ECMAScript, made of Swift's description of the number.
private enum DescribedNumber {
  static func text(of number: Double) -> String {
    let sign = number < 0 ? "-" : ""
    let halves = number.magnitude.description.split(separator: "e")
    let mantissa = halves[0].split(separator: ".")
    var digits = mantissa.joined()[...]
    // The value is 0.d₁d₂… × 10^point.
    var point = mantissa[0].count + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      point -= 1
    }
    if point > 21 || point < -5 {
      let power = point - 1
      let fraction = digits.count == 1 ? "" : ".\(digits.dropFirst())"
      return "\(sign)\(digits.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(power.magnitude)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point { return sign + digits + String(repeating: "0", count: point - digits.count) }
    return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
  }
}
