/// What an `Accept-Encoding` field says of gzip (RFC 9110 section 12.5.3).
enum AcceptEncoding {
  /// Whether gzip is acceptable and not less liked than no compression. Without the field it is not:
  /// the client did not ask.
  static func allowsGzip(_ fields: [String]) -> Bool {
    var gzip: Int?
    var identity: Int?
    var any: Int?
    for field in fields {
      for part in field.split(separator: ",") {
        let pieces = part.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        let quality = quality(pieces.dropFirst())
        switch pieces[0].lowercased() {
        case "gzip", "x-gzip": gzip = max(gzip ?? 0, quality)
        case "identity": identity = quality
        case "*": any = quality
        default: break
        }
      }
    }
    guard let chosen = gzip ?? any, chosen > 0 else { return false }
    return chosen >= identity ?? 0
  }

  /// Thousandths. A missing `q` is 1; one that is no such number is 0, so that it asks for nothing.
  private static func quality(_ parameters: ArraySlice<Substring>) -> Int {
    for parameter in parameters {
      let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
      guard pair[0].lowercased() == "q" else { continue }
      guard pair.count == 2 else { return 0 }
      let digits = pair[1].utf8
      guard (1...5).contains(digits.count), let first = digits.first, first == 48 || first == 49 else {
        return 0
      }
      var value = Int(first - 48) * 1000
      var unit = 100
      for (position, byte) in digits.dropFirst().enumerated() {
        if position == 0 {
          guard byte == UInt8(ascii: ".") else { return 0 }
        } else {
          guard (48...57).contains(byte) else { return 0 }
          value += Int(byte - 48) * unit
          unit /= 10
        }
      }
      return value <= 1000 ? value : 0
    }
    return 1000
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.utf8.first, first == 32 || first == 9 { text = text.dropFirst() }
    while let last = text.utf8.last, last == 32 || last == 9 { text = text.dropLast() }
    return text
  }
}
