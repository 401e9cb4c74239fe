/// JSON on lines of its own, for people.
package enum JSONIndent {
  /// The same tokens with line ends and two blanks for each depth between them; texts, numbers and order stay as they
  /// are. What is no JSON comes back without a change of its tokens, too. Linear in time; the result grows with depth,
  /// so that beyond 100 nothing is indented further.
  package static func indented(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count * 2)
    var depth = 0
    var isInText = false
    var isEscaped = false
    var bytes = text.utf8.makeIterator()
    var next = bytes.next()
    func line(_ out: inout [UInt8]) {
      out.append(UInt8(ascii: "\n"))
      for _ in 0..<min(max(depth, 0), 100) { out += [UInt8(ascii: " "), UInt8(ascii: " ")] }
    }
    while let byte = next {
      next = bytes.next()
      if isInText {
        out.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInText = true
        out.append(byte)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        out.append(byte)
        // Empty ones stay together.
        if next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
          if let end = next { out.append(end) }
          next = bytes.next()
        } else {
          depth += 1
          line(&out)
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        line(&out)
        out.append(byte)
      case UInt8(ascii: ","):
        out.append(byte)
        line(&out)
      case UInt8(ascii: ":"): out += [byte, UInt8(ascii: " ")]
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
