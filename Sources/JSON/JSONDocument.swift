import CSimdjson
import Wire

/// A JSON text that was read and checked to its last byte: RFC 8259 in UTF-8, no key twice in one
/// object (keys compare without their escapes), no lone surrogates, nothing behind the value, no
/// deeper and no larger than its limits (api.md section 4). Numbers may have any size.
///
/// ```swift
/// let document = try JSONDocument.read(body.bytes, keeping: body)
/// for operation in document.root["operations"]?.elements ?? … { … }
/// ```
///
/// It never changes, and can be walked from many threads. `@unchecked Sendable` is safe: the tape and
/// the source are written before anyone else sees them, and only read after.
package final class JSONDocument: @unchecked Sendable {
  /// How many bytes behind a text must be readable, whatever they hold.
  package static let padding = Int(CSIMDJSON_PADDING)

  /// The text as it was given.
  let source: UnsafeRawBufferPointer
  let nodes: UnsafePointer<csimdjson_node>
  let strings: UnsafePointer<UInt8>?
  private let owner: AnyObject?
  private var tape: csimdjson_tape

  /// Reads bytes without copying them. They must be followed by `padding` readable bytes, and stay as
  /// they are while `owner` lives, which the document keeps.
  package static func read(
    _ bytes: UnsafeRawBufferPointer, keeping owner: some AnyObject & Sendable,
    limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONDocument {
    try JSONDocument(bytes, owner: owner, limits: limits)
  }

  /// Reads a copy of the bytes.
  package static func read(
    copying bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONDocument {
    var writer = ByteWriter(capacity: bytes.count + padding)
    writer.append(bytes)
    return try read(writer, limits: limits)
  }

  /// Reads a copy of the bytes.
  package static func read(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONDocument {
    var writer = ByteWriter(capacity: bytes.count + padding)
    writer.append(bytes)
    return try read(writer, limits: limits)
  }

  package static func read(
    _ text: String, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONDocument {
    var writer = ByteWriter(capacity: text.utf8.count + padding)
    writer.append(text: text)
    return try read(writer, limits: limits)
  }

  private static func read(
    _ writer: consuming ByteWriter, limits: JSONLimits
  ) throws(JSONError) -> JSONDocument {
    let count = writer.count
    for _ in 0..<padding { writer.append(0) }
    let block = writer.detach()
    return try JSONDocument(
      UnsafeRawBufferPointer(start: block.base, count: count), owner: block, limits: limits)
  }

  private init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject, limits: JSONLimits) throws(JSONError) {
    var tape = csimdjson_tape()
    var offset = 0
    let fault = csimdjson_read(
      bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
      UInt32(clamping: limits.depth), UInt32(clamping: limits.nodes), &tape, &offset)
    if var reason = JSONError.Reason(fault, limits: limits) {
      if case .repeatedKey = reason {
        reason = .repeatedKey(CutText.cut(JSONDocument.key(at: offset, in: bytes)))
      }
      throw JSONError(offset: offset, reason: reason)
    }
    guard let nodes = tape.nodes else { throw JSONError(offset: 0, reason: .outOfMemory) }
    self.source = bytes
    self.nodes = UnsafePointer(nodes)
    self.strings = tape.strings.map { UnsafePointer($0) }
    self.owner = owner
    self.tape = tape
  }

  deinit { csimdjson_free(&tape) }

  package var root: JSONValue { JSONValue(document: self, index: 0) }

  /// A key as it stands in the source, for the error that names it.
  private static func key(at offset: Int, in bytes: UnsafeRawBufferPointer) -> String {
    var position = offset + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    let end = min(position, bytes.count)
    guard offset + 1 < end else { return "" }
    return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[(offset + 1)..<end]), as: UTF8.self)
  }
}
