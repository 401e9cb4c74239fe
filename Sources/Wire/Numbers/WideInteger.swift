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
