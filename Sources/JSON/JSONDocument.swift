import CSimdjson
import Wire

/// A JSON text that was read and checked to its last byte: RFC 8259 in UTF-8, no key twice in one
/// object (keys compare without their escapes), nothing behind the value, no deeper and no larger than its
/// limits (api.md section 4). Numbers may have any size.
///
/// A byte order mark before the text is passed over. An escaped half of a surrogate pair, which no UTF-8 can
/// hold, is a fault of the string that it stands in, not of the text: that string reads with U+FFFD in its
/// place, and `JSONValue.holdsLoneSurrogate` says so.
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

  /// The text, without a byte order mark.
  let source: UnsafeRawBufferPointer
  let nodes: UnsafePointer<csimdjson_node>
  let strings: UnsafePointer<UInt8>?
  let hasLoneSurrogates: Bool
  /// How many bytes of what was given stand before the source.
  let lead: Int
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

  private init(_ given: UnsafeRawBufferPointer, owner: AnyObject, limits: JSONLimits) throws(JSONError) {
    let lead = given.starts(with: JSONDocument.byteOrderMark) ? JSONDocument.byteOrderMark.count : 0
    let bytes = UnsafeRawBufferPointer(rebasing: given[lead...])
    var tape = csimdjson_tape()
    var offset = 0
    let fault = csimdjson_read(
      bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
      UInt32(clamping: limits.depth), UInt32(clamping: limits.nodes), &tape, &offset)
    if var reason = JSONError.Reason(fault, limits: limits) {
      if case .repeatedKey = reason {
        reason = .repeatedKey(CutText.cut(JSONDocument.key(at: offset, in: bytes)))
      }
      throw JSONError(offset: lead + offset, reason: reason)
    }
    guard let nodes = tape.nodes else { throw JSONError(offset: 0, reason: .outOfMemory) }
    self.lead = lead
    self.hasLoneSurrogates = tape.has_lone_surrogates
    self.source = bytes
    self.nodes = UnsafePointer(nodes)
    self.strings = tape.strings.map { UnsafePointer($0) }
    self.owner = owner
    self.tape = tape
  }

  deinit { csimdjson_free(&tape) }

  /// U+FEFF, which some editors and libraries write before a text.
  package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

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
