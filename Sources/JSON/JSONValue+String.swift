import CSimdjson
import Wire

extension JSONValue {
  /// The string without its escapes, or nil for other values. It may hold U+0000.
  package var string: String? {
    withStringUTF8 { String(decoding: $0, as: UTF8.self) }
  }

  /// The string's UTF-8 without its escapes and without a copy; nil, and `body` not called, for other
  /// values. The pointer is good inside `body` only.
  package func withStringUTF8<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R? {
    guard isString else { return nil }
    defer { withExtendedLifetime(document) {} }
    return try body(stringBytes)
  }

  /// The same bytes; the node must be a string and the document be kept.
  var stringBytes: UnsafeRawBufferPointer {
    let node = node
    if node.first == UInt32.max {
      return UnsafeRawBufferPointer(
        rebasing: document.source[(Int(node.start) + 1)..<(Int(node.end) - 1)])
    }
    guard let strings = document.strings else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: strings + Int(node.first), count: Int(node.second))
  }

  /// Whether it is a string that says exactly this.
  package func isString(_ text: StaticString) -> Bool {
    guard isString else { return false }
    defer { withExtendedLifetime(document) {} }
    return stringBytes.elementsEqual(
      UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
