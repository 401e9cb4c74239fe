extension String {
  /// The text with all of a part replaced, found by its scalars.
  ///
  /// Swift's own `replacing`, `split` and `hasPrefix` look for characters, and a mark that combines makes one character
  /// of a quote and itself: what quotes a text for a shell, a program or a file must see the quote all the same.
  package func replacing(scalars part: String, with other: String) -> String {
    let (bytes, wanted, instead) = (Array(utf8), Array(part.utf8), Array(other.utf8))
    guard let first = wanted.first else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if bytes[position] == first, bytes[position...].starts(with: wanted) {
        result += instead
        position += wanted.count
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What stands behind this character of ASCII where the text begins with it, whatever follows; else nil.
  package func behind(_ first: Unicode.Scalar) -> String? {
    unicodeScalars.first == first ? String(unicodeScalars.dropFirst()) : nil
  }
}
