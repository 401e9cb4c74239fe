/// The target of a request line, taken apart but not decoded.
struct RequestTarget {
  /// Several slashes in a row stand in it as one (api.md section 2): clients join base URLs carelessly.
  var rawPath: String
  var rawQuery: String?
  /// Bytes of the whole target.
  var length: Int
  /// Whether there is a blank in it, which no target has.
  var hasBlank: Bool

  /// Splits at the first `?`. Of the absolute form (`http://host/path`, RFC 9112 3.2.2) the path counts:
  /// any host name that reaches the server works. What begins with no `/` then gets one, and no route.
  init(_ bytes: UnsafeRawBufferPointer) {
    length = bytes.count
    hasBlank = bytes.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var rest = bytes[...]
    if let first = rest.first, first != UInt8(ascii: "/"), let authority = RequestTarget.authority(bytes) {
      let end = rest[authority...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
      rest = rest[(end ?? rest.endIndex)...]
    }
    let mark = rest.firstIndex(of: UInt8(ascii: "?"))
    let path = rest[..<(mark ?? rest.endIndex)]
    let text = RequestTarget.text(UnsafeRawBufferPointer(rebasing: path))
    rawPath = path.first == UInt8(ascii: "/") ? text : "/" + text
    if let mark {
      rawQuery = String(decoding: UnsafeRawBufferPointer(rebasing: rest[(mark + 1)...]), as: UTF8.self)
    }
  }

  private static func text(_ path: UnsafeRawBufferPointer) -> String {
    let slash = UInt8(ascii: "/")
    func isFurther(_ index: Int) -> Bool { index > 0 && path[index] == slash && path[index - 1] == slash }
    guard path.indices.contains(where: isFurther) else { return String(decoding: path, as: UTF8.self) }
    return String(decoding: path.indices.filter { !isFurther($0) }.map { path[$0] }, as: UTF8.self)
  }

  /// Where the authority of an absolute http or https target begins.
  private static func authority(_ bytes: UnsafeRawBufferPointer) -> Int? {
    for scheme in ["http://", "https://"] where bytes.count >= scheme.utf8.count {
      if zip(bytes, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return scheme.utf8.count }
    }
    return nil
  }
}
