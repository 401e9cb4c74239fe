import Crypto
import HTTPServer
import Wire

/// A strong `ETag` over an answer's bytes.
struct EntityTag: Equatable {
  let text: String

  /// Of something that has a name for what it is.
  init(naming name: String) { text = "\"\(name)\"" }

  init(of bytes: UnsafeRawBufferPointer) {
    text = "\"\(Hex.encode(Array(SHA256.hash(bytes).prefix(16))))\""
  }

  /// Whether an `If-None-Match` names it.
  func matches(_ header: String?) -> Bool { named(by: header) != nil }

  /// The tag as an `If-None-Match` names it, which a 304 repeats: that of the plain bytes or of those with
  /// gzip, whichever the client holds. Nil where it names neither. Weak comparison, lists and `*`.
  func named(by header: String?) -> String? {
    guard let header else { return nil }
    let opaque = text.dropFirst().dropLast()
    let coded = "\(opaque)\(Response.gzipTagSuffix)"
    for part in header.split(separator: ",") {
      var tag = part.drop { $0 == " " }
      while tag.last == " " { tag = tag.dropLast() }
      if tag == "*" { return text }
      if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
      guard tag.count >= 2, tag.first == "\"", tag.last == "\"" else { continue }
      let inner = tag.dropFirst().dropLast()
      if inner == opaque { return text }
      if inner == coded { return "\"\(coded)\"" }
    }
    return nil
  }
}
