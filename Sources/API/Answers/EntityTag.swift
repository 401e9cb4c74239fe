import Wire

/// A strong `ETag` over an answer's bytes.
struct EntityTag: Equatable {
  let text: String

  init(of bytes: UnsafeRawBufferPointer) {
    text = "\"\(Hex.encode(Array(SHA256.hash(bytes).prefix(16))))\""
  }

  /// Whether an `If-None-Match` names it: weak comparison, lists and `*`. A proxy or our own
  /// compression may have marked it.
  func matches(_ header: String?) -> Bool {
    guard let header else { return false }
    let opaque = text.dropFirst().dropLast()
    return header.split(separator: ",").contains { part in
      var tag = part.drop { $0 == " " }
      while tag.last == " " { tag = tag.dropLast() }
      if tag == "*" { return true }
      if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
      guard tag.count >= 2, tag.first == "\"", tag.last == "\"" else { return false }
      var inner = tag.dropFirst().dropLast()
      if inner.hasSuffix("-gzip") { inner = inner.dropLast(5) }
      return inner == opaque
    }
  }
}
