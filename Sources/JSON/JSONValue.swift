import CSimdjson
import Wire

/// One value of a document: a handle of two words that keeps the document.
package struct JSONValue: Sendable {
  let document: JSONDocument
  let index: Int

  package enum Kind: Equatable, Sendable {
    case null
    case bool(Bool)
    case number
    case string
    case array
    case object
  }

  var node: csimdjson_node { document.nodes[index] }

  var firstByte: UInt8 { document.source[Int(node.start)] }

  /// The index of the node behind this value and all that it holds.
  var next: Int { isContainer ? Int(node.second) : index + 1 }

  private var isContainer: Bool {
    let byte = firstByte
    return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
  }

  package var kind: Kind {
    switch firstByte {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"): .bool(true)
    case UInt8(ascii: "f"): .bool(false)
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  package var isNull: Bool { firstByte == UInt8(ascii: "n") }
  package var isArray: Bool { firstByte == UInt8(ascii: "[") }
  package var isObject: Bool { firstByte == UInt8(ascii: "{") }
  package var isString: Bool { firstByte == UInt8(ascii: "\"") }

  package var bool: Bool? {
    switch firstByte {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The number, or nil for other values.
  package var number: JSONNumber? { kind == .number ? JSONNumber(value: self) : nil }

  /// Where the value begins in the text, for errors that point at it.
  package var offset: Int { document.lead + Int(node.start) }

  /// The value's source from its first to its last byte. The pointer is good inside `body` only.
  package func withRawText<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    let node = node
    defer { withExtendedLifetime(document) {} }
    return try body(UnsafeRawBufferPointer(rebasing: document.source[Int(node.start)..<Int(node.end)]))
  }

  /// The value's source, as it was written.
  package var rawText: String { withRawText { String(decoding: $0, as: UTF8.self) } }
}

/// A number as it was written: of any size, and read as what is asked for.
package struct JSONNumber: Sendable {
  let value: JSONValue

  /// The token.
  package var text: String { value.rawText }

  /// The integer that the token denotes, exactly; also for `3.0` and `3e0`. Nil for a number with a
  /// fraction and outside of 64 bits.
  package var integer: Int64? { value.withRawText { NumberText.integer(utf8: $0) } }

  /// The nearest double; nil where that is not finite (`1e400`).
  package var double: Double? { value.withRawText { NumberText.double(utf8: $0) } }

  /// The number where a text is asked for: `NumberText.exactText`.
  package var exactText: String? { value.withRawText { NumberText.exactText(utf8: $0) } }
}
