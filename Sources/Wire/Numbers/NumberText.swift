/// Numbers as clients write them (api.md section 9): in the grammar of JSON, where nothing stands before
/// or behind them, no `+` and no leading zeros; and loosely, in forms, query strings, CSV and strings that
/// stand for numbers.
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

  // MARK: Loosely.

  /// The integer that the text denotes, also where it is `+4`, `007`, `5.` or has blanks around it.
  package static func integer(loosely text: String) -> Int64? {
    var text = text
    return text.withUTF8 { Parts(UnsafeRawBufferPointer($0), isLoose: true)?.integer }
  }

  /// The nearest double, also of `.5`, `5.`, `+4`, `007`, and with blanks around.
  package static func double(loosely text: String) -> Double? {
    var text = text
    return text.withUTF8 { double(looselyUTF8: UnsafeRawBufferPointer($0)) }
  }

  package static func double(looselyUTF8 bytes: UnsafeRawBufferPointer) -> Double? {
    Parts(bytes, isLoose: true)?.double
  }

  /// Without the blanks, tabs and line ends around it.
  static func withoutBlanks(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
    var range = bytes.indices
    while let first = range.first, isBlank(bytes[first]) { range.removeFirst() }
    while let last = range.last, isBlank(bytes[last]) { range.removeLast() }
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  // MARK: As texts.

  /// The text of a number in the grammar of JSON: of an integer literal its digits, of others what the API
  /// prints. Nil where that would be another number, and for other texts.
  package static func exactText(utf8 bytes: UnsafeRawBufferPointer) -> String? {
    guard let parts = Parts(bytes) else { return nil }
    if bytes.dropFirst().allSatisfy({ $0 &- 48 < 10 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let double = parts.double else { return nil }
    var printed = ECMAScriptNumber.text(of: double)
    let isExact = printed.withUTF8 { Parts(UnsafeRawBufferPointer($0))?.isSame(as: parts) == true }
    return isExact ? printed : nil
  }
}
