/// Numbers in the grammar of JSON, in JSON texts, forms, query strings and strings that stand for
/// numbers: nothing before or behind them, no `+`, no leading zeros (api.md section 9).
package enum NumberText {
  /// The integer that the text denotes, exactly: `3`, `-3`, `3.0`, `30e-1`. Nil for other texts, for
  /// numbers with a fraction, and outside of 64 bits.
  package static func integer(utf8 bytes: UnsafeRawBufferPointer) -> Int64? {
    guard let parts = Parts(bytes) else { return nil }
    return parts.integer
  }

  /// The double nearest to the number that the text denotes; nil for other texts and where it is not
  /// finite. A number too small becomes zero.
  package static func double(utf8 bytes: UnsafeRawBufferPointer) -> Double? {
    guard let parts = Parts(bytes) else { return nil }
    return parts.double
  }

  package static func integer(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { integer(utf8: UnsafeRawBufferPointer($0)) }
  }

  package static func double(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { double(utf8: UnsafeRawBufferPointer($0)) }
  }
}
