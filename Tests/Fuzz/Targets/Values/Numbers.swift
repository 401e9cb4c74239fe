import Wire

/// Numbers, counts with units and booleans as texts; and the first eight bytes as a double, printed.
enum Numbers {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    try strictly(text)
    let (integer, double) = (NumberText.integer(loosely: text), NumberText.double(loosely: text))
    if let integer { try promise(double, is: Double(integer), "a whole number is also read as a double: \(text)") }
    if let double { try printing(double) }
    if input.bytes.count >= 8 {
      let bits = input.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
      let number = Double(bitPattern: bits)
      if number.isFinite { try printing(number) }
    }
    try quantities(text)
  }

  /// In the grammar of JSON they are the doubles that Swift reads.
  private static func strictly(_ text: String) throws(BrokenPromise) {
    let (integer, double) = (NumberText.integer(text), NumberText.double(text))
    if let double {
      try promise(Double(text), is: double, "\(text) is the nearest double")
      try promise(NumberText.double(loosely: text), is: double, "what is a number is also one loosely: \(text)")
    }
    if let integer {
      try promise(double, is: Double(integer), "a whole number is also read as a double: \(text)")
      try promise(NumberText.integer("\(integer)"), is: integer, "a whole number prints as itself")
    }
    guard let exact = exactText(text) else { return }
    try promise(exactText(exact), is: exact, "an exact text stays as it is: \(text)")
    try promise(NumberText.double(exact), is: NumberText.double(text), "an exact text is the same number: \(text)")
  }

  private static func exactText(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { NumberText.exactText(utf8: UnsafeRawBufferPointer($0)) }
  }

  /// The digits that are printed read back, and are no more than Swift's own.
  private static func printing(_ number: Double) throws(BrokenPromise) {
    let text = ECMAScriptNumber.text(of: number)
    try promise(NumberText.double(text), is: number, "\(text) reads back")
    try promise(digits(text).utf8.count <= digits("\(number)").utf8.count, "\(text) has the fewest digits")
    var writer = ByteWriter()
    writer.append(displayOf: number)
    writer.append(" ")
    for decimals in [0, 2, 20] { writer.append(fixed: number, decimals: decimals) }
    try promise(writer.count < 200, "a number for people is short: \(writer.string)")
  }

  /// The digits of the mantissa, without zeros at its ends.
  private static func digits(_ text: String) -> Substring {
    let mantissa = text.prefix { $0 != "e" }.filter { $0.isNumber }
    var digits = mantissa.drop { $0 == "0" }
    while digits.last == "0" { digits.removeLast() }
    return digits
  }

  private static func quantities(_ text: String) throws(BrokenPromise) {
    if let seconds = Quantity.seconds(of: text) {
      try promise(Quantity.seconds(of: "\(seconds)s"), is: seconds, "seconds read as seconds: \(text)")
    }
    if let bytes = Quantity.bytes(of: text) {
      try promise(Quantity.bytes(of: "\(bytes)"), is: bytes, "bytes read as bytes: \(text)")
      _ = ByteText.text(bytes)
    }
    if let truth = TruthText.read(text) {
      try promise(TruthText.read("\(truth)"), is: truth, "a truth prints as itself: \(text)")
    }
  }
}
