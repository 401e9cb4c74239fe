/// Numbers for people: `336,776`.
package enum Grouped {
  package static func text(_ number: Int) -> String {
    let digits = String(number.magnitude).utf8
    var writer = ByteWriter(capacity: 32)
    if number < 0 { writer.append("-") }
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { writer.append(",") }
      writer.append(digit)
    }
    return writer.string
  }

  /// `1 object`, `2,000 objects`.
  package static func text(_ number: Int, _ noun: String) -> String {
    "\(text(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
