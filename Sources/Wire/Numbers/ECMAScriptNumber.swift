/// Numbers in the form that ECMAScript's `Number::toString` gives (api.md section 9).
package enum ECMAScriptNumber {
  /// Swift's description has the same shortest digits; only the place of the point and the form of
  /// the exponent differ.
  package static func text(of number: Double) -> String {
    guard number.isFinite else { return "null" }
    if number == 0 { return "0" }
    let sign = number < 0 ? "-" : ""
    var digits: [UInt8] = []
    var exponent = 0
    var pointSeen = false
    var fraction = 0
    var source = number.magnitude.description.utf8.makeIterator()
    while let byte = source.next() {
      switch byte {
      case UInt8(ascii: "."): pointSeen = true
      case UInt8(ascii: "e"):
        var rest: [UInt8] = []
        while let next = source.next() { rest.append(next) }
        exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
      default:
        digits.append(byte)
        if pointSeen { fraction += 1 }
      }
    }
    // The value is 0.d₁d₂… × 10^point.
    var point = digits.count - fraction + exponent
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      point -= 1
    }
    let text = String(decoding: digits, as: UTF8.self)
    if point > 21 || point < -5 {
      let power = point - 1
      let mantissa = digits.count == 1 ? text : "\(text.prefix(1)).\(text.dropFirst())"
      return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(power.magnitude)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text }
    if digits.count <= point { return sign + text + String(repeating: "0", count: point - digits.count) }
    return "\(sign)\(text.prefix(point)).\(text.dropFirst(point))"
  }
}
