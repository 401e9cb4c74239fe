/// The fewest decimal digits that read back to the same double, and of several such the nearest to it: the number
/// is digits × 10^exponent, and the last digit is not zero.
///
/// Found as Raffaello Giulietti's paper «The Schubfach way to render doubles» says: all numbers that read back
/// form an interval around the double, and among the multiples of a power of ten that is chosen by the interval's
/// width, four suffice to look at. Whole numbers of 128 bits decide, exactly; nothing is allocated.
struct ShortestDigits {
  private(set) var digits: UInt64
  private(set) var exponent: Int

  /// Of a number that is finite and not zero; its sign is passed over.
  init(of number: Double) {
    precondition(number.isFinite && number != 0, "only other numbers have a first digit")
    self = Self(ofSixDecimals: number.magnitude) ?? Self(searchingFor: number)
  }

  /// Of a number below 10^9 that at most six decimals write, as most numbers of people are; else nil.
  ///
  /// Both operands of the division are exact, so its result is the double that digits × 10^-6 reads back to. These
  /// are at most fifteen digits, and no two numbers of so few read back to the same double: none is shorter.
  @inline(__always)
  private init?(ofSixDecimals magnitude: Double) {
    guard magnitude < 1e9 else { return nil }
    let millionths = Int64(magnitude * 1e6 + 0.5)
    guard Double(millionths) / 1e6 == magnitude else { return nil }
    digits = UInt64(millionths)
    exponent = -6
    dropZeros()
  }

  private init(searchingFor number: Double) {
    let (significand, power) = number.binaryParts
    // Below a power of two, doubles stand at half the distance.
    let isUneven = number.significandBitPattern == 0 && number.exponentBitPattern > 1
    exponent =
      isUneven
      ? PowersOfTen.decimalLogarithm(ofThreeQuartersOfTwoTo: power) : PowersOfTen.decimalLogarithm(ofTwoTo: power)
    let scale = PowersOfTen.wide(-exponent)
    // 1 to 4
    let shift = UInt64(truncatingIfNeeded: power + PowersOfTen.binaryLogarithm(-exponent) + 1)

    // The double and the ends of its interval, in quarters of 10^exponent.
    let quarters = significand << 2
    let middle = Self.product(scale, quarters << shift)
    let lower = Self.product(scale, (quarters - (isUneven ? 1 : 2)) << shift)
    let upper = Self.product(scale, (quarters + 2) << shift)
    // The ends read back to the double where its significand is even.
    let margin = significand & 1
    digits = Self.chosen(middle: middle, from: lower + margin, to: upper - margin)
    dropZeros()
  }

  /// How many digits there are.
  var count: Int { PowersOfTen.digitCount(of: digits) }

  /// The whole part of scale × factor / 2^128, with the last bit set where a fraction was cut off: enough to tell
  /// the product from whole numbers. The fraction of a product that is whole is at most the excess of `scale`.
  @inline(__always)
  private static func product(_ scale: UInt128, _ factor: UInt64) -> UInt64 {
    let low = UInt64(truncatingIfNeeded: scale).multipliedFullWidth(by: factor)
    let high = UInt64(truncatingIfNeeded: scale >> 64).multipliedFullWidth(by: factor)
    let (fraction, carry) = high.low.addingReportingOverflow(low.high)
    return high.high &+ (carry ? 1 : 0) | (fraction > 1 ? 1 : 0)
  }

  /// The number to print for a double and an interval in quarters: a multiple of ten if one lies in the interval,
  /// else the nearest whole number in it; of two as near the even one.
  @inline(__always)
  private static func chosen(middle: UInt64, from lower: UInt64, to upper: UInt64) -> UInt64 {
    let below = middle >> 2
    if below >= 10 {
      // The interval is too narrow for both.
      let ten = below / 10 * 10
      if lower <= ten << 2 { return ten }
      if (ten + 10) << 2 <= upper { return ten + 10 }
    }
    let hasBelow = lower <= below << 2
    let hasAbove = (below + 1) << 2 <= upper
    if hasBelow != hasAbove { return hasBelow ? below : below + 1 }
    let half = below << 2 | 2
    return middle < half || middle == half && below & 1 == 0 ? below : below + 1
  }

  @inline(__always)
  private mutating func dropZeros() {
    while digits % 100_000_000 == 0 { drop(8, by: 100_000_000) }
    if digits % 10_000 == 0 { drop(4, by: 10_000) }
    if digits % 100 == 0 { drop(2, by: 100) }
    if digits % 10 == 0 { drop(1, by: 10) }
  }

  @inline(__always)
  private mutating func drop(_ zeros: Int, by power: UInt64) {
    digits /= power
    exponent += zeros
  }
}
