import Glibc

// Numbers as people read them in displays (data-model.md «Display formats»).

extension ByteWriter {
  /// The shortest text that means this number, with at least one decimal: `5.0`, `5.25`. One that has more
  /// than six decimals is rounded to six, and keeps its zeros: `0.300000`. From 10^21 on it is `1e+21`.
  package mutating func append(displayOf number: Double) {
    let magnitude = number.magnitude
    guard magnitude < Self.plainBelow else { return append(text: ECMAScriptNumber.text(of: number)) }
    // Swift's text has the same digits and, in this range, no exponent and at least one decimal.
    let isPlain = (1e-4..<1e15).contains(magnitude)
    var text = isPlain ? magnitude.description : ECMAScriptNumber.text(of: magnitude)
    let decimals: Int? = text.withUTF8 { digits in
      if digits.contains(UInt8(ascii: "e")) { return nil }
      guard let point = digits.lastIndex(of: UInt8(ascii: ".")) else { return 0 }
      return digits.count - point - 1
    }
    guard let decimals, decimals <= Self.mostDecimals else { return append(fixed: number, decimals: Self.mostDecimals) }
    if number < 0 { append(UInt8(ascii: "-")) }
    append(text: text)
    if decimals == 0 { append(".0") }
  }

  /// The number with so many decimals, 0 to 20, as ECMAScript's `toFixed` prints it: the nearest to the exact
  /// value of the double, halves away from zero.
  package mutating func append(fixed number: Double, decimals: Int) {
    precondition((0...20).contains(decimals), "the space for digits holds 20 decimals")
    let magnitude = number.magnitude
    guard magnitude < Self.plainBelow else { return append(text: ECMAScriptNumber.text(of: number)) }
    if number < 0 { append(UInt8(ascii: "-")) }
    // A fraction of n bits has exactly n decimals, of which the last is 5. So these alone are halves, and one
    // decimal more prints them whole; the C library rounds all others to the nearest, and these to even.
    let isHalf = magnitude != 0 && magnitude.significandWidth - Int(magnitude.exponent) == decimals + 1
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { space in
      // A byte before the digits stays free for one that rounding adds.
      let digits = UnsafeMutableRawBufferPointer(rebasing: space[1...])
      let arguments: [any CVarArg] = [Int32(isHalf ? decimals + 1 : decimals), magnitude]
      let printed = withVaList(arguments) {
        vsnprintf(digits.baseAddress?.assumingMemoryBound(to: CChar.self), digits.count, "%.*f", $0)
      }
      var range = 1..<1 + Int(printed)
      if isHalf {
        range = range.dropLast(decimals == 0 ? 2 : 1)
        range = Self.roundedUp(range, in: space)
      }
      append(UnsafeRawBufferPointer(rebasing: space[range]))
    }
  }

  /// The whole number with so many decimals, which are zeros.
  package mutating func append(fixed number: Int64, decimals: Int) {
    append(integer: number)
    if decimals > 0 { append(".") }
    for _ in 0..<max(decimals, 0) { append(UInt8(ascii: "0")) }
  }

  /// Adds one to the last digit of a decimal text. The range may grow by the byte before it.
  private static func roundedUp(_ range: Range<Int>, in space: UnsafeMutableRawBufferPointer) -> Range<Int> {
    for place in range.reversed() where space[place] != UInt8(ascii: ".") {
      if space[place] != UInt8(ascii: "9") {
        space[place] += 1
        return range
      }
      space[place] = UInt8(ascii: "0")
    }
    space[range.lowerBound - 1] = UInt8(ascii: "1")
    return range.lowerBound - 1..<range.upperBound
  }

  private static let plainBelow: Double = 1e21
  private static let mostDecimals = 6
}
