import Wire

/// An address on this server: segments of a path, a query and a fragment, all encoded. Whatever its parts hold, it
/// leads nowhere else.
package struct LocalAddress: Hashable, Sendable {
  package let text: String

  /// - Parameter query: keys as they are written, brackets included, and their values.
  package init(_ segments: [String], query: [(key: String, value: String)] = [], fragment: String? = nil) {
    var writer = ByteWriter(capacity: 128)
    for segment in segments {
      writer.append("/")
      PercentText.append(encoded: segment, to: &writer)
    }
    if segments.isEmpty { writer.append("/") }
    self.init(writer, query, fragment)
  }

  /// A place on the same page.
  package init(fragment: String) { self.init(ByteWriter(capacity: 64), [], fragment) }

  /// The same page with another query.
  package init(query: [(key: String, value: String)]) {
    var writer = ByteWriter(capacity: 128)
    if query.isEmpty { writer.append("?") }
    self.init(writer, query, nil)
  }

  private init(_ path: consuming ByteWriter, _ query: [(key: String, value: String)], _ fragment: String?) {
    var writer = path
    for (index, pair) in query.enumerated() {
      writer.append(index == 0 ? "?" : "&")
      writer.append(inQuery: pair.key)
      writer.append("=")
      writer.append(inQuery: pair.value)
    }
    if let fragment {
      writer.append("#")
      PercentText.append(encoded: fragment, to: &writer)
    }
    text = writer.string
  }
}

extension ByteWriter {
  /// What the URL standard lets stand for itself in a query stays readable. Brackets of keys are none of it, though
  /// browsers let them pass.
  fileprivate mutating func append(inQuery text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: ","),
        UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "!"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"):
        append(byte)
      case UInt8(ascii: " "): append(UInt8(ascii: "+"))
      default: PercentText.append(escaped: byte, to: &self)
      }
    }
  }
}
