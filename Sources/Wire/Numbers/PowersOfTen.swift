/// What printing a double needs of the powers of ten. The wide ones are worked out when the first is asked for,
/// in less than a tenth of a millisecond, and kept in 10 KB.
enum PowersOfTen {
  /// ⌊10^exponent × 2^r⌋ + 1, where r is such that the floor has 128 bits: `g` of the Schubfach paper with two
  /// more bits. The exponent lies in −292...324.
  @inline(__always)
  static func wide(_ exponent: Int) -> UInt128 { wides[exponent - lowest] }

  /// ⌊log₂ 10^exponent⌋, for exponents of `wide`.
  @inline(__always)
  static func binaryLogarithm(_ exponent: Int) -> Int { (exponent * 1_741_647) >> 19 }

  /// ⌊log₁₀ 2^power⌋, for powers of two that doubles have.
  @inline(__always)
  static func decimalLogarithm(ofTwoTo power: Int) -> Int { (power * 1_262_611) >> 22 }

  /// ⌊log₁₀ (¾ × 2^power)⌋
  @inline(__always)
  static func decimalLogarithm(ofThreeQuartersOfTwoTo power: Int) -> Int { (power * 1_262_611 - 524_031) >> 22 }

  /// 10^0 to 10^19
  static let words: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// How many digits the number has.
  @inline(__always)
  static func digitCount(of number: UInt64) -> Int {
    // 1233 / 4096 is log₁₀ 2, closely enough for 64 bits. Zero has one digit.
    let atMostOneShort = ((64 - (number | 1).leadingZeroBitCount) * 1233) >> 12
    return atMostOneShort + (number | 1 >= words[atMostOneShort] ? 1 : 0)
  }

  private static let lowest = -292
  private static let highest = 324

  /// 10^n is 5^n × 2^n, so that both begin with the same bits.
  private static let wides: [UInt128] = {
    var table = [UInt128](repeating: 0, count: highest - lowest + 1)
    var power = WideInteger(bit: 0)
    for exponent in 0...highest {
      table[exponent - lowest] = power.leadingBits + 1
      power.multiplyByFive()
    }
    power = WideInteger(bit: WideInteger.highestBit)
    for exponent in (lowest..<0).reversed() {
      power.divideByFive()
      table[exponent - lowest] = power.leadingBits + 1
    }
    return table
  }()
}

/// An integer of 896 bits, just wide enough to find `PowersOfTen`. What a product carries beyond it is lost,
/// which no power of five there does: 5^324 has 753 bits.
struct WideInteger {
  /// The lowest first.
  private var words = [UInt64](repeating: 0, count: 14)

  static let highestBit = 895

  /// 2^bit
  init(bit: Int) { words[bit / 64] = 1 << UInt64(bit % 64) }

  mutating func multiplyByFive() {
    var carry: UInt64 = 0
    for index in words.indices {
      let product = words[index].multipliedFullWidth(by: 5)
      let (low, hasCarry) = product.low.addingReportingOverflow(carry)
      words[index] = low
      carry = product.high + (hasCarry ? 1 : 0)
    }
  }

  /// Rounds down. So does any number of divisions one after the other: what they leave is the whole part of one
  /// division by the product.
  mutating func divideByFive() {
    var rest: UInt64 = 0
    for index in words.indices.reversed() {
      (words[index], rest) = UInt64(5).dividingFullWidth((rest, words[index]))
    }
  }

  /// The first 128 bits from the highest that is set, with zeros behind where there are fewer. Not of zero.
  var leadingBits: UInt128 {
    guard let top = words.lastIndex(where: { $0 != 0 }) else { return 0 }
    func word(_ index: Int) -> UInt128 { index < 0 ? 0 : UInt128(words[index]) }
    let gap = words[top].leadingZeroBitCount
    let two = word(top) << 64 | word(top - 1)
    return gap == 0 ? two : two << gap | word(top - 2) >> (64 - gap)
  }
}
