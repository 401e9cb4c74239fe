import Glibc

/// In which way bytes that come in pieces are text (api.md section 10).
struct TextCheck {
  private var utf8 = UTF8Check()
  /// Nil where the bytes do not begin with the mark of UTF-16.
  private var utf16: UTF16Check?
  private var hasNull = false

  init(head: [UInt8]) {
    if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) { utf16 = UTF16Check() }
  }

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    utf8.add(piece)
    utf16?.add(piece)
    if !hasNull, let base = piece.baseAddress { hasNull = memchr(base, 0, piece.count) != nil }
  }

  /// Whether more bytes could still make a difference.
  var isUndecided: Bool { !hasNull || utf16?.isGood == true }

  /// At most one of the kinds of text.
  var traits: ContentTraits {
    if utf8.isWhole { return .text }
    if let utf16 { return utf16.isWhole ? .utf16Text : [] }
    return hasNull ? [] : .byteText
  }
}

/// Whether bytes that come in pieces are whole units of UTF-16, none of them U+0000. Which half comes first
/// makes no difference to that.
private struct UTF16Check {
  private(set) var isGood = true
  /// The first half of a unit whose second one is still to come.
  private var half: UInt8?

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    guard isGood else { return }
    for byte in piece {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      if first | byte == 0 {
        isGood = false
        return
      }
    }
  }

  var isWhole: Bool { isGood && half == nil }
}
