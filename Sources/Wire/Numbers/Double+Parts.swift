extension Double {
  /// The magnitude as significand × 2^power, both whole.
  @inline(__always)
  var binaryParts: (significand: UInt64, power: Int) {
    let exponent = Int(exponentBitPattern)
    return exponent == 0
      ? (significandBitPattern, -1074)
      : (significandBitPattern | 1 << UInt64(Self.significandBitCount), exponent - 1075)
  }
}
