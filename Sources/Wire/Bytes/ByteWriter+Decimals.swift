// Numbers as people read them in displays (data-model.md «Display formats»).

extension ByteWriter {
  /// The shortest text that means this number, with at least one decimal: `5.0`, `5.25`. One that has more
  /// than six decimals is rounded to six, and keeps its zeros: `0.300000`. From 10^21 on it is `1e+21`.
  package mutating func append(displayOf number: Double) {
    guard number.magnitude < FixedDecimal.upperBound else { return append(number: number) }
    if number == 0 { return append("0.0") }
    let shortest = ShortestDigits(of: number)
    guard shortest.exponent >= -Self.mostDecimals else { return append(fixed: number, decimals: Self.mostDecimals) }
    if number < 0 { append(UInt8(ascii: "-")) }
    append(plain: shortest)
    if shortest.exponent >= 0 { append(".0") }
  }

  /// The number with so many decimals, 0 to 20, as ECMAScript's `toFixed` prints it: the nearest to the exact
  /// value of the double, halves away from zero.
  package mutating func append(fixed number: Double, decimals: Int) {
    precondition(FixedDecimal.decimalsRange.contains(decimals), "128 bits hold 20 decimals exactly")
    guard number.magnitude < FixedDecimal.upperBound else { return append(number: number) }
    if number < 0 { append(UInt8(ascii: "-")) }
    let rounded = FixedDecimal(number.magnitude, decimals: decimals)
    if let whole = UInt64(exactly: rounded.whole) {
      append(digits: whole)
    } else {
      // 10^19 is the highest power of ten that 64 bits hold, and 10^21 is not reached.
      append(wide: rounded.whole, count: rounded.whole < Self.twentyOneDigits ? 20 : 21)
    }
    if decimals == 0 { return }
    append(UInt8(ascii: "."))
    append(wide: rounded.fraction, count: decimals)
  }

  /// The whole number with so many decimals, which are zeros.
  package mutating func append(fixed number: Int64, decimals: Int) {
    append(integer: number)
    if decimals <= 0 { return }
    append(UInt8(ascii: "."))
    append(zeros: decimals)
  }

  /// At most 29 digits, with zeros before where there are fewer.
  private mutating func append(wide digits: UInt128, count: Int) {
    if count < 20 { return append(digits: UInt64(truncatingIfNeeded: digits), count: count) }
    let (high, low) = digits.quotientAndRemainder(dividingBy: 10_000_000_000)
    append(digits: UInt64(truncatingIfNeeded: high), count: count - 10)
    append(digits: UInt64(truncatingIfNeeded: low), count: 10)
  }

  private static let mostDecimals = 6
  private static let twentyOneDigits: UInt128 = 100_000_000_000_000_000_000
}

/// A double rounded to a number of decimals: to the nearest of its exact value, halves away from zero, as
/// ECMAScript's `toFixed` has it. All steps are exact in 128 bits.
struct FixedDecimal {
  private(set) var whole: UInt128
  /// What stands behind the point, times 10^decimals.
  private(set) var fraction: UInt128

  static let decimalsRange = 0...20
  static let upperBound: Double = 1e21

  /// Of a magnitude below `upperBound`, with decimals in `decimalsRange`.
  init(_ magnitude: Double, decimals: Int) {
    let (significand, power) = magnitude.binaryParts
    guard power < 0 else {
      // 10^21 is below 2^70.
      whole = UInt128(significand) << power
      fraction = 0
      return
    }
    let shift = -power
    let isBelowOne = shift >= 53
    whole = UInt128(isBelowOne ? 0 : significand >> shift)
    let rest = isBelowOne ? significand : significand & (1 << shift - 1)
    let scale = UInt128(PowersOfTen.words[min(decimals, 19)]) * (decimals == 20 ? 10 : 1)
    // Below 2^53 × 10^20, and so below 2^120: from 2^122 down less than a half remains.
    fraction = shift > 121 ? 0 : (UInt128(rest) * scale + 1 << (shift - 1)) >> shift
    if fraction == scale {
      whole += 1
      fraction = 0
    }
  }
}
