/// A strong `ETag` that is a number: `"7"`, and `"7-gzip"` over a coded body. It is printed where the head is made, so
/// that an answer carries it without a text of its own.
package struct NumberTag: Sendable, Equatable {
  package let number: Int64
  /// Whether the body is coded, which another tag must stand for.
  package var isCoded = false

  package init(_ number: Int64, isCoded: Bool = false) {
    assert(number >= 0, "a tag has no sign")
    self.number = number
    self.isCoded = isCoded
  }

  /// What stands between the quotes of a tag; nil for what none of ours is.
  package init?(opaque text: Substring.UTF8View) {
    let digits = text.prefix { (0x30...0x39).contains($0) }
    let rest = text[digits.endIndex...]
    isCoded = !rest.isEmpty
    guard rest.isEmpty || rest.elementsEqual(Response.gzipTagSuffix.utf8), digits.count <= Self.mostDigits,
      digits.first != UInt8(ascii: "0") || digits.count == 1, let number = Int64(Substring(digits))
    else { return nil }
    self.number = number
  }

  package var text: String { withCString { String(cString: $0) } }

  /// Quotes included. On the stack.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    StackText.with { text in
      text.prepend(UInt8(ascii: "\""))
      if isCoded { for byte in Response.gzipTagSuffix.utf8.reversed() { text.prepend(byte) } }
      text.prepend(number)
      text.prepend(UInt8(ascii: "\""))
    } in: {
      body($0)
    }
  }

  private static let mostDigits = 19
}
