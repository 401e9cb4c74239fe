import Wire

/// Which answers are compressed (api.md section 2), and what that does to their header.
extension Response {
  /// Smaller ones stay as they are.
  static let compressionFloor = 1024
  /// Larger files go out as they are: compressing would keep the client waiting for the first byte, and
  /// what is that large is mostly an attachment.
  static let compressionCeiling = 16 * 1024 * 1024
  /// Beyond this, compressing takes so long that it must not happen on a connection's thread.
  static let quickCompression = 32 * 1024

  /// Bytes of the body.
  var bodyLength: Int {
    switch body {
    case .empty: 0
    case .block(let block): block.count
    case .file(_, _, let length): length
    case .parts(_, let parts): parts.reduce(0) { $0 + $1.length }
    }
  }

  /// A strong `ETag` stands for exactly these bytes: that of an answer with gzip ends in this, inside the
  /// quotes. Whoever compares a client's tags with a state takes it off first; it names the same state.
  package static let gzipTagSuffix = "-gzip"

  /// Whether it would be compressed for a client that accepts gzip.
  var isCompressible: Bool {
    guard status != 206, bodyLength > Response.compressionFloor, bodyLength <= Response.compressionCeiling
    else { return false }
    if case .parts = body { return false }
    var isText = false
    for (name, value) in headers {
      // Most have other lengths, and most answers say "no-store".
      guard (12...16).contains(name.utf8.count) else { continue }
      switch name.lowercased() {
      case "content-type": isText = Response.isText(value)
      case "content-encoding", "content-range": return false
      case "cache-control":
        if value != "no-store", value.lowercased().contains("no-transform") { return false }
      default: break
      }
    }
    return isText
  }

  /// Media types that gain by compression.
  private static func isText(_ contentType: String) -> Bool {
    if contentType == TextType.json { return true }
    let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
    return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
      || [
        "application/json", "application/xml", "application/javascript", "application/x-ndjson",
        "application/yaml", "application/x-pem-file",
      ].contains(type)
  }

  /// The answer as this client gets it. Says `Vary` wherever another client might get it otherwise.
  func coded(for head: RequestHead, temporaryDirectory: String) -> Response {
    guard isCompressible else { return self }
    var coded = self
    coded.addVary()
    guard AcceptEncoding.allowsGzip(head.headers.all("accept-encoding")) else { return coded }
    switch body {
    case .empty, .parts: return self
    case .block(let block):
      guard let smaller = Deflater.gzip(block.bytes) else { return coded }
      coded.body = .block(smaller)
    case .file(let file, let offset, let length):
      guard
        let (smaller, count) = Deflater.gzip(
          file: file.number, offset: offset, length: length, temporaryDirectory: temporaryDirectory)
      else { return coded }
      coded.body = .file(smaller, offset: 0, length: count)
    }
    coded.headers.append(("Content-Encoding", "gzip"))
    coded.markTag()
    coded.tag?.isCoded = true
    return coded
  }

  /// The answer to a client that has it already, under this tag: its head without a body (RFC 9110 section 15.4.5).
  package func notModified(as tag: NumberTag) -> Response {
    var response = self
    if isCompressible { response.addVary() }
    response.status = 304
    response.headers.removeAll { $0.name == "Content-Type" }
    response.body = .empty
    response.tag = tag
    return response
  }

  private mutating func markTag() {
    guard let index = index(of: "etag") else { return }
    let tag = headers[index].value
    guard tag.count >= 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return }
    headers[index].value = "\(tag.dropLast())\(Self.gzipTagSuffix)\""
  }

  /// The first field of this name, which is given in lower case.
  private func index(of name: StaticString) -> Int? {
    headers.firstIndex { field in
      // Nearly all have other lengths, and need no text in lower case.
      field.name.utf8.count == name.utf8CodeUnitCount && field.name.lowercased() == "\(name)"
    }
  }

  private mutating func addVary() {
    guard let index = index(of: "vary") else {
      headers.append(("Vary", "Accept-Encoding"))
      return
    }
    let value = headers[index].value
    if value != "*", !value.lowercased().contains("accept-encoding") {
      headers[index].value = value + ", Accept-Encoding"
    }
  }
}
