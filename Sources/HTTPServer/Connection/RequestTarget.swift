/// The target of a request line, taken apart but not decoded.
struct RequestTarget {
  var rawPath: String
  var rawQuery: String?
  /// Bytes of the whole target.
  var length: Int

  /// Splits at the first `?`. Of the absolute form (`http://host/path`, RFC 9112 3.2.2) the path counts:
  /// any host name that reaches the server works. What begins with no `/` then gets one, and no route.
  init(_ bytes: UnsafeRawBufferPointer) {
    length = bytes.count
    var rest = bytes[...]
    if let first = rest.first, first != UInt8(ascii: "/"), let authority = RequestTarget.authority(bytes) {
      let end = rest[authority...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
      rest = rest[(end ?? rest.endIndex)...]
    }
    let mark = rest.firstIndex(of: UInt8(ascii: "?"))
    let path = rest[..<(mark ?? rest.endIndex)]
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: path), as: UTF8.self)
    rawPath = path.first == UInt8(ascii: "/") ? text : "/" + text
    if let mark {
      rawQuery = String(decoding: UnsafeRawBufferPointer(rebasing: rest[(mark + 1)...]), as: UTF8.self)
    }
  }

  /// Where the authority of an absolute http or https target begins.
  private static func authority(_ bytes: UnsafeRawBufferPointer) -> Int? {
    for scheme in ["http://", "https://"] where bytes.count >= scheme.utf8.count {
      if zip(bytes, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return scheme.utf8.count }
    }
    return nil
  }
}
