extension NumberText {
  /// A number taken apart: ± d₁d₂…dₙ × 10^scale, without zeros at either end of the digits.
  struct Parts {
    private let bytes: UnsafeRawBufferPointer
    let isNegative: Bool
    /// Where the first and behind the last digit stand that are not zeros at the ends. A point may
    /// stand between them.
    private var digits: Range<Int>
    /// How many digits stand in `digits`.
    private var digitCount: Int
    private var scale: Int

    /// Nil where the text is no number of JSON's grammar, or, when it is read loosely, of what
    /// `integer(loosely:)` says.
    init?(_ text: UnsafeRawBufferPointer, isLoose: Bool = false) {
      let bytes = isLoose ? NumberText.withoutBlanks(text) : text
      var position = 0
      let end = bytes.count
      func skipDigits() {
        while position < end, isDigit(bytes[position]) { position &+= 1 }
      }
      let negative = end > 0 && bytes[0] == UInt8(ascii: "-")
      if negative || isLoose && end > 0 && bytes[0] == UInt8(ascii: "+") { position = 1 }
      let whole = position
      skipDigits()
      guard isLoose || position > whole && (bytes[whole] != UInt8(ascii: "0") || position == whole + 1) else {
        return nil
      }
      let point = position
      if position < end, bytes[position] == UInt8(ascii: ".") {
        position &+= 1
        skipDigits()
        // `5.` and `.5`, but not a point alone.
        guard position > point + 1 || isLoose && point > whole else { return nil }
      }
      let mantissaEnd = position
      guard mantissaEnd > whole else { return nil }
      var exponent = 0
      if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
        position &+= 1
        var negative = false
        if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
          negative = bytes[position] == UInt8(ascii: "-")
          position &+= 1
        }
        let start = position
        while position < end, isDigit(bytes[position]) {
          // Far beyond any double, and far from overflow with any length of digits.
          if exponent < 1 << 40 { exponent = exponent * 10 + Int(bytes[position] &- 48) }
          position &+= 1
        }
        guard position > start else { return nil }
        if negative { exponent = -exponent }
      }
      guard position == end else { return nil }

      var first = whole
      while first < mantissaEnd, bytes[first] == UInt8(ascii: "0") || first == point { first &+= 1 }
      var last = mantissaEnd
      while last > first, bytes[last &- 1] == UInt8(ascii: "0") || last &- 1 == point { last &-= 1 }
      self.bytes = bytes
      self.isNegative = negative
      self.digits = first..<last
      self.digitCount = last - first - (first < point && point < last ? 1 : 0)
      // The last digit's power of ten: of those before the point, and of those behind it.
      self.scale = exponent + (last <= point ? point - last : point + 1 - last)
    }

    private var isZero: Bool { digits.isEmpty }

    /// Whether both are the same number, whatever its size.
    func isSame(as other: Parts) -> Bool {
      if isZero || other.isZero { return isZero && other.isZero }
      guard isNegative == other.isNegative, scale == other.scale, digitCount == other.digitCount else { return false }
      var rest = other.digits.lazy.map { other.bytes[$0] }.filter { $0 != UInt8(ascii: ".") }.makeIterator()
      return digits.lazy.map { bytes[$0] }.filter { $0 != UInt8(ascii: ".") }.allSatisfy { $0 == rest.next() }
    }

    private func forEachDigit(_ body: (UInt8) -> Void) {
      for position in digits where bytes[position] != UInt8(ascii: ".") { body(bytes[position] &- 48) }
    }

    var integer: Int64? {
      if isZero { return 0 }
      guard scale >= 0, scale < 19, digitCount + scale <= 19 else { return nil }
      var magnitude: UInt64 = 0
      forEachDigit { magnitude = magnitude &* 10 &+ UInt64($0) }
      for _ in 0..<scale { magnitude = magnitude &* 10 }
      // Nineteen digits are below 2^64.
      if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
      return Int64(exactly: magnitude)
    }

    var double: Double? {
      let sign: Double = isNegative ? -1 : 1
      if isZero { return sign * 0 }
      if digitCount <= 15, scale.magnitude <= 22 {
        // Digits and power are both exact doubles, so one operation rounds once, to the nearest.
        var value: Double = 0
        forEachDigit { value = value * 10 + Double($0) }
        let power = Parts.powersOfTen[Int(scale.magnitude)]
        return sign * (scale < 0 ? value / power : value * power)
      }
      // The number is 0.d₁d₂… × 10^magnitude: certain to overflow, or to vanish.
      let magnitude = digitCount + scale
      if magnitude > 400 { return nil }
      if magnitude < -400 { return sign * 0 }
      guard let value = Double(shortText), value.isFinite else { return nil }
      return sign * value
    }

    /// The same number in at most some 800 characters. No boundary between two doubles has more than
    /// 767 digits, so of what follows them only matters whether it is zero.
    private var shortText: String {
      let kept = 780
      var text: [UInt8] = []
      text.reserveCapacity(min(digitCount, kept) + 24)
      forEachDigit { if text.count < kept { text.append($0 &+ 48) } }
      var power = scale
      if digitCount > kept {
        // The digits end with one that is not zero, so what was cut off was not zero.
        text.append(UInt8(ascii: "1"))
        power += digitCount - kept - 1
      }
      return String(decoding: text, as: UTF8.self) + "e\(power)"
    }

    private static let powersOfTen: [Double] = [
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
      1e19, 1e20, 1e21, 1e22,
    ]
  }
}

@inline(__always)
private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
