/// The bytes of one try, and how targets take them.
struct FuzzInput {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// As text; what is no UTF-8 is repaired.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The first byte, by which a target chooses, and the others.
  var choiceAndRest: (choice: Int, rest: FuzzInput) {
    (Int(bytes.first ?? 0), FuzzInput(Array(bytes.dropFirst())))
  }

  /// What stands before the first of these bytes, and behind it.
  func halves(at separator: UInt8) -> (FuzzInput, FuzzInput) {
    guard let index = bytes.firstIndex(of: separator) else { return (self, FuzzInput([])) }
    return (FuzzInput(Array(bytes[..<index])), FuzzInput(Array(bytes[(index + 1)...])))
  }

  /// Lines, of which the last one may be empty.
  var lines: [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// The bytes in pieces of so many and so many in turn.
  func pieces(_ sizes: [Int]) -> [[UInt8]] {
    var (pieces, start, turn) = ([[UInt8]](), 0, 0)
    while start < bytes.count {
      let end = min(start + max(sizes[turn % sizes.count], 1), bytes.count)
      pieces.append(Array(bytes[start..<end]))
      (start, turn) = (end, turn + 1)
    }
    return pieces
  }
}
