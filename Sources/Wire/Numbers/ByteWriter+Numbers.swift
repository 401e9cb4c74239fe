// Numbers as JSON has them, written in place.

extension ByteWriter {
  package mutating func append(integer: Int64) {
    if integer < 0 { append(UInt8(ascii: "-")) }
    append(digits: integer.magnitude)
  }

  /// A number as ECMAScript prints it (api.md section 9): the shortest digits that read back to the
  /// same double, no fraction for integers, −0 as `0`. A double that is not finite has no JSON form
  /// and is written `null`; values are checked long before.
  package mutating func append(number: Double) {
    guard number.isFinite else { return append("null") }
    if number.magnitude < 9_007_199_254_740_992 {
      let whole = Int64(number)
      if Double(whole) == number { return append(integer: whole) }
    }
    if number < 0 { append(UInt8(ascii: "-")) }
    let shortest = ShortestDigits(of: number)
    if -6..<21 ~= shortest.count + shortest.exponent - 1 {
      append(plain: shortest)
    } else {
      append(scientific: shortest)
    }
  }

  /// Without an exponent: `1200`, `1.5`, `0.00001`.
  mutating func append(plain number: ShortestDigits) {
    let count = number.count
    let wholeCount = count + number.exponent
    if number.exponent >= 0 {
      append(digits: number.digits, count: count)
      append(zeros: number.exponent)
    } else if wholeCount > 0 {
      append(digits: number.digits, count: count, wholeCount: wholeCount)
    } else {
      append("0.")
      append(zeros: -wholeCount)
      append(digits: number.digits, count: count)
    }
  }

  /// `1e+21`, `1.5e-7`
  private mutating func append(scientific number: ShortestDigits) {
    let count = number.count
    if count == 1 {
      append(digits: number.digits)
    } else {
      append(digits: number.digits, count: count, wholeCount: 1)
    }
    let power = number.exponent + count - 1
    append(power < 0 ? "e-" : "e+")
    append(digits: UInt64(power.magnitude))
  }

  /// With a point behind the first digits, which are fewer than all.
  private mutating func append(digits: UInt64, count: Int, wholeCount: Int) {
    let (whole, fraction) = digits.quotientAndRemainder(dividingBy: PowersOfTen.words[count - wholeCount])
    append(digits: whole, count: wholeCount)
    append(UInt8(ascii: "."))
    append(digits: fraction, count: count - wholeCount)
  }

  mutating func append(digits: UInt64) {
    append(digits: digits, count: PowersOfTen.digitCount(of: digits))
  }

  /// The last digits of the number, so many of them, with zeros before where there are fewer.
  mutating func append(digits: UInt64, count digitCount: Int) {
    reserve(digitCount)
    var rest = digits
    var position = count &+ digitCount
    let start = count
    count = position
    while position &- start >= 2 {
      position &-= 2
      let pair = UInt16(truncatingIfNeeded: rest % 100)
      rest /= 100
      let ten = pair / 10
      let both = 0x3030 | ten | (pair &- ten &* 10) << 8
      base.storeBytes(of: both.littleEndian, toByteOffset: position, as: UInt16.self)
    }
    if position > start {
      base.storeBytes(of: UInt8(truncatingIfNeeded: rest % 10) | 0x30, toByteOffset: start, as: UInt8.self)
    }
  }

  mutating func append(zeros zeroCount: Int) {
    for _ in 0..<zeroCount { append(UInt8(ascii: "0")) }
  }
}
