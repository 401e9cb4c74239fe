import Wire

/// A piece of a page: what writes itself into bytes.
///
/// ```swift
/// let list = ul(.class("models")) {
///   for model in models { li { a(.href(model.address)) { model.label } } }
/// }
/// ```
///
/// 1. A `String` is text and is escaped. Markup comes from literals alone: no value of a person or a program gets
///    to be a tag, the name of an attribute, a style or a script.
/// 2. What is written is well-formed as XML and means the same as HTML.
/// 3. It is a value: writing it twice writes the same bytes.
package struct HTML {
  let write: (inout ByteWriter) -> Void

  init(_ write: @escaping (inout ByteWriter) -> Void) { self.write = write }

  package static var nothing: HTML { HTML { _ in } }

  /// A text, escaped.
  package static func text(_ text: String) -> HTML { HTML { $0.append(escaped: text) } }

  /// UTF-8, escaped. It must be written before the bytes go.
  package static func text(_ bytes: UnsafeRawBufferPointer) -> HTML { HTML { $0.append(escaped: bytes) } }

  package static func number(_ number: Int) -> HTML { HTML { $0.append(integer: Int64(number)) } }
  package static func integer(_ integer: Int64) -> HTML { HTML { $0.append(integer: integer) } }
  package static func number(_ number: Double) -> HTML { HTML { $0.append(number: number) } }
  package static func day(_ day: CalendarDay) -> HTML { HTML { $0.append(day: day) } }
  package static func id(_ id: ObjectID) -> HTML { HTML { $0.append(id: id) } }

  /// `<time datetime="2013-01-31T09:05:00Z">2013-01-31 09:05:00</time>`, in UTC.
  package static func time(_ instant: Instant) -> HTML { HTML { $0.append(time: instant) } }

  /// For where no head or label says which zone it is.
  package static func timeWithZone(_ instant: Instant) -> HTML {
    HTML { writer in
      writer.append(time(instant))
      writer.append("&#160;UTC")
    }
  }

  /// What a sink or another page has written as HTML before.
  package static func written(_ block: WrittenHTML) -> HTML { HTML { $0.append(block) } }

  package static func all(_ parts: [HTML]) -> HTML { HTML { for part in parts { part.write(&$0) } } }
}

/// Bytes that were written from `HTML`.
package struct WrittenHTML: Sendable {
  let bytes: ByteBlock

  package init(_ html: HTML) {
    var writer = ByteWriter(capacity: 1024)
    writer.append(html)
    bytes = writer.detach()
  }

  /// What a sink has written: markup as literals, and all else escaped, for which a writer has the functions below.
  package init(bySink bytes: ByteBlock) { self.bytes = bytes }
}

/// What stands between the braces of an element.
@resultBuilder
package enum HTMLBuilder {
  package static func buildExpression(_ text: String) -> HTML { .text(text) }
  package static func buildExpression(_ number: Int) -> HTML { .number(number) }
  package static func buildExpression(_ html: HTML) -> HTML { html }
  package static func buildExpression(_ html: HTML?) -> HTML { html ?? .nothing }
  package static func buildBlock() -> HTML { .nothing }
  package static func buildBlock(_ part: HTML) -> HTML { part }
  package static func buildBlock(_ parts: HTML...) -> HTML { .all(parts) }
  package static func buildOptional(_ part: HTML?) -> HTML { part ?? .nothing }
  package static func buildEither(first part: HTML) -> HTML { part }
  package static func buildEither(second part: HTML) -> HTML { part }
  package static func buildArray(_ parts: [HTML]) -> HTML { .all(parts) }
}

/// Several pieces as one.
package func fragment(@HTMLBuilder _ content: () -> HTML) -> HTML { content() }

extension ByteWriter {
  package mutating func append(_ html: HTML) { html.write(&self) }

  package mutating func append(_ block: WrittenHTML) { append(block.bytes.bytes) }

  package mutating func append(time instant: Instant) {
    append("<time datetime=\"")
    append(instant: instant)
    append("\">")
    let start = count
    append(instant: instant)
    store(byte: UInt8(ascii: " "), at: start + 10)
    truncate(to: count - 1)
    append("</time>")
  }

  package mutating func append(escaped text: String) {
    var text = text
    text.withUTF8 { append(escaped: UnsafeRawBufferPointer($0)) }
  }

  /// The inside of an element, or of an attribute in double quotes. What XML cannot hold stands as U+FFFD: control
  /// characters but tab and line ends, U+FFFE and U+FFFF. A carriage return is a reference, since parsers of HTML
  /// take a bare one for a line feed. C1 characters stay raw: as references they would mean others.
  package mutating func append(escaped bytes: UnsafeRawBufferPointer) {
    var start = 0
    var offset = 0
    while offset < bytes.count {
      guard let (length, replacement) = Self.replacement(at: offset, in: bytes) else {
        offset &+= 1
        continue
      }
      append(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
      append(replacement)
      offset &+= length
      start = offset
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  /// What stands in the place of so many bytes; nil for a byte that stays.
  @inline(__always)
  private static func replacement(
    at offset: Int, in bytes: UnsafeRawBufferPointer
  ) -> (length: Int, text: StaticString)? {
    switch bytes[offset] {
    case UInt8(ascii: "&"): (1, "&amp;")
    case UInt8(ascii: "<"): (1, "&lt;")
    case UInt8(ascii: ">"): (1, "&gt;")
    case UInt8(ascii: "\""): (1, "&quot;")
    case 13: (1, "&#13;")
    case 9, 10: nil
    case 0..<32: (1, "\u{FFFD}")
    case 0xEF where isNoncharacter(at: offset, in: bytes): (3, "\u{FFFD}")
    default: nil
    }
  }

  private static func isNoncharacter(at offset: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    offset &+ 2 < bytes.count && bytes[offset &+ 1] == 0xBF && bytes[offset &+ 2] >= 0xBE
  }
}
