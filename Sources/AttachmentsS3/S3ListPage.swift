import CExpat
import Wire

/// One page of the list of a bucket's objects, as `ListObjectsV2` answers it.
struct S3ListPage: Equatable {
  struct Entry: Equatable {
    var key: String
    var size: Int
    var modified: Instant
  }

  var entries: [Entry] = []
  /// What the next page is asked for with; nil on the last.
  var next: String?

  /// Whether a key may stand in a path as it is.
  static func isPlain(_ key: String) -> Bool {
    key.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_./".utf8.contains(byte)
    }
  }

  /// Nil where it is no such list. Objects of which something is missing are left out.
  init?(xml: [UInt8]) {
    guard let parser = XML_ParserCreate(nil), let length = Int32(exactly: xml.count) else { return nil }
    defer { XML_ParserFree(parser) }
    let reading = Reading()
    XML_SetUserData(parser, Unmanaged.passUnretained(reading).toOpaque())
    XML_SetElementHandler(
      parser,
      { context, name, _ in if let name { Reading.of(context)?.begin(String(cString: name)) } },
      { context, _ in Reading.of(context)?.end() })
    XML_SetCharacterDataHandler(
      parser,
      { context, bytes, count in
        guard let bytes, let reading = Reading.of(context) else { return }
        reading.text.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      })
    // No honest list declares entities.
    XML_SetEntityDeclHandler(parser, { context, _, _, _, _, _, _, _, _ in Reading.of(context)?.isBroken = true })
    let status = xml.withUnsafeBytes {
      XML_Parse(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), length, 1)
    }
    guard status == XML_STATUS_OK, !reading.isBroken, reading.isList else { return nil }
    self = reading.page
    if !reading.isTruncated { next = nil }
  }

  init() {}

  private final class Reading {
    var page = S3ListPage()
    var isList = false
    var isTruncated = false
    var isBroken = false
    var text: [UInt8] = []
    private var path: [String] = []
    private var key: String?
    private var size: Int?
    private var modified: Instant?

    static func of(_ context: UnsafeMutableRawPointer?) -> Reading? {
      context.map { Unmanaged<Reading>.fromOpaque($0).takeUnretainedValue() }
    }

    func begin(_ name: String) {
      if path.count > 20 { isBroken = true }
      if path.isEmpty { isList = name == "ListBucketResult" }
      path.append(name)
      text.removeAll(keepingCapacity: true)
    }

    func end() {
      let value = String(decoding: text, as: UTF8.self)
      text.removeAll(keepingCapacity: true)
      let inside = path.dropFirst()
      _ = path.popLast()
      switch inside {
      case ["Contents", "Key"]: key = value
      case ["Contents", "Size"]: size = Int(value).flatMap { $0 >= 0 ? $0 : nil }
      case ["Contents", "LastModified"]: modified = Instant(value)
      case ["Contents"]:
        if let key, let size, let modified { page.entries.append(Entry(key: key, size: size, modified: modified)) }
        (key, size, modified) = (nil, nil, nil)
      case ["NextContinuationToken"]: page.next = value
      case ["IsTruncated"]: isTruncated = value == "true"
      default: break
      }
    }
  }
}
