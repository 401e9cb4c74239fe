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
