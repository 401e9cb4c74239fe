import HTTPServer
import Wire

/// Where a list goes on: `Link: <https://…?…&after=…>; rel="next"` (RFC 8288), which loaders follow by
/// themselves (api.md section 13 «Cursor»).
///
/// The address has all parameters of the request as they were sent, without those that say where a page
/// begins.
struct NextLink {
  /// Bytes of the header's value; it is left out beyond, since proxies refuse long ones.
  static let most = 2048

  private let target: String

  /// Nil where it would be too long.
  init?(_ head: RequestHead, after cursor: String) {
    guard head.rawPath.utf8.count + (head.rawQuery?.utf8.count ?? 0) + cursor.utf8.count <= Self.most else {
      return nil
    }
    var writer = ByteWriter(capacity: 512)
    Self.append(head.rawPath.utf8, to: &writer)
    var mark = UInt8(ascii: "?")
    for part in (head.rawQuery ?? "").utf8.split(separator: UInt8(ascii: "&")) where !Self.isPosition(part) {
      writer.append(mark)
      Self.append(part, to: &writer)
      mark = UInt8(ascii: "&")
    }
    writer.append(mark)
    writer.append("after=")
    Self.append(cursor.utf8, to: &writer)
    target = writer.string
  }

  /// The header's value; nil where it would be too long.
  func header(origin: String) -> String? {
    let value = "<\(origin)\(target)>; rel=\"next\""
    return value.utf8.count <= Self.most ? value : nil
  }

  /// Whether a part of the query says where the page begins.
  private static func isPosition(_ part: Substring.UTF8View) -> Bool {
    let key = part.prefix { $0 != UInt8(ascii: "=") }
    guard let name = try? PercentText.decode(ArraySlice(key)) else { return false }
    return ["skip", "after", "cursor"].contains(name)
  }

  /// What may stand in a URL as it is stays as it is; brackets and all that could end the header's value are
  /// encoded, which changes nothing of what they mean.
  private static func append(_ bytes: some Sequence<UInt8>, to writer: inout ByteWriter) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        writer.append(byte)
      case _ where "%-._~!$&'()*+,;=:@/?".utf8.contains(byte): writer.append(byte)
      default: PercentText.append(escaped: byte, to: &writer)
      }
    }
  }
}
