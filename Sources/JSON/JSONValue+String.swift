import CSimdjson

extension JSONValue {
  /// The string without its escapes, or nil for other values. It may hold U+0000, and has U+FFFD for what
  /// `holdsLoneSurrogate` finds.
  package var string: String? {
    withStringUTF8 { String(decoding: $0, as: UTF8.self) }
  }

  /// The string's UTF-8 without its escapes and without a copy; nil, and `body` not called, for other
  /// values. The pointer is good inside `body` only. What `holdsLoneSurrogate` finds is no UTF-8 here.
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

  /// Whether a string, or one in an array or object and be it a key, has an escaped half of a surrogate pair
  /// (`\ud83d`): most often a text that was cut in the middle of an emoji. Almost no document has any, and
  /// then nothing is looked at.
  package var holdsLoneSurrogate: Bool {
    guard document.hasLoneSurrogates else { return false }
    defer { withExtendedLifetime(document) {} }
    return (index..<next).contains { JSONValue(document: document, index: $0).isLoneSurrogateInside }
  }

  /// No other bytes than those of a surrogate begin so: the text itself was valid UTF-8.
  private var isLoneSurrogateInside: Bool {
    guard isString else { return false }
    let bytes = stringBytes
    return bytes.indices.dropLast().contains { bytes[$0] == 0xED && bytes[$0 + 1] >= 0xA0 }
  }

  /// Whether it is a string that says exactly this.
  package func isString(_ text: StaticString) -> Bool {
    guard isString else { return false }
    defer { withExtendedLifetime(document) {} }
    return stringBytes.elementsEqual(
      UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
