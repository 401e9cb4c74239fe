/// Bytes taken as decisions, so that they make a whole text of some grammar: what the fuzzer changes then is the
/// structure of a text, and not its letters.
///
/// Bytes that are used up decide for the first choice, so that what is made ends. Grammars put their smallest production
/// first.
struct Decisions {
  private let bytes: [UInt8]
  private var position = 0

  init(_ input: FuzzInput) { bytes = input.bytes }

  /// A number from 0 up to a limit of at most 256.
  mutating func below(_ limit: Int) -> Int {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return Int(bytes[position]) % limit
  }

  /// One in so many; no at the end.
  mutating func once(in count: Int) -> Bool { below(count) == count - 1 }

  mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

  /// Up to so many characters, most of them ones that mean something somewhere.
  mutating func text(most: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<below(most + 1) {
      let choice = below(96)
      text.append(choice < Self.scalars.count ? Self.scalars[choice] : Unicode.Scalar(UInt8(32 + choice % 95)))
    }
    return String(text)
  }

  private static let scalars: [Unicode.Scalar] = [
    "a", "b", " ", "\"", "\\", "<", ">", "&", "'", "{", "}", "[", "]", "%", "+", "=", "?", "#", ";", ",", ":", "/",
    "\n",
    "\t", "\u{e9}", "\u{301}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{fffd}", "\u{1f600}", "\u{d7ff}", "\u{e000}",
    "\u{10ffff}", "\u{2028}", "\u{7f}",
  ]
}
