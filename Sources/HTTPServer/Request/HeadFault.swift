import Wire

/// Why a head is refused whatever it asks for: proxies and servers disagree about what such a one means, which
/// is how requests are smuggled past checks (RFC 9112 section 11.2). The connection is closed.
package enum HeadFault: Error, Equatable, Sendable {
  /// A name with a blank before its colon or with other characters that names do not have.
  case fieldName(String)
  /// A carriage return inside the value of this field.
  case fieldValue(String)
  /// A field that goes on on a second line or has no name, or a zero byte.
  case hiddenBytes
  /// A blank or a zero byte in the target.
  case target
  case noHost
  case severalHosts
  /// Two lengths, one that is no number, a length beside a transfer coding, or a coding that is not `chunked`.
  case bodyLength

  /// For the client.
  package var sentence: String {
    switch self {
    case .fieldName(let name):
      "\"\(CutText.cut(name))\" is no header name: those have letters, digits and !#$%&'*+-.^_`|~, and no blank before the colon."
    case .fieldValue(let name): "The header \"\(CutText.cut(name))\" has a carriage return in its value."
    case .hiddenBytes: "A header goes on on a second line, has no name, or has a zero byte in it."
    case .target: "The request line has a blank or a zero byte in its target; a blank is written %20."
    case .noHost: "The request has no Host header, which HTTP/1.1 needs."
    case .severalHosts: "The request has several Host headers."
    case .bodyLength:
      "The headers leave in doubt where the body ends: it has one Content-Length in digits, or the Transfer-Encoding chunked."
    }
  }
}
