import Wire

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
